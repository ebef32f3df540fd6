"""What people needs from above: who sees faces, who knows whose they are, and who carries notices out of the house."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from infra.kit.ports import Socket


@dataclass(frozen=True, slots=True)
class Look:
    """What the engine saw on one frame.

    :param faces: how many; the other values are about the largest and are zero or empty where there is none
    :param width: of the face as a share of the picture's width, 0-1
    :param yaw: the nose's place between the eyes: 0 straight, positive towards the person's own left, about ±1.4 in profile
    :param feature: 128 floats of length one: cosines of two are their likeness
    :param fingerprint: 256 bits of the whole picture (dHash), as a number
    :param change: mean difference of brightness to the frame before, 0-255; 0 for the first
    :param sharpness: variance of the Laplacian over the face
    """

    faces: int
    width: float
    yaw: float
    feature: tuple[float, ...]
    fingerprint: int
    change: float
    sharpness: float


class FaceEngine(Protocol):
    """Finds and measures faces. Runs in the face workers only: a process that has called it holds 200 MB."""

    name: str

    def look(self, frames: Sequence[bytes]) -> list[Look]:
        """Return one look for each JPEG.

        :raises ValueError: one of them is no picture
        """


@dataclass(frozen=True, slots=True)
class Claim:
    """Whom the learner claims to be: name and resident ID number in clear. Never logged."""

    name: str
    id_number: str


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What an authority answered: whether the face is that of the claimed person; ``unsure`` goes to a human.

    :param score: the vendor's own, 0-100; None where it tells none
    :param trace: the vendor's number of the request, for questions later
    """

    answer: str
    score: float | None
    trace: str

    @property
    def is_same(self) -> bool:
        """Whether the authority said yes."""
        return self.answer == "same"


class AuthorityDown(Exception):
    """The authority gave no answer to the question: time-out, refusal, overload, an error of its own. Never means yes or no."""


class Authority(Protocol):
    """Compares a face with the photo that the state keeps of a person."""

    name: str

    def confirm(self, claim: Claim, image: bytes) -> Confirmation | None:
        """Return ``same``, ``different`` or ``unsure``; None where no authority is connected.

        :param image: JPEG, at most 200 kB
        :raises AuthorityDown: there was no answer
        """


class NotSent(Exception):
    """A channel did not take a message.

    :param code: why, a short stable name without personal data; words in ``notify/words.py``
    :param again: whether trying later may help
    :param after_s: seconds to wait at least
    """

    def __init__(self, code: str, *, again: bool, after_s: int = 0) -> None:
        super().__init__(code)
        self.code = code
        self.again = again
        self.after_s = after_s


class Mailer(Protocol):
    """Sends mail."""

    @property
    def is_ready(self) -> bool:
        """Whether this installation sends mail at all."""

    def send(self, *, to: str, subject: str, text: str) -> None:
        """Hand one mail over to the server.

        :raises NotSent: it was not accepted
        """


@dataclass(frozen=True, slots=True)
class RobotKey:
    """What opens a robot of a group chat. ``vendor``: ``WECOM`` or ``DINGTALK``; ``secret``: DingTalk's 加签, or "". Never logged."""

    vendor: str
    token: str
    secret: str = ""


class RobotPoster(Protocol):
    """Posts into group chats."""

    def key_of(self, vendor: str, address: str) -> str | None:
        """Return the key within the address that the vendor shows, or None where it is not an address of that vendor."""

    def post(self, key: RobotKey, *, title: str, text: str, url: str) -> None:
        """Post one message; ``text`` may be empty.

        :raises NotSent: it was not accepted
        """


FACES: Socket[FaceEngine] = Socket("people.FACES")
AUTHORITY: Socket[Authority] = Socket("people.AUTHORITY")
MAILER: Socket[Mailer] = Socket("people.MAILER")
ROBOTS: Socket[RobotPoster] = Socket("people.ROBOTS")
