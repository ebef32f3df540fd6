"""What counts follows a corrected sitting: coverage, day, training, ledger and feed say the same, and never more than was timed."""

from datetime import timedelta

import pytest

from apps.learning import services, spans
from apps.learning.models import Coverage, StudySession
from apps.plans import api as plans
from apps.plans import archive
from apps.records import api as records
from apps.records.models import Correction
from infra.kit import clock
from infra.kit.errors import DomainError
from public.persons import api as persons
from public.regulators import api as regulators
from public.regulators.models import FeedRecord
from public.regulators.summaries import summary
from tenants.scope import platform_scope
from tests.apps.learning.conftest import covered
from tests.apps.learning.test_checks import earned, until_asked, used
from tests.apps.records.test_certificates import facts

pytestmark = pytest.mark.req("R4.2", "R3.5")
ONE, TWO = records.Acting("manager:1", "安全员"), records.Acting("manager:2", "管理员乙")


@pytest.fixture
def sat(school):
    """学员甲 has learnt some minutes, proven to the end, and left."""
    player = school.open()
    player.play()
    player.watch_on(300)
    row = StudySession.objects.get(uuid=player.uuid)
    services.close_session(session=player.uuid, reason="left", at=player.now)
    row.refresh_from_db()
    assert row.confirmed_ms > 60_000
    return row


def entry_of(school):
    (found,) = [one for one in records.entries_of(school.learner.uuid) if one.kind == "STUDY_SESSION"]
    return found


def correct(school, row, text, *, approve=True):
    at = row.closed_at + timedelta(hours=1)
    made = records.propose_correction(
        subject=school.learner.uuid, n=entry_of(school).n, values={"effective_s": text}, reason="监控显示本人离岗", evidence=None,
        by=ONE, at=at,
    )  # fmt: skip
    if approve:
        records.decide_correction(correction=made.uuid, approve=True, by=TWO, at=at)
    return made


def effective(school):
    return archive.effective_ms(records.entries_of(school.learner.uuid))


def fed(school):
    return sum(row.body["effective_ms"] for row in FeedRecord.objects.filter(subject=school.learner.uuid, kind="SESSION"))


def everywhere(school, row):
    row.refresh_from_db()
    counted = {
        earned(school),
        spans.measure(covered(school)) - spans.measure(_provisional(school)),
        effective(school),
        fed(school),
    }
    assert len(counted) == 1, counted
    assert used(school, row.opened_at) == earned(school) + spans.measure(_provisional(school))
    return counted.pop()


def _provisional(school):
    return Coverage.objects.get(learner_id=school.learner.id, courseware_id=school.first).provisional


def test_less_is_taken_from_what_counts_and_from_the_day_and_can_be_learnt_again(school, sat):
    assert everywhere(school, sat) > 60_000
    correct(school, sat, "1:00")
    assert everywhere(school, sat) == sat.confirmed_ms == 60_000
    (duty,) = plans.assignments_of(school.learner.id)
    assert duty.earned_ms == 60_000
    assert Coverage.objects.get(courseware_id=school.first).position_ms == 60_000
    line = summary(FeedRecord.objects.filter(subject=school.learner.uuid).order_by("-id").first())
    assert "更正第" in line
    assert "有效学习减少" in line
    player = school.open(at=sat.closed_at + timedelta(hours=2))
    assert player.position_ms == 60_000


def test_nothing_moves_before_the_second_person(school, sat):
    before = everywhere(school, sat)
    correct(school, sat, "1:00", approve=False)
    assert everywhere(school, sat) == before


def test_what_was_taken_wrongly_is_given_again_but_never_more_than_the_server_timed(school, sat):
    whole = everywhere(school, sat)
    correct(school, sat, "0")
    assert everywhere(school, sat) == 0
    most = min(sat.playing_ms, sat.duration_ms) // 1000
    with pytest.raises(DomainError) as refusal:
        correct(school, sat, f"{most // 60 + 1}:00")
    assert (refusal.value.code, refusal.value.details["field"]) == ("too_much", "effective_s")
    correct(school, sat, f"{whole // 60_000}:{whole // 1000 % 60:02d}")
    assert everywhere(school, sat) == whole // 1000 * 1000
    assert records.verify_chain(school.learner.uuid).is_whole


