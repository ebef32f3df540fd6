"""Reads: the enterprise's certificates with what each is worth, and the proposals to revoke one."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Case, F, Q, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _

from apps.people import api as people
from apps.plans.models import Assignment, TrainingPlan
from apps.records import api as records
from infra.kit.errors import DomainError

SORTS: dict[str, tuple[Any, ...]] = {
    "name": ("learner__name", "id"),
    "-name": ("-learner__name", "-id"),
    "issued": ("certificate__issued_at", "id"),
    "-issued": ("-certificate__issued_at", "-id"),
    "until": (F("valid_until").asc(nulls_last=True), "id"),
    "-until": (F("valid_until").desc(nulls_last=True), "-id"),
}
STATES = ("VALID", "SOON", "EXPIRED", "RENEWED", "REVOKED")


def certified(*, within: people.Units = None) -> QuerySet[Any]:
    """Return the duties that ended in a certificate, with ``is_revoked``, ``is_renewed``, ``valid_until``; learner, unit, plan, certificate loaded."""
    rows = Assignment.objects.filter(people.belongs(within, "learner"), certificate__isnull=False)
    return records.with_certificate_state(rows, at="certificate__").select_related("certificate", "learner__unit", "plan")


def listing(
    *, text: str = "", state: str = "", plan: str = "", unit: str = "", sort: str = "", on: date, within: people.Units = None
) -> QuerySet[Any]:
    """Return what fits, the newest first.

    :param state: one of `STATES`, "" for all
    :param plan: uuid of a plan, "" for all
    :param unit: id of a unit with all below, "" for all
    """
    rows = certified(within=within)
    for word in text.split():
        rows = rows.filter(
            Q(learner__name__icontains=word)
            | Q(certificate__number__icontains=word)
            | Q(learner__unit__name__icontains=word)
            | Q(plan__title__icontains=word)
        )
    if state in STATES:
        rows = rows.filter(records.in_certificate_state(state, on=on))
    if plan:
        rows = rows.filter(plan__uuid=_uuid(plan) or UUID(int=0))
    if unit.isdecimal():
        below = people.below(int(unit), ((node.id, node.parent_id) for node in people.unit_tree().values()))
        rows = rows.filter(people.belongs(below, "learner"))
    return rows.order_by(*SORTS.get(sort, SORTS["-issued"]))


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def duty_of(certificate: UUID, *, within: people.Units = None) -> Assignment:
    """Return the duty behind a certificate, as :func:`certified`; it stands on the newest one that was issued for it.

    :raises DomainError: 404 ``not_found``, also outside the units ``within``
    """
    issued_for = records.certificate(certificate).issued_for  # also of one that was replaced since
    row: Assignment | None = certified(within=within).filter(uuid=issued_for).first()
    if row is None:
        raise DomainError("not_found", _("没有这份证明，请核对链接。"), status=404)
    return row


def proposals(*, within: people.Units = None) -> QuerySet[records.Revocation]:
    """Return all proposals to revoke a certificate, those that wait first, certificate loaded."""
    mine = Assignment.objects.filter(people.belongs(within, "learner"), certificate__isnull=False).values("uuid")
    waiting_first = Case(When(state=records.Revocation.State.PROPOSED, then=Value(0)), default=Value(1))
    rows = records.Revocation.objects.filter(certificate__issued_for__in=mine).select_related("certificate")
    return rows.order_by(waiting_first, "-proposed_at", "-pk")


def open_plans(*, within: people.Units = None) -> list[tuple[UUID, str]]:
    """Return (uuid, title) of running plans, the newest first: those whose certificates can be looked for."""
    rows = TrainingPlan.objects.filter(state=TrainingPlan.State.RUNNING, sample=False).order_by("-opened_at", "-pk")
    return list(rows.values_list("uuid", "title")[:200])


def plans_with_certificates(*, within: people.Units = None) -> list[tuple[UUID, str]]:
    """Return (uuid, title) of plans that somebody has a certificate of."""
    mine = Assignment.objects.filter(people.belongs(within, "learner"), certificate__isnull=False).values("plan")
    return list(TrainingPlan.objects.filter(pk__in=mine).order_by("-opened_at", "-pk").values_list("uuid", "title")[:200])
