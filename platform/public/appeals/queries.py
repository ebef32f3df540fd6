"""Reads of cases."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from infra.kit.errors import DomainError
from public.appeals.models import Case
from public.appeals.shapes import CaseView
from tenants.models import Enterprise

SORTS = {
    "due": ("due_at", "id"),
    "-due": ("-due_at", "-id"),
    "opened": ("opened_at", "id"),
    "-opened": ("-opened_at", "-id"),
    "ms": ("void_ms", "id"),
    "-ms": ("-void_ms", "-id"),
}


def case_view(row: Case) -> CaseView:
    """Return the view of a row."""
    return CaseView(row.uuid, row.state, row.reason, row.due_at, row.decided_at, row.decided_by)


def case(uuid: UUID) -> CaseView | None:
    """Return how a case stands, as far as the current place may see it."""
    row = Case.objects.filter(uuid=uuid).first()
    return case_view(row) if row else None


def one(uuid: UUID, *, lock: bool = False) -> Case:
    """Return a row.

    :raises DomainError: 404 ``not_found``
    """
    rows = Case.objects.select_for_update() if lock else Case.objects.all()
    row = rows.filter(uuid=uuid).first()
    if row is None:
        raise DomainError("not_found", _("没有找到这件申诉，请从列表重新进入。"), status=404)
    return row


def listing(*, text: str = "", state: str = "", sort: str = "") -> QuerySet[Case]:
    """Return cases that fit: open ones by time left, decided ones newest first.

    :param text: part of an enterprise's, a course's or a lesson's name
    :param state: a value of ``Case.State``, ``ALL``, or "" for open ones
    """
    rows = Case.objects.all()
    for word in text.split()[:5]:
        schemas = Enterprise.objects.filter(name__icontains=word).values("schema_name")
        rows = rows.filter(Q(course__icontains=word) | Q(lesson__icontains=word) | Q(schema_name__in=schemas))
    if state in Case.State.values:
        rows = rows.filter(state=state)
    elif state != "ALL":
        rows = rows.filter(state=Case.State.OPEN)
    return rows.order_by(*SORTS.get(sort, ("due_at", "id") if state in {"", "OPEN"} else ("-opened_at", "-id")))


def open_cases(schema_name: str) -> list[tuple[UUID, str]]:
    """Return (uuid, masked learner and course) of one enterprise's cases that wait, by time left. Runs on the platform."""
    rows = Case.objects.filter(schema_name=schema_name, state=Case.State.OPEN).order_by("due_at", "id")
    return [(row.uuid, f"{row.learner} · {row.course} · {row.lesson}") for row in rows]


def open_counts(schemas: Iterable[str]) -> dict[str, int]:
    """Return schema -> how many cases wait, of those enterprises that have any; one query. Runs on the platform."""
    rows = Case.objects.filter(schema_name__in=list(schemas), state=Case.State.OPEN).order_by()
    return dict(rows.values_list("schema_name").annotate(n=Count("pk")))


def enterprise_names(rows: list[Case]) -> dict[str, str]:
    """Return schema -> name of the enterprises of some cases, in one query."""
    found = Enterprise.objects.filter(schema_name__in={row.schema_name for row in rows})
    return dict(found.values_list("schema_name", "name"))