def test_a_full_day_gives_nothing_and_leaves_everything_as_it_was(school, sat):
    whole = everywhere(school, sat)
    correct(school, sat, "0")
    day, key = clock.shanghai_date(sat.opened_at), school.learner.person_key
    persons.lock_day(person_key=key, day=day)
    persons.debit_day(person_key=key, day=day, ms=21_599_000 - used(school, sat.opened_at), cap_ms=21_600_000)
    made = correct(school, sat, f"{whole // 60_000}:00", approve=False)
    with pytest.raises(DomainError, match="day_full"):
        records.decide_correction(correction=made.uuid, approve=True, by=TWO, at=sat.closed_at)
    assert (earned(school), effective(school), used(school, sat.opened_at)) == (0, 0, 21_599_000)
    assert Correction.objects.get(uuid=made.uuid).state == "PROPOSED"


def test_a_proposal_that_is_out_of_date_is_not_carried_out(school, sat):
    made = correct(school, sat, "0", approve=False)
    StudySession.objects.filter(pk=sat.pk).update(confirmed_ms=sat.confirmed_ms - 5_000, credited_ms=sat.credited_ms - 5_000)
    before = len(records.entries_of(school.learner.uuid))
    with pytest.raises(DomainError, match="changed_meanwhile"):
        records.decide_correction(correction=made.uuid, approve=True, by=TWO, at=sat.closed_at)
    assert len(records.entries_of(school.learner.uuid)) == before


def test_the_learner_s_file_shows_the_sitting_with_what_was_said_and_what_holds(school, sat):
    correct(school, sat, "1:00")
    document = records.learner_file(school.learner.uuid, at=sat.closed_at)
    (training,) = [one for one in document.sections if one.title == "年度再培训"]
    (study,) = [one for one in training.tables if one.title == "学习过程"]
    (row,) = study.rows
    assert row[5] == "10.1.2.3"
    assert row[4] == "t" * 8
    assert "更正" in row[7]
    assert "→ 1 分钟" in row[7]


def test_voided_hours_come_back_by_way_of_an_appeal_alone(school):
    player = school.open()
    player.play()
    until_asked(player)
    for _try in range(2):
        player.ask()
        player.prove(code="x")
    services.close_session(session=player.uuid, reason="left", at=player.now)
    row = StudySession.objects.get(uuid=player.uuid)
    assert row.voided_ms >= 60_000
    before = len(records.entries_of(school.learner.uuid))
    with pytest.raises(DomainError) as refusal:
        correct(school, row, "1:00")
    assert (refusal.value.code, refusal.value.details["field"]) == ("too_much", "effective_s")
    assert (earned(school), len(records.entries_of(school.learner.uuid))) == (0, before)


def test_a_sitting_over_midnight_gives_both_days_back(school, sat):
    today, key = clock.shanghai_date(sat.opened_at), school.learner.person_key
    yesterday, half = today - timedelta(days=1), sat.confirmed_ms // 2
    persons.give_back(person_key=key, day=today, ms=half + spans.measure(_provisional(school)))
    persons.lock_day(person_key=key, day=yesterday)
    persons.debit_day(person_key=key, day=yesterday, ms=half, cap_ms=21_600_000)
    StudySession.objects.filter(pk=sat.pk).update(opened_at=sat.opened_at - timedelta(days=1))
    correct(school, sat, "0")
    assert (earned(school), [persons.day_used(person_key=key, day=day) for day in (yesterday, today)]) == (0, [0, 0])


def told(paper):
    with platform_scope():
        found = regulators.certificate(paper.code)
    assert found is not None
    return found


def test_strangers_are_told_of_certificates_that_rest_on_the_sitting_and_of_no_other(school, sat):
    code = entry_of(school).body["course"]["code"]
    course = {"code": code, "title": "课程", "trainer": "教师甲", "duration_ms": 1, "earned_ms": 1}

    def issued(minutes, **changes):
        said = facts(subject=school.learner.uuid, courses=[course], **changes)
        return records.issue_certificate(facts=said, at=sat.closed_at + timedelta(minutes=minutes))

    before, after = issued(-600), issued(30)
    correct(school, sat, "1:00")
    assert ([len(told(one).corrections) for one in (before, after)], told(after).state) == ([0, 1], "VALID")
    assert records.touching([before.uuid, after.uuid]) == {after.uuid: 1}
