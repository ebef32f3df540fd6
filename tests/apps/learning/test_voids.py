"""Decisions about voids: what comes back, what does not, and what the ledger and the authority are told."""

from datetime import timedelta

import pytest

from apps.learning import spans, voiding
from apps.learning.models import ProofState, StudySession, Void
from apps.plans import archive
from apps.records import api as records
from infra.kit import clock
from infra.kit.errors import DomainError
from public.audit import api as audit
from public.persons import api as persons
from public.regulators.models import FeedRecord
from public.regulators.summaries import summary
from tenants.scope import enterprise_scope
from tests.apps.learning.conftest import covered, state_of
from tests.apps.learning.test_checks import earned, until_asked, used

pytestmark = pytest.mark.req("R2.3")


@pytest.fixture
def missed(school):
    """学员甲 has lost the time since the start; the session goes on."""
    player = school.open()
    player.play()
    until_asked(player)
    player.ask()
    player.prove(code="x")
    player.ask()
    player.prove(code="x")
    return player


def restore(void, at, **changes):
    names = {"void_uuid": void.uuid, "by": "manager:1", "reason": "现场有人作证", "at": at, **changes}
    return voiding.restore_void(**names)


def effective(school):
    entries = [e for e in records.entries_of(school.learner.uuid) if e.kind in {"STUDY_SESSION", "PROOF", "VOID", "CORRECTION"}]
    return archive.effective_ms(entries)


def test_a_restored_void_counts_as_confirmed_and_its_day_is_debited_again(school, missed):
    void = Void.objects.get()
    assert (used(school, missed.now), earned(school)) == (0, 0)
    done = restore(void, missed.now)
    assert (done.state, done.restored_ms, done.decided_by) == ("RESTORED", void.ms, "manager:1")
    assert (earned(school), used(school, missed.now), covered(school)) == (void.ms, void.ms, void.spans)
    row = StudySession.objects.get(uuid=missed.uuid)
    assert (row.confirmed_ms, row.credited_ms, row.voided_ms) == (void.ms, void.ms, 0)
    assert ProofState.objects.get().misses == 0
    assert [e.action for e in audit.history(f"void:{void.uuid}")] == ["learning.void_restored"]
    with pytest.raises(DomainError, match="decided"):
        restore(void, missed.now)
    assert earned(school) == void.ms


def test_what_was_earned_anew_meanwhile_is_not_given_twice(school, missed):
    missed.attends = True
    missed.play()
    missed.play()
    missed.watch(15)
    void = Void.objects.get()
    assert restore(void, missed.now).restored_ms == void.ms - 15_000
    assert spans.measure(covered(school)) == void.ms == used(school, missed.now)


def test_a_day_that_is_full_meanwhile_gives_only_what_is_left_of_it(school, missed):
    day, void = clock.shanghai_date(missed.now), Void.objects.get()
    persons.lock_day(person_key=school.learner.person_key, day=day)
    persons.debit_day(person_key=school.learner.person_key, day=day, ms=21_600_000 - 4_000, cap_ms=21_600_000)
    assert restore(void, missed.now).restored_ms == 4_000
    assert earned(school) == 4_000


def test_an_upheld_void_stays_and_may_be_restored_by_a_second_decision(school, missed):
    void = Void.objects.get()
    voiding.uphold_void(void_uuid=void.uuid, by="manager:1", reason="监控显示离岗", at=missed.now)
    assert (Void.objects.get().state, earned(school)) == ("UPHELD", 0)
    assert restore(void, missed.now, by="operator:1").restored_ms == void.ms


def test_the_neighbour_decides_nothing(school, missed, yi):
    void, before = Void.objects.get(), state_of(missed)
    with enterprise_scope(yi):
        for decide in (voiding.restore_void, voiding.uphold_void):
            with pytest.raises(DomainError, match="not_found"):
                decide(void_uuid=void.uuid, by="manager:9", reason="", at=missed.now)
    assert (Void.objects.get().state, state_of(missed)) == ("OPEN", before)


@pytest.mark.req("R7.1")
def test_nothing_voided_is_ever_reported_as_earned(school, missed):
    from apps.learning import services

    services.close_session(session=missed.uuid, reason="left", at=missed.now)
    void = Void.objects.get()
    assert (effective(school), earned(school)) == (0, 0)
    told = list(FeedRecord.objects.filter(subject=school.learner.uuid, kind="SESSION").order_by("id"))
    assert [row.body.get("event", "sitting") for row in told] == ["void", "sitting"]
    assert sum(row.body["effective_ms"] for row in told) == 0
    assert told[1].body["voids"] == [{"void": str(void.uuid), "reason": "identity_failed", "ms": void.ms}]
    assert [check["outcome"] for check in told[1].body["checks"]] == ["missed"]
    restore(void, missed.now + timedelta(hours=1))
    told = list(FeedRecord.objects.filter(subject=school.learner.uuid, kind="SESSION").order_by("id"))
    assert sum(row.body["effective_ms"] for row in told) == void.ms == effective(school) == earned(school)
    lines = [summary(row) for row in told]
    assert "作废学习" in lines[0]
    assert "复核恢复学习" in lines[2]
    assert records.verify_chain(school.learner.uuid).is_whole


def test_the_archive_tells_proofs_voids_and_corrections(school, missed):
    void = Void.objects.get()
    voiding.uphold_void(void_uuid=void.uuid, by="manager:1", reason="监控显示离岗", at=missed.now)
    missed.attends = True
    missed.play()
    titles = [line["title"] for line in archive.timeline(records.entries_of(school.learner.uuid))]
    assert titles[:3] == ["在场核验通过", "作废复核：维持", "学时作废"]
