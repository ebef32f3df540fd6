"""Closing takes everything along first, can be undone for thirty days, and keeps what the law keeps."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from infra.kit.errors import DomainError
from public.audit.models import AuditEvent
from public.lifecycle import closing, queries, rules, standing
from public.lifecycle.models import Closure, Verification, Visit
from tenants.models import Enterprise
from tenants.scope import platform_scope
from tests.conftest import NOON
from tests.public.lifecycle.ground import by, desk, hand_in, visit

pytestmark = pytest.mark.req("R4.6")
DAY = timedelta(days=1)


def ask(site: Any, *, at: Any = NOON, reason: str = "公司搬迁，不再使用") -> Closure:
    with platform_scope():
        return closing.ask(enterprise_id=site.id, reason=reason, export=uuid4(), sha256="a" * 64, by=by(site, at))


def row_of(site: Any) -> Enterprise:
    with platform_scope():
        found: Enterprise = Enterprise.objects.get(pk=site.id)
        return found


def test_it_is_carried_out_when_the_time_is_over_and_not_before(db, jia):
    made = ask(jia)
    assert (row_of(jia).status, row_of(jia).closes_at) == ("CLOSING", NOON + rules.GRACE)
    with platform_scope():
        assert closing.finish_due(at=made.ends_at - timedelta(seconds=1)) == 0
        assert row_of(jia).status == "CLOSING"
        assert closing.finish_due(at=made.ends_at) == 1
        assert closing.finish_due(at=made.ends_at + DAY) == 0, "safe to ring twice"
        done = queries.closure(jia.id)
    assert done is not None
    assert row_of(jia).status == "CLOSED"
    assert done.kept_until is not None
    assert done.kept_until >= date(2029, 12, 1), "at least three years from the closing"


def test_it_is_undone_within_the_time_and_the_enterprise_is_what_it_was(db, jia):
    with platform_scope():
        standing.suspend(enterprise_id=jia.id, cause="UNPAID", words="逾期未缴费", desk=desk())
    made = ask(jia)
    with platform_scope():
        closing.undo(enterprise_id=jia.id, reason="继续使用", who=by(jia, NOON + DAY))
        assert closing.finish_due(at=made.ends_at + DAY) == 0
    row = row_of(jia)
    assert (row.status, row.status_reason, row.closes_at) == ("SUSPENDED", "逾期未缴费", None), "suspended as before"


def test_operations_undo_it_on_the_owners_call_and_others_do_not(db, jia):
    ask(jia)
    with pytest.raises(DomainError) as refusal, platform_scope():
        closing.undo(enterprise_id=jia.id, reason="负责人来电", who=desk("author", role="AUTHOR"))
    assert refusal.value.code == "forbidden"
    assert row_of(jia).status == "CLOSING"
    with platform_scope():
        closing.undo(enterprise_id=jia.id, reason="负责人来电，核实身份后撤销", who=desk())
    assert row_of(jia).status == "ACTIVE"


def test_it_cannot_be_undone_afterwards_nor_asked_twice_nor_without_a_reason(db, jia):
    with pytest.raises(DomainError) as refusal:
        ask(jia, reason="无")
    assert (refusal.value.code, row_of(jia).status) == ("words_missing", "ACTIVE")
    made = ask(jia)
    with pytest.raises(DomainError) as refusal:
        ask(jia)
    assert refusal.value.code == "enterprise_closing"
    with pytest.raises(DomainError) as refusal, platform_scope():
        closing.undo(enterprise_id=jia.id, reason="太晚了一点", who=by(jia, made.ends_at))
    assert refusal.value.code == "not_closing"
    with platform_scope():
        assert Closure.objects.filter(enterprise_id=jia.id).count() == 1


def test_a_closing_or_closed_enterprise_is_neither_suspended_nor_reopened(db, jia):
    made = ask(jia)
    with pytest.raises(DomainError) as refusal, platform_scope():
        standing.suspend(enterprise_id=jia.id, cause="UNPAID", words="逾期未缴费", desk=desk())
    assert refusal.value.code == "enterprise_closing"
    with platform_scope():
        closing.finish_due(at=made.ends_at)
    with pytest.raises(DomainError) as refusal, platform_scope():
        standing.reactivate(enterprise_id=jia.id, words="想再开通", desk=desk())
    assert (refusal.value.code, row_of(jia).status) == ("enterprise_closed", "CLOSED")


def test_what_was_asked_and_allowed_ends_with_it(db, jia):
    made = ask(jia)
    late = made.ends_at - timedelta(minutes=5)
    papers, row = hand_in(jia, at=late), visit(jia, at=late)
    with platform_scope():
        assert closing.finish_due(at=made.ends_at) == 1
        assert Visit.objects.get(pk=row.pk).state == "ENDED"
        left = Verification.objects.get(uuid=papers)
        assert (left.state, left.reasons) == ("REFUSED", ["OTHER"])
        assert queries.waiting_counts() == {"SUBMITTED": 0, "CHECKED": 0}, "nobody looks at papers of what is closed"
        told = AuditEvent.objects.filter(target=f"enterprise:{jia.uuid}", at=made.ends_at).values_list("action", flat=True)
        assert set(told) == {"visit.ended", "enterprise.verification_refused", "enterprise.closed"}


def test_the_database_closes_nothing_early(db, jia):
    made = ask(jia)
    with platform_scope(), pytest.raises(IntegrityError), transaction.atomic():
        Closure.objects.filter(pk=made.pk).update(closed_at=NOON + DAY, kept_until=date(2030, 1, 1))
    with platform_scope(), pytest.raises(IntegrityError), transaction.atomic():
        Enterprise.objects.filter(pk=jia.id).update(closes_at=None)


@pytest.mark.parametrize(
    ("closed", "months", "day"),
    [(date(2026, 12, 23), (36, 72), date(2032, 12, 23)), (date(2027, 1, 31), (1, 0), date(2027, 2, 28)), (date(2026, 12, 1), (12, 1), date(2027, 12, 1)), (date(2026, 12, 1), (36, None), date(2126, 12, 1))],
)  # fmt: skip
def test_records_are_kept_for_the_longer_period_from_the_closing(closed, months, day):
    assert rules.kept_until(closed, record_months=months[0], special_months=months[1]) == day
