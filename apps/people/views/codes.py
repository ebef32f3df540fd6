"""Sending a code from a page: who has lost the page a code was sent to goes on with that code."""

from collections.abc import Callable
from dataclasses import dataclass

from tenants import codes

RESEND_S = 60


@dataclass(frozen=True, slots=True)
class Sent:
    """``again_s``: after how many seconds another code may be asked for; ``just``: words where the code before is still good."""

    again_s: int
    just: str = ""


def sent(send: Callable[[], object]) -> Sent:
    """Call what sends a code; one that went out less than a minute ago is as good as a new one.

    :raises TooMany: the limits of the number or the address, where no code is open
    """
    try:
        send()
    except codes.JustSent as refusal:
        return Sent(refusal.details["retry_after_s"], str(refusal.message))
    return Sent(RESEND_S)
