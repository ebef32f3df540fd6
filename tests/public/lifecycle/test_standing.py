"""Suspended is read-only, told to everybody, and touches no record."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import TestCase

from apps.records import api as records
from infra.kit.errors import DomainError
from public.lifecycle import queries, standing
from public.lifecycle.models import Turn
from tenants import sites
from tenants.models import Enterprise
from tenants.scope import enterprise_scope, platform_scope
from tests.apps.learning.conftest import school, state_of, version_id  # noqa: F401 - fixtures
from tests.public.lifecycle.ground import desk, owner, told

pytestmark = pytest.mark.req("R5.4")
Status = Enterprise.Status


def suspend(site: Any, *, words: str = "逾期未缴费", cause: str = "UNPAID", who: Any = None) -> None:
    with platform_scope(), TestCase.captureOnCommitCallbacks(execute=True):
        standing.suspend(enterprise_id=site.id, cause=cause, words=words, desk=who or desk())


def status_of(site: Any) -> str:
    with platform_scope():
        return str(Enterprise.objects.get(pk=site.id).status)


def test_suspending_and_reopening_are_told_written_down_and_seen_by_every_process(db, jia):
    owner(jia)
    suspend(jia)
    found = sites.resolve(jia.host)
    assert found is not None
    assert (found.is_active, found.status_reason) == (False, "逾期未缴费")
    with platform_scope(), TestCase.captureOnCommitCallbacks(execute=True):
        standing.reactivate(enterprise_id=jia.id, words="已缴清费用", desk=desk())
    with platform_scope():
        assert [(turn.former, turn.status, turn.cause) for turn in queries.turns(jia.id)] == [
            ("SUSPENDED", "ACTIVE", "SETTLED"),
            ("ACTIVE", "SUSPENDED", "UNPAID"),
        ]
    assert told(jia) == ["company.active", "company.suspended"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"words": "短"}, "words_missing"), ({"cause": "SETTLED"}, "bad_cause"), ({"cause": "NOPE"}, "bad_cause")],
)
def test_without_a_reason_nothing_changes(db, jia, changes, code):
    with pytest.raises(DomainError) as refusal:
        suspend(jia, **changes)
    assert refusal.value.code == code
    assert status_of(jia) == "ACTIVE"
    with platform_scope():
        assert not Turn.objects.filter(enterprise_id=jia.id).exists()


def test_only_operations_and_only_what_is_not_so_already(db, jia):
    with pytest.raises(DomainError) as refusal:
        suspend(jia, who=desk("author", role="AUTHOR"))
    assert refusal.value.code == "forbidden"
    with pytest.raises(DomainError) as refusal, platform_scope():
        standing.reactivate(enterprise_id=jia.id, words="已经在用", desk=desk())
    assert refusal.value.code == "status_unchanged"
    assert status_of(jia) == "ACTIVE"


def test_turns_only_grow(db, jia):
    suspend(jia)
    with platform_scope(), pytest.raises(DatabaseError), transaction.atomic():
        Turn.objects.update(words="没有停用过")


@pytest.mark.req("R4.2")
def test_open_sessions_end_with_what_was_confirmed_entered_and_the_ledger_goes_on(school, in_jia):  # noqa: F811
    from apps.learning.tasks import close_suspended

    player = school.open()
    player.play()
    player.watch_on(45)
    player.proven()
    before = len(records.entries_of(school.learner.uuid))
    suspend(in_jia)
    site = sites.resolve(in_jia.host)
    assert site is not None
    with enterprise_scope(site):
        close_suspended()
        assert state_of(player)["close_reason"] == "suspended"
        entries = records.entries_of(school.learner.uuid)
        assert len(entries) == before + 1
        assert entries[-1].body["reason"] == "suspended"
        assert entries[-1].body["effective_s"] == 45
        assert close_suspended() == 0, "safe to ring twice"


def test_a_late_bell_ends_nothing_in_an_enterprise_that_is_in_use_again(school, in_jia):  # noqa: F811
    from apps.learning.tasks import close_suspended

    player = school.open()
    assert close_suspended() == 0
    assert state_of(player)["close_reason"] == ""
