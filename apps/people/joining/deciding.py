"""The managers' queue of who wants in: let in or refused, one or many, a supervisor within the own subtree only."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from apps.people import sealing, services
from apps.people.belonging import Units
from apps.people.joining import telling
from apps.people.joining.models import Application, Decision
from infra.kit import identity
from infra.kit.errors import DomainError

MOST_AT_ONCE = 200


def queue(*, state: str = "WAITING", text: str = "", within: Units = None) -> QuerySet[Application]:
    """Return registrations in one state: the waiting ones oldest first, decided ones newest first.

    :param text: part of a name
    """
    rows = Application.objects.filter(state=state, name__icontains=text.strip()) if text.strip() else _of(state)
    rows = rows if within is None else rows.filter(unit_id__in=within)
    order = ("at", "id") if state == Decision.WAITING else ("-decided_at", "-id")
    return rows.select_related("unit", "decided_by", "learner").order_by(*order)


def masked(row: Application) -> tuple[str, str]:
    """Return the masked ID and mobile number of who waits; dashes after the decision."""
    if not row.id_sealed:
        return "—", "—"
    id_number, mobile = sealing.unseal(row.id_sealed, sealing.ID), sealing.unseal(row.mobile_sealed, sealing.MOBILE)
    return identity.mask_resident_id(id_number), identity.mask_mobile(mobile)


def approve(*, applications: Iterable[UUID], by: int, at: datetime, within: Units = None) -> int:
    """Make learners of those who wait, all or none; returns how many. Who was decided meanwhile is passed over.

    :raises DomainError: 404 ``not_found``; 409 ``cannot_join`` names the one who cannot be let in and why
    """
    with transaction.atomic():
        rows = _locked(applications, within)
        for row in rows:
            _admit(row, by, at)
    return len(rows)


def reject(*, applications: Iterable[UUID], reason: str, by: int, at: datetime, within: Units = None) -> int:
    """Refuse those who wait, all with the same reason, which they read; returns how many.

    :raises DomainError: ``reason_missing``; 404 ``not_found``
    """
    reason = " ".join(reason.split())
    if not 2 <= len(reason) <= 200:
        raise DomainError("reason_missing", _("请写明不通过的原因（2–200 字），对方会看到。"), field="reason")
    with transaction.atomic():
        rows = _locked(applications, within)
        for row in rows:
            _decide(row, Decision.REJECTED, by, at, reason=reason)
        telling.ring_refused()
    return len(rows)


def _of(state: str) -> QuerySet[Application]:
    return Application.objects.filter(state=state)


def _locked(applications: Iterable[UUID], within: Units) -> list[Application]:
    """Lock and return those that still wait.

    :raises DomainError: 404 ``not_found``: one of them is not there, or not within
    """
    wanted = set(applications)
    if len(wanted) > MOST_AT_ONCE:
        raise DomainError("too_many", _("一次最多处理 %(n)d 人，请分几次。") % {"n": MOST_AT_ONCE})
    rows = list(Application.objects.select_for_update(of=("self",)).filter(uuid__in=wanted).order_by("pk"))
    is_ours = all(within is None or row.unit_id in within for row in rows)
    if len(rows) != len(wanted) or not is_ours:
        raise DomainError("not_found", _("有的登记没有找到，可能不在您的范围内。请刷新后再试。"), status=404)
    return [row for row in rows if row.state == Decision.WAITING]


def _admit(row: Application, by: int, at: datetime) -> None:
    id_number, mobile = sealing.unseal(row.id_sealed, sealing.ID), sealing.unseal(row.mobile_sealed, sealing.MOBILE)
    try:
        view = services.add_learner(
            name=row.name, id_number=id_number, mobile=mobile, unit_id=row.unit_id, position=row.position, at=at, by=by
        )
    except DomainError as refusal:
        words = _("%(name)s不能通过：%(why)s其他人也还没有处理。") % {"name": row.name, "why": refusal.message}
        raise DomainError("cannot_join", words, status=409) from refusal
    _decide(row, Decision.APPROVED, by, at, learner_id=view.id)
    telling.admitted(learner_id=view.id, application=row.uuid, at=at)


def _decide(row: Application, state: Decision, by: int, at: datetime, *, reason: str = "", learner_id: int | None = None) -> None:
    """Write the decision down and forget the numbers (clause 五.1: kept no longer than needed).

    The phone of somebody refused stays sealed until the message has gone out.
    """
    row.state, row.reason, row.decided_by_id, row.decided_at, row.learner_id = state, reason, by, at, learner_id
    row.id_sealed, row.person_key, row.mobile_index = b"", "", ""
    if state == Decision.APPROVED:
        row.mobile_sealed = b""
    row.save()
