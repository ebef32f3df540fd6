"""Reads of tickets: what askers see, what the desk lists and sees. Runs on the platform."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from public.helpdesk import escalating, following, numbers, sealing
from public.helpdesk.locking import RUNNING, State, not_found
from public.helpdesk.models import Step, Ticket
from public.helpdesk.shapes import Contact, StepView, TicketView
from public.operators import api as operators
from tenants.api import Enterprise

SORTS = {"due": ("due_at", "pk"), "-due": ("-due_at", "-pk"), "filed": ("filed_at", "pk"), "-filed": ("-filed_at", "-pk")}
MINE, LATE, SOON, UNANSWERED, UNHAPPY = "mine", "late", "soon", "unanswered", "unhappy"
_TONES = {
    Step.Kind.ESCALATED: "attention",
    Step.Kind.ASKED: "attention",
    Step.Kind.REOPENED: "attention",
    Step.Kind.SOLVED: "proven",
    Step.Kind.REPLIED: "info",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the desk's list. ``percent``: how much of the time is over, None once it ended."""

    row: Ticket
    enterprise: str
    assignee: str
    percent: int | None
    is_late: bool
    answer_late: bool


@dataclass(frozen=True, slots=True)
class Detail:
    """One ticket as the desk sees it: the question, and of the enterprise its name only."""

    line: Line
    contact: Contact
    steps: list[StepView]
    merged: list[Ticket]
    names: dict[int, str]


def of_asker(schema_name: str, asker: str) -> QuerySet[Ticket]:
    """Return somebody's own tickets, the newest first; nobody's for an empty asker."""
    return Ticket.objects.filter(schema_name=schema_name, asker=asker).exclude(asker="").order_by("-filed_at")


def view(uuid: UUID, *, at: datetime, schema_name: str = "", asker: str = "") -> TicketView:
    """Return a ticket as its asker sees it; two queries.

    :param asker: who asks for it on the site of ``schema_name``; empty: whoever has shown number and code
    :raises DomainError: 404 ``not_found``: it is not there, or somebody else's
    """
    row = Ticket.objects.filter(uuid=uuid, schema_name=schema_name, asker=asker).first()
    if row is None:
        raise not_found()
    steps = row.steps.filter(is_shown=True).order_by("-at", "-pk")
    return TicketView(
        uuid=row.uuid, number=row.number, title=row.title, text=row.text, urgency=row.get_urgency_display(), state=row.state,
        state_label=row.get_state_display(), filed_at=row.filed_at, answer_due_at=row.answer_due_at, answered_at=row.answered_at,
        due_at=row.due_at, solved_at=row.solved_at, stars=row.stars, may_reopen=following.may_reopen(row, at),
        steps=[_step(one, for_desk=False) for one in steps],
    )  # fmt: skip


def listing(
    *, text: str = "", urgency: str = "", state: str = "", show: str = "", sort: str = "", me: int = 0, at: datetime
) -> QuerySet[Ticket]:
    """Return tickets that fit; running ones by time left, ended ones newest first.

    :param text: a number, or words of the title or of an enterprise's name
    :param state: a value of ``Ticket.State``, ``ALL``, or "" for running ones
    :param show: ``mine``: those of the operator ``me``; ``late``: past their end; ``soon``: 80 percent and more;
        ``unanswered``: nobody answered in the promised time; ``unhappy``: rated 1 or 2
    """
    rows = Ticket.objects.select_related("merged_into")
    for word in text.split()[:5]:
        schemas = Enterprise.objects.filter(name__icontains=word).values("schema_name")
        number = numbers.clean_number(word)
        hit = Q(title__icontains=word) | Q(schema_name__in=schemas)
        rows = rows.filter(hit | Q(number__startswith=number) if number else hit)
    if urgency:
        rows = rows.filter(urgency=urgency)
    if state in State.values:
        rows = rows.filter(state=state)
    elif state != "ALL" and show != UNHAPPY:
        rows = rows.filter(state__in=RUNNING)
    by_end = state in {"", *RUNNING} and show != UNHAPPY
    return _shown(rows, show, me, at).order_by(*SORTS.get(sort, ("due_at", "pk") if by_end else ("-filed_at", "-pk")))


def _shown(rows: QuerySet[Ticket], show: str, me: int, at: datetime) -> QuerySet[Ticket]:
    if show == MINE:
        return rows.filter(assignee_id=me)
    if show == LATE:
        return rows.filter(state__in=[State.NEW, State.OPEN], due_at__lte=at)
    if show == SOON:
        return rows.filter(state__in=[State.NEW, State.OPEN], stage__gte=80, due_at__gt=at)
    if show == UNANSWERED:
        return rows.filter(state=State.NEW, answer_due_at__lt=at)
    if show == UNHAPPY:
        return rows.filter(stars__lte=2)
    return rows


def lines(rows: Iterable[Ticket], *, at: datetime) -> list[Line]:
    """Return rows as the list shows them; two queries however many."""
    rows = list(rows)
    names = dict(Enterprise.objects.filter(schema_name__in={row.schema_name for row in rows}).values_list("schema_name", "name"))
    people = _names()
    return [_line(row, names.get(row.schema_name, ""), people, at) for row in rows]


def _line(row: Ticket, enterprise: str, people: dict[int, str], at: datetime) -> Line:
    percent = escalating.percent_of(row, at) if row.state in RUNNING else None
    is_late = (percent is not None and percent >= 100) or bool(row.solved_at and row.solved_at > row.due_at)
    answer_late = row.state == State.NEW and at > row.answer_due_at
    return Line(row, enterprise, people.get(row.assignee_id or 0, ""), percent, is_late, answer_late)


def _names() -> dict[int, str]:
    return {one.credential_id: one.name for one in operators.colleagues(operators.Role.OPERATIONS)}


def detail(uuid: UUID, *, at: datetime) -> Detail:
    """Return one ticket with its story; the contact is masked.

    :raises DomainError: 404 ``not_found``
    """
    row = Ticket.objects.select_related("merged_into").filter(uuid=uuid).first()
    if row is None:
        raise not_found()
    (line,) = lines([row], at=at)
    steps = [_step(one, for_desk=True) for one in row.steps.order_by("-at", "-pk")]
    merged = list(row.merged.order_by("filed_at"))
    return Detail(line, sealing.masked(sealing.contact_of(row)), steps, merged, _names())


def _step(step: Step, *, for_desk: bool) -> StepView:
    who = step.name if for_desk else ""
    text = " · ".join(word for word in (who, step.text) if word)
    return StepView(step.at, step.get_kind_display(), text, _TONES.get(Step.Kind(step.kind), "neutral"), step.is_shown)
