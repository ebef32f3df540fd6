"""Legal holds on a closed enterprise. Its managers cannot come in any more, so operations write down what a court or an authority asks for."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from infra.kit import clock
from infra.kit.errors import DomainError
from public.lifecycle.words import Desk, enterprise, note, require_operations, said
from public.retention.api import Hold
from tenants.models import Enterprise


def standing(row: Enterprise, *, on: date) -> list[Hold]:
    """Return the holds that stand on a day, of everybody or of one learner, newest first."""
    return standing_of([row], on=on)


def standing_of(rows: Iterable[Enterprise], *, on: date) -> list[Hold]:
    """Return the holds of several enterprises that stand on a day, newest first; one query."""
    found = Hold.objects.filter(schema_name__in=[row.schema_name for row in rows], ended_at=None)
    return list(found.filter(Q(until=None) | Q(until__gte=on)).order_by("-at", "-pk"))


@transaction.atomic
def place(*, enterprise_id: int, reason: str, until: date | None, desk: Desk) -> UUID:
    """Put everything of a closed enterprise on hold.

    :param until: the last day; None: until somebody lifts it
    :raises DomainError: 403; 404; 409 ``not_closed``, ``on_hold_already``; 422 ``words_missing``, ``words_too_long``, ``day_past``
    """
    require_operations(desk)
    row = enterprise(enterprise_id, lock=True)
    require_kept(row)
    reason = said(reason, least=4, most=200, field="reason", message=_("请写明依据，例如案号、文号或调查名称。"))
    today = clock.shanghai_date(desk.at)
    if until is not None and until < today:
        raise DomainError("day_past", _("截止日期已过，请选今天或以后的日期。"), status=422, field="until")
    over = Hold.objects.filter(schema_name=row.schema_name, subject=None, ended_at=None, until__lt=today)
    over.update(ended_at=desk.at, ended_by="system", ended_reason=str(_("期限已到")))
    try:
        with transaction.atomic():
            made = Hold.objects.create(
                schema_name=row.schema_name, reason=reason, until=until, by=desk.reference, by_name=desk.name, at=desk.at
            )
    except IntegrityError as error:
        raise DomainError("on_hold_already", _("已在法律保留中。要改期限，请先解除原来的。"), status=409) from error
    note("enterprise.held", row, desk, reason=reason, until=until.isoformat() if until else "", hold=str(made.uuid))
    return made.uuid


@transaction.atomic
def lift(*, enterprise_id: int, hold: UUID, reason: str, desk: Desk) -> None:
    """End a hold of a closed enterprise. Nothing is destroyed by it: that takes two others, who read what was lifted and why.

    :raises DomainError: 403; 404 ``not_found``; 409 ``not_closed``, ``hold_ended``; 422 ``words_missing``, ``words_too_long``
    """
    require_operations(desk)
    row = enterprise(enterprise_id, lock=True)
    require_kept(row)
    found = Hold.objects.select_for_update().filter(schema_name=row.schema_name, uuid=hold).first()
    if found is None:
        raise DomainError("not_found", _("没有找到这条保留，请刷新页面。"), status=404)
    if found.ended_at is not None:
        raise DomainError("hold_ended", _("这条保留已经解除，可能同事刚刚操作过，请刷新页面。"), status=409)
    reason = said(reason, least=4, most=200, field="reason", message=_("请写明为什么可以解除，例如结案文号。"))
    found.ended_at, found.ended_by, found.ended_name, found.ended_reason = desk.at, desk.reference, desk.name, reason
    found.save(update_fields=["ended_at", "ended_by", "ended_name", "ended_reason"])
    note("enterprise.hold_lifted", row, desk, reason=reason, hold=str(found.uuid))


def require_kept(row: Enterprise) -> None:
    """Refuse an enterprise that is not closed, or of which nothing is here any more.

    :raises DomainError: 409 ``not_closed``, ``destroyed``
    """
    if row.destroyed_at is not None:
        raise DomainError("destroyed", _("这家企业的数据已销毁，不能再办理。"), status=409)
    if row.status != Enterprise.Status.CLOSED:
        raise DomainError("not_closed", _("这家企业没有注销，请刷新页面。"), status=409)
