"""What this floor needs from above."""

from datetime import datetime
from typing import Protocol

from infra.kit.ports import Socket


class SmsSender(Protocol):
    """Sends text messages to phones."""

    def send_code(self, *, mobile: str, code: str, purpose: str) -> None:
        """Hand one code over to the phone.

        :param mobile: 11 digits
        :param code: 6 digits
        :param purpose: what the code is for, e.g. ``sign-up``; chooses the wording
        :raises Unavailable: the message was not accepted; the caller forgets the code
        """

    def send_text(self, *, mobile: str, text: str) -> None:
        """Hand a notice over to the phone; the vendor puts its signature before it.

        :param mobile: 11 digits
        :param text: Chinese, at most 300 characters, without a link
        :raises Unavailable: the message was not accepted
        """


class Mail(Protocol):
    """Sends mail of the platform itself: to its own people, to complainants who left no phone."""

    @property
    def is_ready(self) -> bool:
        """Whether a mail server is set."""

    def send(self, *, to: str, subject: str, text: str) -> bool:
        """Hand one mail over; plain text.

        :returns: False where it never will go: no mail server is set, or the address is refused for good
        :raises Unavailable: the server does not answer; it is tried again
        """


class FirstManager(Protocol):
    """Writes the first person of a new enterprise."""

    def open_owner(self, *, name: str, mobile: str, password: str, at: datetime) -> str:
        """Create the safety manager in the current enterprise within the caller's transaction.

        :returns: the one-time token for ``/enter`` on the enterprise's host
        """


SMS: Socket[SmsSender] = Socket("tenants.sms")
MAIL: Socket[Mail] = Socket("tenants.mail")
FIRST_MANAGER: Socket[FirstManager] = Socket("tenants.first_manager")
