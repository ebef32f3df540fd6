"""What people needs from above: who sees faces, knows whose they are, carries notices out, signs people in by other systems."""

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


@dataclass(frozen=True, slots=True)
class SsoApp:
    """The enterprise's own application at another system. ``kind``: WECOM, DINGTALK or FEISHU. Never logged.

    :param app_id: CorpID (WeCom), Client ID (DingTalk), App ID (Feishu)
    :param agent_id: AgentId, WeCom only
    :param corp_id: CorpId whose people may come in, DingTalk only
    """

    kind: str
    app_id: str
    secret: str
    agent_id: str = ""
    corp_id: str = ""


@dataclass(frozen=True, slots=True)
class OutsidePerson:
    """Who somebody is there.

    :param subject: names the account, stable for this application
    :param mobile: 11 digits of the mainland that the other system told, or ""
    """

    subject: str
    name: str
    mobile: str


class SsoDown(Exception):
    """The other system gave no answer: time-out, overload, an error of its own. Trying again may help."""


class SsoRefused(Exception):
    """The other system, or what it said, does not let the person in.

    :param reason: ``code`` (used up or too old), ``setup`` (id, secret, address or rights of the application), ``stranger`` (not one of the enterprise's
        people), ``other``
    :param trace: the other system's own number of the error, for managers; never a token
    """

    def __init__(self, reason: str, trace: str = "") -> None:
        super().__init__(f"{reason} {trace}".strip())
        self.reason = reason
        self.trace = trace


class SingleSignOn(Protocol):
    """Signs people in by WeCom, DingTalk or Feishu (OAuth 2.0, authorization code). Hosts are fixed; an enterprise names none."""

    def address(self, app: SsoApp, *, redirect_uri: str, state: str, inside: bool) -> str:
        """Return where the browser goes to be asked.

        :param inside: the page is open within the other system's own app
        """

    def person(self, app: SsoApp, *, code: str, redirect_uri: str) -> OutsidePerson:
        """Use a code up and return whom it names.

        :raises SsoRefused: see there
        :raises SsoDown: there was no answer
        """

    def check(self, app: SsoApp) -> None:
        """Ask for a token of the application itself, to see that id and secret are right.

        :raises SsoRefused: ``setup``
        :raises SsoDown: there was no answer
        """


@dataclass(frozen=True, slots=True)
class DirectoryAccess:
    """How an enterprise's LDAP directory is reached. Never logged.

    :param starts_tls: TLS is begun on the plain port (StartTLS); else the port speaks TLS from the start. Without TLS nothing is sent
    :param bind_dn: who searches; ``secret`` is its password
    :param login_attribute: what people type, e.g. ``uid`` or ``sAMAccountName``
    :param mobile_attribute: where their mobile stands, or ""
    :param ca_pem: certificates of the enterprise's own authority, or "" for the public ones
    """

    host: str
    port: int
    starts_tls: bool
    base_dn: str
    bind_dn: str
    secret: str
    login_attribute: str
    mobile_attribute: str = ""
    ca_pem: str = ""


class Directory(Protocol):
    """Asks an enterprise's LDAP directory who somebody is. Failures are :class:`SsoDown` and :class:`SsoRefused`."""

    def person(self, access: DirectoryAccess, *, login: str, password: str) -> OutsidePerson:
        """Return who signs in.

        :raises SsoRefused: ``stranger``: login and password do not fit, or several people have the login; ``setup``: bind, certificate, address
        :raises SsoDown: there was no answer
        """

    def check(self, access: DirectoryAccess) -> int:
        """Bind and search once; returns how many people the directory shows, at most 1.

        :raises SsoRefused: ``setup``
        :raises SsoDown: there was no answer
        """


DIRECTORY: Socket[Directory] = Socket("people.DIRECTORY")


@dataclass(frozen=True, slots=True)
class PosterFields:
    """What a poster prints. ``until``: a day as ``2026-12-31``; ``most``: how many may register, None for any number."""

    enterprise: str
    unit: str
    position: str
    url: str
    until: str
    most: int | None
    support: str


class PosterPrinter(Protocol):
    """Lays the poster out by which people register."""

    def poster(self, fields: PosterFields) -> bytes:
        """Return one A4 page upright as PDF, with a QR code that is read from two metres."""

    def qr(self, url: str) -> str:
        """Return the QR code alone as SVG text for a page."""


POSTER: Socket[PosterPrinter] = Socket("people.POSTER")
SSO: Socket[SingleSignOn] = Socket("people.SSO")
FACES: Socket[FaceEngine] = Socket("people.FACES")
AUTHORITY: Socket[Authority] = Socket("people.AUTHORITY")
MAILER: Socket[Mailer] = Socket("people.MAILER")
ROBOTS: Socket[RobotPoster] = Socket("people.ROBOTS")
