"""Reads of requests."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from apps.people.belonging import Units, belongs
from apps.people.models import PrivacyRequest
from infra.kit.errors import DomainError

Kind, State = PrivacyRequest.Kind, PrivacyRequest.State
ANSWERED = (State.APPROVED, State.REFUSED, State.WITHDRAWN)


def listing(*, text: str = "", kind: str = "", state: str = "", within: Units = None) -> QuerySet[PrivacyRequest]:
    """Return requests to managers with learner and unit, those that wait first and by their end, then the newest.

    :param text: part of a name or unit
    :param state: "" for what waits, ``ALL``, or one of the states; exports answer themselves and are not among them
    """
    rows = PrivacyRequest.objects.exclude(kind=Kind.EXPORT).filter(belongs(within, "learner"))
    rows = rows.select_related("learner__unit", "decided_by")
    if kind in Kind.values:
        rows = rows.filter(kind=kind)
    if text.strip():
        rows = rows.filter(Q(learner__name__icontains=text.strip()) | Q(learner__unit__name__icontains=text.strip()))
    if state in ANSWERED:
        return rows.filter(state=state).order_by("-decided_at", "-pk")
    if state == "ALL":
        return rows.order_by("-at", "-pk")
    return rows.filter(state=State.WAITING).order_by("due_at", "pk")


def one(uuid: UUID, *, within: Units = None) -> PrivacyRequest:
    """Return one request to managers with learner, unit and who answered.

    :raises DomainError: 404 ``not_found``
    """
    rows = PrivacyRequest.objects.exclude(kind=Kind.EXPORT).filter(belongs(within, "learner"), uuid=uuid)
    row = rows.select_related("learner__unit", "decided_by").first()
    if row is None:
        raise DomainError("not_found", _("没有找到这个请求，可能不在您的范围内。"), status=404)
    return row


def own(learner_id: int, *, most: int = 20) -> list[PrivacyRequest]:
    """Return a learner's requests, newest first, without exports."""
    rows = PrivacyRequest.objects.filter(learner_id=learner_id).exclude(kind=Kind.EXPORT)
    return list(rows.select_related("decided_by").order_by("-at", "-pk")[:most])


def newest_export(learner_id: int, *, at: datetime) -> PrivacyRequest | None:
    """Return the last export of a learner, or None; one past its time counts as expired."""
    row = PrivacyRequest.objects.filter(learner_id=learner_id, kind=Kind.EXPORT).order_by("-at", "-pk").first()
    if row is not None and row.state == State.READY and (row.expires_at is None or at >= row.expires_at):
        row.state = State.EXPIRED
    return row


def waiting_count() -> int:
    """Return how many requests wait for an answer, in one query."""
    return PrivacyRequest.objects.filter(state=State.WAITING).count()
