"""Closing an enterprise: asked for by its owner with everything taken along, undone within 30 days, then carried out.

Nothing is deleted by it. The learners' records are the law's: schema, packages of old months, public listing of certificates and sealed heads
stay until the legal periods are over, and the nightly rounds of keeping go on (`apps.records.retention`). Opening it again within that time is
`reopening.py`; what comes after it is `ending.py` and `destruction`.
"""

import logging
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from infra.kit import clock
from infra.kit.errors import DomainError
from public.audit import api as audit
from public.lifecycle import verifying, visiting
from public.lifecycle.models import Closure, Turn
from public.lifecycle.rules import GRACE, kept_until
from public.lifecycle.standing import Status, turn
from public.lifecycle.words import By, Desk, enterprise, note, require_operations, said
from public.privacy import api as privacy
from tenants.models import Enterprise

log = logging.getLogger("anxue.lifecycle")


@transaction.atomic
def ask(*, enterprise_id: int, reason: str, export: UUID | None, sha256: str, by: By) -> Closure:
    """Begin to close: from now on the enterprise reads only, and is closed when the time to think it over ends.

    :param export: the order of the package that was taken along, with the SHA-256 of the file; None: the owner wants none
    :raises DomainError: 404; 409 ``enterprise_closed``, ``enterprise_closing``; 422 ``words_missing``, ``words_too_long``
    """
    row = enterprise(enterprise_id, lock=True)
    if row.status == Status.CLOSED:
        raise DomainError("enterprise_closed", _("企业已注销。"), status=409)
    if row.status == Status.CLOSING:
        raise DomainError("enterprise_closing", _("注销已经在办理，请刷新页面。"), status=409)
    reason = said(reason, least=4, most=300, field="reason", message=_("请写明注销的原因。"))
    made = Closure.objects.create(
        enterprise=row, former=row.status, reason=reason, export=export, export_sha256=sha256, by=by.reference, by_name=by.name,
        at=by.at, ends_at=by.at + GRACE,
    )  # fmt: skip
    turn(row, to=Status.CLOSING, cause=Turn.Cause.OWN_WISH, words=reason, who=by, closes_at=made.ends_at)
    change = {"before": {"status": made.former}, "after": {"status": row.status}}
    note("enterprise.closing", row, by, reason=reason, export=str(export or ""), until=made.ends_at.isoformat(), **change)
    return made


@transaction.atomic
def undo(*, enterprise_id: int, reason: str, who: By | Desk) -> None:
    """Think better of it: the enterprise is again what it was before. Done by its owner, or by operations on the owner's call.

    :raises DomainError: 403 ``forbidden``; 404; 409 ``not_closing``; 422 ``words_missing``
    """
    if isinstance(who, Desk):
        require_operations(who)
    row = enterprise(enterprise_id, lock=True)
    found = Closure.objects.select_for_update().filter(enterprise=row, undone_at=None, closed_at=None).first()
    if found is None or found.ends_at <= who.at:
        raise DomainError("not_closing", _("没有可以撤销的注销，或撤销期已过。"), status=409)
    reason = said(reason, least=4, most=300, field="reason", message=_("请写明为什么撤销注销。"))
    found.undone_by, found.undone_name, found.undone_reason, found.undone_at = who.reference, who.name, reason, who.at
    found.save(update_fields=["undone_by", "undone_name", "undone_reason", "undone_at"])
    words = reason if found.former == Status.ACTIVE else former_words(row)
    turn(
        row,
        to=found.former,
        cause=Turn.Cause.SETTLED if found.former == Status.ACTIVE else Turn.Cause.OTHER,
        words=words,
        who=who,
    )
    note("enterprise.closing_undone", row, who, reason=reason, before={"status": Status.CLOSING}, after={"status": row.status})


def former_words(row: Enterprise) -> str:
    """Return why the enterprise was suspended before its closing began: that holds again."""
    last = Turn.objects.filter(enterprise=row, status=Status.SUSPENDED).order_by("-at", "-pk").first()
    return last.words if last else str(_("服务已停用"))


def finish_due(*, at: datetime) -> int:
    """Close every enterprise whose time to think it over is at an end; returns how many. Safe to repeat; one that fails stops no other."""
    due = Closure.objects.filter(undone_at=None, closed_at=None, ends_at__lte=at).order_by("ends_at").values_list("pk", flat=True)
    done = 0
    for pk in list(due):
        try:
            done += _finish(pk, at)
        except Exception:
            log.exception("closing %s could not be carried out; the next round tries again", pk)
    return done


@transaction.atomic
def _finish(pk: int, at: datetime) -> int:
    row = enterprise(Closure.objects.values_list("enterprise_id", flat=True).get(pk=pk), lock=True)
    found = Closure.objects.select_for_update().filter(pk=pk, undone_at=None, closed_at=None).first()
    if found is None:
        return 0
    found.closed_at, found.kept_until = at, kept_until_of(clock.shanghai_date(at))
    found.save(update_fields=["closed_at", "kept_until"])
    visiting.drop(row, at=at)
    verifying.drop(row, at=at)
    turn(row, to=Status.CLOSED, cause=Turn.Cause.OWN_WISH, words=found.reason, who=None, at=at)
    audit.record(
        "enterprise.closed", actor="system", target=f"enterprise:{row.uuid}", at=at, schema_name=row.schema_name,
        kept_until=found.kept_until.isoformat(), before={"status": Status.CLOSING}, after={"status": row.status},
    )  # fmt: skip
    return 1


def kept_until_of(day: date) -> date:
    """Return until when the law keeps the records of an enterprise that is closed on ``day``, by the periods in force then."""
    rule = privacy.rule(day)
    return kept_until(day, record_months=rule.record_months, special_months=rule.special_months)
