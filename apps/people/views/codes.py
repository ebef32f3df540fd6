"""Sending a code from a page: who has lost the page a code was sent to goes on with that code."""

from collections.abc import Callable
from dataclasses import dataclass

from tenants import codes
from tenants.errors import TooMany

RESEND_S = 60


@dataclass(frozen=True, slots=True)
class Sent:
    """What a page says after somebody has asked for a code.

    :param again_s: after how many seconds another one may be asked for; 0 where that is so long that the words say it
    :param just: words where none was sent and the code before is still good; "" where one is on its way
    :param refused: none was sent for another reason than that one went out just now
    """

    again_s: int
    just: str = ""
    refused: bool = False

    @property
    def status(self) -> int:
        """The status of the page."""
        return TooMany.STATUS if self.refused else 200


def sent(send: Callable[[], object]) -> Sent:
    """Call what sends a code; who is refused another one goes on with the code that has come.

    :raises TooMany: the limits of the number or the address, where no code is open
    """
    try:
        send()
    except codes.JustSent as refusal:
        return Sent(refusal.details["retry_after_s"], str(refusal.message))
    except codes.StillOpen as refusal:
        return Sent(0, str(refusal.message), refused=True)
    return Sent(RESEND_S)
