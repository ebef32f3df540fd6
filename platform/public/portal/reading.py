"""Reads of notices, by the authority and by the enterprise. A page costs the same number of queries however long it is; runs on the platform."""

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import BooleanField, Count, Q, QuerySet, Value, When
from django.db.models import Case as Choice
from django.utils.translation import gettext_lazy as _

from public.lifecycle.api import Blocker, Found, gathered
from public.portal.locking import is_own, not_found, seen_by
from public.portal.models import Attachment, Rectification
from public.portal.shapes import TONES, WAITING, Case, Line, is_late
from public.regulators import api as regulators
from tenants.api import Enterprise

PER_PAGE = 30
SHOWS = ("late", "waiting", "answered", "closed")


def of_division(prefix: str, *, text: str = "", show: str = "", today: date) -> QuerySet[Rectification]:
    """Return the notices to enterprises of a jurisdiction: what is overdue first, then by last day, closed ones last.

    :param show: one of `SHOWS`; "" for all
    """
    places = regulators.enterprises_in(prefix)
    rows = Rectification.objects.filter(schema_name__in=places.values("schema_name"))
    if said := text.replace("\0", "").strip():
        named = places.filter(name__icontains=said).values("schema_name")
        rows = rows.filter(Q(title__icontains=said) | Q(number__icontains=said) | Q(schema_name__in=named))
    return _ordered(_shown(rows, show, today))


def of_enterprise(schema: str, *, today: date, show: str = "") -> QuerySet[Rectification]:
    """Return the notices to one enterprise."""
    return _ordered(_shown(Rectification.objects.filter(schema_name=schema), show, today))


def _shown(rows: QuerySet[Rectification], show: str, today: date) -> QuerySet[Rectification]:
    by = {
        "late": Q(state__in=WAITING, due_on__lt=today),
        "waiting": Q(state__in=WAITING),
        "answered": Q(state="ANSWERED"),
        "closed": Q(closed_at__isnull=False),
    }
    return rows.filter(by[show]) if show in by else rows


def _ordered(rows: QuerySet[Rectification]) -> QuerySet[Rectification]:
    closed = Choice(When(closed_at=None, then=Value(False)), default=Value(True), output_field=BooleanField())
    return rows.order_by(closed, "due_on", "-pk")


def page(rows: QuerySet[Rectification], *, number: str, today: date) -> tuple[Page[Rectification], list[Line]]:
    """Return one page and its lines; three queries."""
    found = Paginator(rows, PER_PAGE).get_page(number)
    return found, lines(found, today=today)


def lines(rows: Iterable[Rectification], *, today: date) -> list[Line]:
    """Return notices with the names of their enterprises; one query."""
    found = list(rows)
    known = {one.schema_name: one for one in Enterprise.objects.filter(schema_name__in={row.schema_name for row in found})}
    return [_line(row, known[row.schema_name], today) for row in found]


def _line(row: Rectification, enterprise: Enterprise, today: date) -> Line:
    late = is_late(row, today)
    return Line(
        uuid=row.uuid,
        number=row.number,
        title=row.title,
        enterprise=enterprise.name,
        enterprise_uuid=enterprise.uuid,
        organisation=row.organisation,
        asked_at=row.asked_at,
        due_on=row.due_on,
        state=row.state,
        state_label=str(row.get_state_display()),
        tone="stop" if late else TONES[row.state],
        is_late=late,
    )


def case_of(who: regulators.Authority, uuid: UUID, *, today: date) -> Case:
    """Return a notice as an authority of the enterprise's division sees it; four queries.

    :raises DomainError: 404 ``not_found``
    """
    row = seen_by(who.division_prefix, uuid)
    return _case(row, today=today, own=is_own(who, row))


def case_in(schema: str, uuid: UUID, *, today: date) -> Case:
    """Return a notice as its enterprise sees it; four queries.

    :raises DomainError: 404 ``not_found``
    """
    row = Rectification.objects.filter(uuid=uuid, schema_name=schema).first()
    if row is None:
        raise not_found()
    return _case(row, today=today, own=False)


def _case(row: Rectification, *, today: date, own: bool) -> Case:
    enterprise = Enterprise.objects.get(schema_name=row.schema_name)
    steps, files = list(row.steps.order_by("at", "pk")), list(row.attachments.order_by("at", "pk"))
    return Case(row, enterprise.name, enterprise.uuid, steps, files, is_late(row, today), own)


def waiting_count(schema: str) -> int:
    """Return how many notices wait for an answer of one enterprise."""
    return Rectification.objects.filter(schema_name=schema, state__in=WAITING).count()


def totals(prefix: str, *, today: date) -> dict[str, int]:
    """Return how many notices of a jurisdiction wait, are overdue, are to be looked at; one query."""
    rows = Rectification.objects.filter(schema_name__in=regulators.enterprises_in(prefix).values("schema_name"))
    return rows.aggregate(
        waiting=Count("pk", filter=Q(state__in=WAITING)),
        late=Count("pk", filter=Q(state__in=WAITING, due_on__lt=today)),
        answered=Count("pk", filter=Q(state="ANSWERED")),
        closed=Count("pk", filter=Q(closed_at__isnull=False)),
    )


def standing_in_the_way(rows: Sequence[Enterprise], on: date) -> Found:
    """Return what keeps the data of closed enterprises from being destroyed: notices that their authority has not closed; one query."""
    schemas = [row.schema_name for row in rows]
    found = Rectification.objects.filter(schema_name__in=schemas, closed_at=None).order_by("asked_at", "pk")
    return gathered((one.schema_name, Blocker(_("整改通知没有办结"), f"{one.number}（{one.organisation}）")) for one in found)


def answered_with(row: Enterprise) -> set[UUID]:
    """Return the uploads with which an enterprise answered an authority: they are the authority's record."""
    rows = Attachment.objects.filter(rectification__schema_name=row.schema_name)
    return set(rows.values_list("upload", flat=True))
