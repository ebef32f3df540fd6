"""Reads of complaints: what the complainant sees, what the desk lists and sees. Runs on the platform."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from public.complaints import content, escalating, following, numbers, sealing
from public.complaints.diary import FILER
from public.complaints.locking import RUNNING, State, not_found
from public.complaints.models import AccessGrant, Attachment, Complaint, Event
from public.complaints.shapes import CaseView, Contact, FileView, Step
from public.lifecycle.api import Blocker, Found, gathered
from public.operators import api as operators
from tenants.models import Enterprise

SORTS = {
    "due": ("due_at", "pk"),
    "-due": ("-due_at", "-pk"),
    "filed": ("filed_at", "pk"),
    "-filed": ("-filed_at", "-pk"),
}
MINE, LATE, SOON, APPROVE, UNANSWERED = "mine", "late", "soon", "approve", "unanswered"
_TONES = {
    Event.Kind.ESCALATED: "attention",
    Event.Kind.HELD: "attention",
    Event.Kind.ASKED: "attention",
    Event.Kind.REOPENED: "attention",
    Event.Kind.DECIDED: "proven",
    Event.Kind.ACCEPTED: "info",
    Event.Kind.REMOVED: "stop",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the desk's list. ``percent``: how much of the time is over, None once it ended."""

    row: Complaint
    enterprise: str
    assignee: str
    percent: int | None
    is_late: bool
    answer_late: bool


@dataclass(frozen=True, slots=True)
class Detail:
    """One complaint as the desk sees it: the case, and of the enterprise its name only. ``course``: code and title, or empty."""

    line: Line
    contact: Contact
    steps: list[Step]
    files: list[FileView]
    grants: list[AccessGrant]
    names: dict[int, str]
    course: str

    @property
    def is_of_appeal(self) -> bool:
        """Whether an appeal decides it."""
        return self.line.row.about.startswith("appeal:")


def case_view(complaint_pk: int, *, at: datetime) -> CaseView | None:
    """Return a complaint as its complainant sees it; three queries. None where it is not there."""
    row = Complaint.objects.filter(pk=complaint_pk).first()
    if row is None:
        return None
    told = following.told_to(row)
    is_waiting = row.state == State.WAITING
    return CaseView(
        pk=row.pk, uuid=row.uuid, number=row.number, category=row.get_category_display(), title=row.title, text=row.text,
        state=row.state, state_label=row.get_state_display(), outcome_label=row.get_outcome_display() if row.outcome else "",
        reason=row.reason if row.state == State.DECIDED else "", filed_at=row.filed_at, answer_due_at=row.answer_due_at,
        answered_at=row.answered_at, due_at=row.due_at, decided_at=row.decided_at, stars=row.stars, round=row.round,
        may_reopen=following.may_reopen(row, at),
        question=next((event.text for event in told if event.kind == Event.Kind.ASKED), "") if is_waiting else "",
        answer_late=row.state == State.FILED and at > row.answer_due_at,
        is_late=row.state in {State.FILED, State.OPEN} and at > row.due_at,
        steps=[_step(event, for_desk=False) for event in told],
        files=[_file(one) for one in row.attachments.filter(by=FILER).order_by("at")],
    )  # fmt: skip


def listing(
    *, text: str = "", category: str = "", state: str = "", show: str = "", sort: str = "", me: int = 0, at: datetime
) -> QuerySet[Complaint]:
    """Return complaints that fit; running ones by time left, ended ones newest first.

    :param text: a number, or words of the title or of an enterprise's name
    :param state: a value of ``Complaint.State``, ``ALL``, or "" for running ones
    :param show: ``mine``: those of the operator ``me``; ``late``: past their end; ``soon``: 80 percent and more;
        ``approve``: an extension or access waits for a second person; ``unanswered``: nobody answered in the promised time
    """
    rows = Complaint.objects.select_related("promise")
    for word in text.split()[:5]:
        schemas = Enterprise.objects.filter(name__icontains=word).values("schema_name")
        number = numbers.clean_number(word)
        hit = Q(title__icontains=word) | Q(schema_name__in=schemas)
        rows = rows.filter(hit | Q(number__startswith=number) if number else hit)
    if category:
        rows = rows.filter(category=category)
    if state in State.values:
        rows = rows.filter(state=state)
    elif state != "ALL":
        rows = rows.filter(state__in=RUNNING)
    return _shown(rows, show, me, at).order_by(
        *SORTS.get(sort, ("due_at", "pk") if state in {"", *RUNNING} else ("-filed_at", "-pk"))
    )


