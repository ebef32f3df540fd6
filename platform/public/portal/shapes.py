"""What the portal hands out of notices."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from public.portal.models import Attachment, Rectification, Step
from public.regulators.api import Authority

WAITING = (Rectification.State.ASKED, Rectification.State.AGAIN)
"""The enterprise is to do something; only then does the clock run."""
AUTHORITY = "credential"
"""The side of an authority, as `Attachment.side` says it."""
TONES = {"ASKED": "attention", "ANSWERED": "info", "AGAIN": "attention", "ACCEPTED": "proven", "WITHDRAWN": "neutral"}
_STEP_TONES = {
    "LATE": "stop",
    "LATE_LONG": "stop",
    "SOON": "attention",
    "AGAIN": "attention",
    "ACCEPTED": "proven",
    "ANSWERED": "info",
}


@dataclass(frozen=True, slots=True)
class Asker:
    """Somebody of an authority at work: who, when, from where."""

    who: Authority
    at: datetime
    ip: str

    @property
    def actor(self) -> str:
        """The reference of the account."""
        return f"credential:{self.who.credential_id}"

    @property
    def party(self) -> str:
        """The authority, as the log names those with whom data were exchanged."""
        return f"authority:{self.who.division_prefix}"


@dataclass(frozen=True, slots=True)
class Answerer:
    """A manager of the enterprise at work. ``reference``: ``manager:7``; ``schema``: the enterprise's."""

    reference: str
    name: str
    schema: str
    at: datetime
    ip: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an authority asks for; ``due_on`` is the last day."""

    title: str
    found: str
    basis: str
    due_on: date


@dataclass(frozen=True, slots=True)
class Line:
    """One notice in a list; ``enterprise`` is its name."""

    uuid: UUID
    number: str
    title: str
    enterprise: str
    enterprise_uuid: UUID
    organisation: str
    asked_at: datetime
    due_on: date
    state: str
    state_label: str
    tone: str
    is_late: bool


@dataclass(frozen=True, slots=True)
class Case:
    """One notice with all that was said; ``is_own``: the asker's authority may go on with it."""

    row: Rectification
    enterprise: str
    enterprise_uuid: UUID
    steps: list[Step]
    files: list[Attachment]
    is_late: bool
    is_own: bool = False

    @property
    def tone(self) -> str:
        """The tone of its state."""
        return "stop" if self.is_late else TONES[self.row.state]

    @property
    def found_files(self) -> list[Attachment]:
        """What the authority added."""
        return [one for one in self.files if one.side == AUTHORITY]

    @property
    def mended_files(self) -> list[Attachment]:
        """What the enterprise added."""
        return [one for one in self.files if one.side != AUTHORITY]

    @property
    def is_waiting(self) -> bool:
        """Whether the enterprise is to answer."""
        return self.row.state in WAITING

    @property
    def is_open(self) -> bool:
        """Whether it is not closed."""
        return self.row.closed_at is None

    @property
    def answer(self) -> Step | None:
        """What the enterprise said last, None before it said anything."""
        return next((step for step in reversed(self.steps) if step.kind == Step.Kind.ANSWERED), None)

    @property
    def timeline(self) -> list[dict[str, object]]:
        """The steps, newest first, as the page shows them."""
        return [
            {
                "at": step.at,
                "title": f"{step.get_kind_display()}{' · ' + step.name if step.name else ''}",
                "text": step.text,
                "tone": _STEP_TONES.get(step.kind, "neutral"),
            }
            for step in reversed(self.steps)
        ]


def is_late(row: Rectification, today: date) -> bool:
    """Say whether the enterprise has not answered by the last day."""
    return row.state in WAITING and row.due_on < today
