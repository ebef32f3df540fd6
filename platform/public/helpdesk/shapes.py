"""What the room hands out and takes in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from infra.kit.errors import DomainError
from infra.ui.wording import duration


@dataclass(frozen=True, slots=True)
class Source:
    """An answer and where it stands. ``source``: FAQ or MANUAL; ``ref``: the article's uuid, or chapter and anchor.

    ``text`` is markdown, ``short`` its first words. ``where``: the chapter's title, or which edition of when. ``edition``: its key, for votes.
    """

    source: str
    ref: str
    title: str
    text: str
    short: str
    where: str = ""
    audience: str = ""
    number: int = 0
    at: datetime | None = None
    chapter: str = ""

    @property
    def key(self) -> str:
        """Of the manual the chapter, ``learner/study``."""
        return self.ref.partition("#")[0]

    @property
    def anchor(self) -> str:
        """Of the manual the section."""
        return self.ref.partition("#")[2]


@dataclass(frozen=True, slots=True)
class Contact:
    """How to reach an asker; any may be empty."""

    name: str = ""
    mobile: str = ""
    mail: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing was said."""
        return not (self.name or self.mobile or self.mail)


@dataclass(frozen=True, slots=True)
class Draft:
    """A question for a person. ``schema_name`` and ``asker`` are empty on the platform's site; ``page``: name of the page it came from."""

    urgency: str
    title: str
    text: str
    contact: Contact = field(default_factory=Contact)
    schema_name: str = ""
    filer: str = "PUBLIC"
    asker: str = ""
    page: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was filed. ``code`` is told once, and only to whoever is not signed in."""

    pk: int
    uuid: UUID
    number: str
    code: str
    answer_due_at: datetime
    due_at: datetime


@dataclass(frozen=True, slots=True)
class PromiseView:
    """Hours of one urgency; see `models.Promise`."""

    id: int
    urgency: str
    label: str
    valid_from: date
    answer_minutes: int
    settle_hours: int

    @property
    def answer_text(self) -> str:
        """In words: within 30 minutes."""
        return _("%(time)s内") % {"time": duration(self.answer_minutes * 60)}

    @property
    def settle_text(self) -> str:
        """In words: within 24 hours."""
        return ngettext("%(n)d 小时内", "%(n)d 小时内", self.settle_hours) % {"n": self.settle_hours}


@dataclass(frozen=True, slots=True)
class StepView:
    """One step of a ticket for a timeline."""

    at: datetime
    title: Any
    text: str
    tone: str = "neutral"
    is_shown: bool = False


@dataclass(frozen=True, slots=True)
class TicketView:
    """A ticket as its asker sees it: no operator's name, nothing of the desk's own."""

    uuid: UUID
    number: str
    title: str
    text: str
    urgency: str
    state: str
    state_label: str
    filed_at: datetime
    answer_due_at: datetime
    answered_at: datetime | None
    due_at: datetime
    solved_at: datetime | None
    stars: int | None
    may_reopen: bool
    steps: list[StepView] = field(default_factory=list)

    @property
    def is_running(self) -> bool:
        """Whether somebody still works on it."""
        return self.state != "SOLVED"


@dataclass(frozen=True, slots=True)
class Lost:
    """What somebody wrote into a form that is no longer there: why it was not taken, and the words, for copying."""

    why: str
    text: str

    @classmethod
    def of(cls, refusal: DomainError, said: Mapping[str, Any]) -> "Lost":
        """Return it of a refusal and of the form's values."""
        return cls(str(refusal.message), "\n".join(value for value in said.values() if isinstance(value, str) and value))