def _shown(rows: QuerySet[Complaint], show: str, me: int, at: datetime) -> QuerySet[Complaint]:
    if show == MINE:
        return rows.filter(assignee_id=me)
    if show == LATE:
        return rows.filter(state__in=RUNNING, due_at__lte=at).exclude(state=State.WAITING)
    if show == SOON:
        return rows.filter(state__in=RUNNING, stage__gte=80, due_at__gt=at)
    if show == UNANSWERED:
        return rows.filter(state=State.FILED, answer_due_at__lt=at)
    if show == APPROVE:
        return rows.filter(Q(extension=Complaint.Extension.ASKED) | Q(grants__state=AccessGrant.State.ASKED)).distinct()
    return rows


def lines(rows: Iterable[Complaint], *, at: datetime) -> list[Line]:
    """Return rows as the list shows them; two queries however many."""
    rows = list(rows)
    names = dict(Enterprise.objects.filter(schema_name__in={row.schema_name for row in rows}).values_list("schema_name", "name"))
    people = _names()
    return [_line(row, names.get(row.schema_name, ""), people, at) for row in rows]


def _line(row: Complaint, enterprise: str, people: dict[int, str], at: datetime) -> Line:
    is_running = row.state in RUNNING
    percent = escalating.percent_of(row, at) if is_running else None
    is_late = (percent is not None and percent >= 100) or bool(row.decided_at and row.decided_at > row.due_at)
    answer_late = row.state == State.FILED and at > row.answer_due_at
    return Line(row, enterprise, people.get(row.assignee_id or 0, ""), percent, is_late, answer_late)


def _names() -> dict[int, str]:
    return {one.credential_id: one.name for one in operators.colleagues(operators.Role.OPERATIONS)}


def detail(uuid: UUID, *, at: datetime) -> Detail:
    """Return one complaint with its story; the contact is masked.

    :raises DomainError: 404 ``not_found``
    """
    row = Complaint.objects.select_related("promise").filter(uuid=uuid).first()
    if row is None:
        raise not_found()
    (line,) = lines([row], at=at)
    events = row.events.order_by("-at", "-pk")
    grants = list(row.grants.order_by("-asked_at"))
    return Detail(
        line=line, contact=sealing.masked(sealing.contact_of(row)), steps=[_step(one, for_desk=True) for one in events],
        files=files(row), grants=grants, names=_names(), course=content.name_of(row.version_id),
    )  # fmt: skip


def files(row: Complaint) -> list[FileView]:
    """Return what belongs to a complaint, as the desk sees it."""
    return [_file(one) for one in row.attachments.order_by("at", "pk")]


def _step(event: Event, *, for_desk: bool) -> Step:
    who = event.name if for_desk else ""
    text = " · ".join(word for word in (who, event.text) if word)
    return Step(event.at, event.get_kind_display(), text, _TONES.get(Event.Kind(event.kind), "neutral"), event.is_shown)


def _file(row: Attachment) -> FileView:
    return FileView(row.upload, row.file_name, row.size, row.by == FILER, row.is_picture, row.at)


def standing_in_the_way(rows: Sequence[Enterprise], on: date) -> Found:
    """Return what keeps the data of closed enterprises from being destroyed: their complaints that are not decided; one query."""
    schemas = [row.schema_name for row in rows]
    found = Complaint.objects.filter(schema_name__in=schemas, state__in=RUNNING).order_by("due_at", "pk")
    return gathered(
        (one.schema_name, Blocker(_("投诉没有办结"), one.number, reverse("desk-complaint", args=[one.uuid]))) for one in found
    )
