"""From attendance to hours: two people, the ledger, the person's day, the plan; corrections are new entries."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from apps.learning.models import StudySession
from apps.people.models import Learner
from apps.plans import api as plans
from apps.plans.classes import attending, confirming, queries
from apps.plans.classes.models import OfflineClass, Seat
from apps.records import api as records
from infra.kit import clock
from infra.kit.errors import DomainError
from public.persons import api as persons
from tests.apps.plans import ground as plans_ground

from . import ground
from .ground import AFTER, ENDS, HOUR_MS, NOON, STARTS

MINUTE, MINUTE_MS = timedelta(minutes=1), 60_000
DAY = clock.shanghai_date(STARTS)


@pytest.fixture
def house(in_jia):
    return ground.house()


@pytest.fixture
def row(house):
    found = house.arrange()
    house.attend(found, since=STARTS + 20 * MINUTE)
    return found


def refuses(code, act):
    def state():
        seats = list(Seat.objects.order_by("pk").values())
        return (
            seats,
            list(OfflineClass.objects.values()),
            [len(records.entries_of(uuid)) for uuid in Learner.objects.values_list("uuid", flat=True)],
        )

    before = state()
    with pytest.raises(DomainError) as refusal:
        act()
    assert refusal.value.code == code
    assert state() == before


def submit(house, row, **changes):
    words = {"summary": "大家都会用灭火器了。", "cost_yuan": None, "by": house.owner, "at": AFTER} | changes
    return confirming.submit(uuid=row.uuid, **words)


def class_entries(learner):
    return [entry.body for entry in records.entries_of(learner.uuid) if entry.kind == "CLASS"]


def studied(house, since, until, paid_ms, n=0):
    """Let learner ``n`` have studied online."""
    (duty,) = plans.assignments_of(house.learners[n].id)
    return StudySession.objects.create(
        learner_id=house.learners[n].id, person_key=house.learners[n].person_key, assignment_id=duty.id,
        courseware_id=duty.courseware_ids[0], version_id=1, course_code="AQ-1", course_title="课", version_no=1,
        courseware_title="第 1 节", media=uuid4(), duration_ms=10 * HOUR_MS, ip="127.0.0.1", terminal=uuid4().hex, opened_at=since,
        closed_at=until, close_reason="left", nonce="n", key=b"", last_at=until, credited_ms=paid_ms, confirmed_ms=paid_ms,
        playing_ms=paid_ms, accepted_ms=paid_ms, furthest_ms=paid_ms, forward_ms=paid_ms, next_in=15,
    )  # fmt: skip


@pytest.mark.req("R2.9")
def test_hours_count_only_after_a_second_person_has_confirmed(house, row):
    learner, other = house.learners
    (duty,) = plans.assignments_of(learner.id)
    submit(house, row)
    assert plans.offline_ms(learner.id, duty.plan_id) == 0
    assert class_entries(learner) == []
    confirming.confirm(uuid=row.uuid, by=house.second, at=AFTER)
    assert plans.offline_ms(learner.id, duty.plan_id) == 160 * MINUTE_MS
    assert plans.offline_ms(other.id, duty.plan_id) == 0
    (entry,) = class_entries(learner)
    assert (entry["effective_ms"], entry["confirmed_by"], entry["submitted_by"]) == (160 * MINUTE_MS, "管理员乙", "安全员")
    assert [step["kind"] for step in entry["attendance"]] == ["IN", "OUT"]
    assert class_entries(other)[0]["effective_ms"] == 0
    assert records.verify_chain(learner.uuid).is_whole


@pytest.mark.req("R4.2")
def test_nobody_confirms_the_own_work(house, row):
    attending.mark(
        uuid=row.uuid, seat_uuid=house.seat(row, 1).uuid, since=STARTS, until=ENDS, reason="手机没电", by=house.second, at=AFTER
    )
    refuses("not_submitted", lambda: confirming.confirm(uuid=row.uuid, by=house.second, at=AFTER))
    submit(house, row)
    for who in (house.owner, house.teacher, house.second):
        refuses("second_person", lambda who=who: confirming.confirm(uuid=row.uuid, by=who, at=AFTER))


def test_the_database_refuses_one_person_in_both_places(house, row):
    submit(house, row)
    with pytest.raises(IntegrityError), transaction.atomic():
        OfflineClass.objects.filter(pk=row.pk).update(state="CONFIRMED", confirmed_by=house.owner, confirmed_at=AFTER)


def test_a_class_is_submitted_once_after_it_ended_and_with_somebody_there(house, row):
    refuses("not_over", lambda: submit(house, row, at=ENDS - MINUTE))
    empty = house.arrange(starts_at=ENDS, ends_at=ENDS + timedelta(hours=1), credit_ms=HOUR_MS)
    refuses("nobody_there", lambda: submit(house, empty, at=ENDS + timedelta(hours=1)))
    submit(house, row)
    refuses("class_over", lambda: submit(house, row))
    refuses("class_over", lambda: attending.mark(
        uuid=row.uuid, seat_uuid=house.seat(row).uuid, since=None, until=None, reason="缺课", by=house.owner, at=AFTER))  # fmt: skip


def test_what_is_given_back_can_be_mended_and_submitted_again(house, row):
    submit(house, row)
    confirming.send_back(uuid=row.uuid, by=house.second, at=AFTER)
    refuses("not_submitted", lambda: confirming.send_back(uuid=row.uuid, by=house.second, at=AFTER))
    attending.mark(
        uuid=row.uuid, seat_uuid=house.seat(row).uuid, since=None, until=None, reason="中途离开", by=house.owner, at=AFTER
    )
    house.confirmed(row)
    assert house.seat(row).credit_ms == 0


def test_confirming_again_changes_nothing(house, row):
    house.confirmed(row)
    confirming.confirm(uuid=row.uuid, by=house.second, at=AFTER)
    assert len(class_entries(house.learners[0])) == 1
    assert persons.day_used(person_key=house.learners[0].person_key, day=DAY) == 160 * MINUTE_MS


@pytest.mark.req("R3.5")
def test_online_and_offline_time_of_one_day_share_its_eight_hours(house, row):
    key = house.learners[0].person_key
    persons.lock_day(person_key=key, day=DAY)
    persons.debit_day(person_key=key, day=DAY, ms=7 * HOUR_MS, cap_ms=8 * HOUR_MS)
    house.confirmed(row)
    assert house.seat(row).credit_ms == HOUR_MS
    assert persons.day_used(person_key=key, day=DAY) == 8 * HOUR_MS


@pytest.mark.req("R3.5")
def test_time_that_was_studied_online_meanwhile_counts_there_and_not_here(house, row):
    studied(house, STARTS + 60 * MINUTE, STARTS + 100 * MINUTE, 30 * MINUTE_MS)
    studied(house, ENDS + MINUTE, ENDS + 60 * MINUTE, 30 * MINUTE_MS)
    (line,) = queries.lines(row, learners=[house.learners[0].id])
    assert line.outcome.overlap_ms == 30 * MINUTE_MS
    house.confirmed(row)
    seat = house.seat(row)
    assert (seat.present_ms, seat.overlap_ms, seat.credit_ms) == (160 * MINUTE_MS, 30 * MINUTE_MS, 130 * MINUTE_MS)


@pytest.mark.req("R4.2")
def test_a_correction_is_a_new_entry_and_moves_day_and_plan(house, row):
    learner = house.learners[0]
    house.confirmed(row)

    def correct(since, until, **changes):
        words = {"reason": "监控显示提前离开", "by": house.second, "at": AFTER + MINUTE} | changes
        return confirming.correct(uuid=row.uuid, seat_uuid=house.seat(row).uuid, since=since, until=until, **words)

    refuses("second_person", lambda: correct(STARTS, ENDS, by=house.owner))
    refuses("second_person", lambda: correct(STARTS, ENDS, by=house.teacher))
    refuses("reason_missing", lambda: correct(STARTS, ENDS, reason=""))
    refuses("nothing_changes", lambda: correct(STARTS + 20 * MINUTE, ENDS))
    correct(STARTS + 20 * MINUTE, STARTS + 60 * MINUTE)
    correct(STARTS, ENDS, reason="核实后恢复")
    correct(None, None, reason="代签")
    assert [(entry["event"], entry["effective_ms"] // MINUTE_MS) for entry in class_entries(learner)] == [
        ("class", 160), ("class_correction", -120), ("class_correction", 140), ("class_correction", -180),
    ]  # fmt: skip
    assert house.seat(row).credit_ms == 0
    assert persons.day_used(person_key=learner.person_key, day=DAY) == 0
    assert records.verify_chain(learner.uuid).is_whole


def test_before_confirmation_there_is_nothing_to_correct(house, row):
    refuses("not_confirmed", lambda: confirming.correct(
        uuid=row.uuid, seat_uuid=house.seat(row).uuid, since=None, until=None, reason="缺课", by=house.second, at=AFTER))  # fmt: skip


@pytest.mark.req("R2.9")
def test_a_blended_plan_completes_with_its_courses_and_its_classes(in_jia):
    course = plans_ground.make_course("AQ-CY-B1", lessons=(HOUR_MS, HOUR_MS))
    law = plans_ground.requirement("INITIAL", hours=4)
    house = ground.house(version_ids=[course], requirement_id=law, hours=4, offline_hours=2, exam_needed=False, learners=1)
    learner = house.learners[0]
    (duty,) = plans.assignments_of(learner.id)
    plans_ground.learn_all(duty)
    assert plans.review_completion(learner_id=learner.id, at=AFTER) == []
    row = house.arrange()
    house.attend(row)
    house.confirmed(row)
    (duty,) = plans.assignments_of(learner.id)
    assert (duty.offline_ms, plans.offline_ms(learner.id, duty.plan_id)) == (2 * HOUR_MS, 4 * HOUR_MS)
    assert (duty.state, duty.earned_ms) == ("COMPLETED", 4 * HOUR_MS)
    (certificate,) = records.certificates_of(learner.uuid)
    assert [line["code"] for line in certificate.body["courses"]] == ["AQ-CY-B1", f"线下 {row.number}"]


@pytest.mark.parametrize(("hours", "offline"), [(4, 4), (4, -1), (4, 999)])
def test_a_blended_plan_leaves_something_to_learn_online(in_jia, hours, offline):
    plans_ground.learner(1)
    with pytest.raises(DomainError) as refusal:
        plans_ground.open_plan(requirement_id=plans_ground.requirement(hours=4), hours=hours, offline_hours=offline)
    assert refusal.value.code == "offline_hours"


def test_online_hours_do_not_stand_in_for_classes(in_jia):
    course = plans_ground.make_course("AQ-CY-B2", lessons=(2 * HOUR_MS, 2 * HOUR_MS))
    house = ground.house(
        version_ids=[course], requirement_id=plans_ground.requirement(hours=4), offline_hours=1, exam_needed=False, learners=1
    )
    (duty,) = plans.assignments_of(house.learners[0].id)
    plans_ground.learn_all(duty)
    assert plans.standing(duty).earned_ms == 4 * HOUR_MS
    assert plans.standing(duty).hours_ok is False
    assert plans.review_completion(learner_id=house.learners[0].id, at=NOON) == []
