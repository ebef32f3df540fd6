"""What the room hands out and takes in."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

_HOUR = 60


@dataclass(frozen=True, slots=True)
class PromiseView:
    """Times of one category; see `models.Promise`."""

    pk: int
    category: str
    label: str
    valid_from: date
    answer_minutes: int
    office_only: bool
    settle_hours: int | None
    settle_days: int | None
    extend_days: int
    hides_first: bool

    @property
    def in_days(self) -> bool:
        """Whether it is measured in working days."""
        return self.settle_days is not None

    @property
    def answer_text(self) -> str:
        """The first answer in words."""
        n = self.answer_minutes
        shown = (
            ngettext("%(n)d 小时内", "%(n)d 小时内", n // _HOUR) % {"n": n // _HOUR}
            if n % _HOUR == 0
            else ngettext("%(n)d 分钟内", "%(n)d 分钟内", n) % {"n": n}
        )
        return _("工作时间 %(time)s") % {"time": shown} if self.office_only else shown

    @property
    def settle_text(self) -> str:
        """The end in words."""
        n = self.settle_hours or self.settle_days or 0
        if self.settle_hours is not None:
            return ngettext("%(n)d 小时内", "%(n)d 小时内", n) % {"n": n}
        return ngettext("%(n)d 个工作日内", "%(n)d 个工作日内", n) % {"n": n}

    @property
    def extend_text(self) -> str:
        """The extension in words."""
        n = self.extend_days
        return ngettext("可延长 1 次，%(n)d 个工作日", "可延长 1 次，%(n)d 个工作日", n) % {"n": n} if n else _("不延长")


@dataclass(frozen=True, slots=True)
class Contact:
    """How to reach a complainant; all empty for nobody named."""

    name: str = ""
    mobile: str = ""
    mail: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing was said."""
        return not (self.name or self.mobile or self.mail)


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody files. ``schema_name``: the enterprise concerned, empty for none; the rest as in `models.Complaint`."""

    category: str
    title: str
    text: str
    contact: Contact = field(default_factory=Contact)
    schema_name: str = ""
    filer: str = "PUBLIC"
    subject: UUID | None = None
    version_id: int | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the complainant keeps. ``code`` is known at this moment only."""

    pk: int
    uuid: UUID
    number: str
    code: str
    answer_due_at: datetime
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the story: as `ui.timeline` takes it."""

    at: datetime
    title: str
    text: str
    tone: str
    is_shown: bool


@dataclass(frozen=True, slots=True)
class FileView:
    """One attachment; ``size`` in bytes."""

    upload: UUID
    file_name: str
    size: int
    by_filer: bool
    is_picture: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class CaseView:
    """A complaint as its complainant sees it: no name of an operator, no internal step.

    ``question``: what is asked of the complainant while it waits. ``answer_late``, ``is_late``: a promised time is over.
    """

    pk: int
    uuid: UUID
    number: str
    category: str
    title: str
    text: str
    state: str
    state_label: str
    outcome_label: str
    reason: str
    filed_at: datetime
    answer_due_at: datetime
    answered_at: datetime | None
    due_at: datetime
    decided_at: datetime | None
    stars: int | None
    round: int
    may_reopen: bool
    question: str
    answer_late: bool
    is_late: bool
    steps: list[Step]
    files: list[FileView]

    @property
    def is_running(self) -> bool:
        """Whether it is still dealt with."""
        return self.state in {"FILED", "OPEN", "WAITING"}

    @property
    def takes_files(self) -> bool:
        """Whether files still help: it is dealt with, or may be again."""
        return self.is_running or self.may_reopen


@dataclass(frozen=True, slots=True)
class Totals:
    """Figures of some complaints. Shares are 0 to 1, None of nothing; ``mean_hours`` from filing to decision.

    ``prompt``: share of those answered whose first answer came in time; ``in_time``: of those decided.
    """

    filed: int
    decided: int
    prompt: float | None
    in_time: float | None
    satisfied: float | None
    mean_hours: float | None
    reopened: int

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON of the figures."""
        names = ("filed", "decided", "prompt", "in_time", "satisfied", "mean_hours", "reopened")
        return {name: getattr(self, name) for name in names}
