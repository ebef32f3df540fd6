"""Signing in and out: only with the code on the screen, on one's own phone, around the class; or by hand with a reason."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction

from apps.learning import services as learning
from apps.plans import api as plans
from apps.plans.classes import arranging, attending, codes, queries
from apps.plans.classes.models import Attendance
from infra.kit.errors import DomainError

from . import ground
from .ground import AFTER, ENDS, NOON, STARTS

MINUTE = timedelta(minutes=1)


@pytest.fixture
def house(in_jia):
    return ground.house()


@pytest.fixture
def row(house):
    return house.arrange()


def refuses(code, act):
    before = list(Attendance.objects.order_by("pk").values())
    with pytest.raises(DomainError) as refusal:
        act()
    assert refusal.value.code == code
    assert list(Attendance.objects.order_by("pk").values()) == before


def present_ms(house, row, n=0):
    return queries.lines(row, learners=[house.learners[n].id])[0].outcome.presence.ms


@pytest.mark.req("R2.9")
def test_signing_in_and_out_makes_presence(house, row):
    house.attend(row, since=STARTS + 10 * MINUTE, until=ENDS - 20 * MINUTE)
    assert present_ms(house, row) == 150 * 60_000
    assert present_ms(house, row, 1) == 0


def test_time_before_and_after_the_class_counts_nothing(house, row):
    house.attend(row, since=STARTS - 30 * MINUTE, until=ENDS + 30 * MINUTE)
    assert present_ms(house, row) == 180 * 60_000
    refuses("not_open", lambda: house.sign(row, "in", STARTS - 31 * MINUTE, 1))
    refuses("not_open", lambda: house.sign(row, "in", ENDS + 31 * MINUTE, 1))


@pytest.mark.req("R2.3")
def test_an_old_a_foreign_or_a_guessed_code_signs_nobody(house, row):
    other = house.arrange(starts_at=ENDS, ends_at=ENDS + timedelta(hours=3))
    for code in ("", "12345", codes.code_at(row.uuid, STARTS - 2 * MINUTE), codes.code_at(other.uuid, STARTS)):
        refuses("wrong_code", lambda code=code: house.sign(row, "in", STARTS, code=code))
    refuses("not_found", lambda: attending.sign(
        uuid=uuid4(), learner_id=house.learners[0].id, code="1", do="in", terminal="a", ip="127.0.0.1", at=STARTS))  # fmt: skip


@pytest.mark.req("R2.3")
def test_one_phone_signs_for_one_person(house, row):
    house.sign(row, "in", STARTS, terminal="phone")
    refuses("terminal_used", lambda: house.sign(row, "in", STARTS + MINUTE, 1, terminal="phone"))


def test_who_is_not_on_the_list_and_a_cancelled_class_sign_nothing(house, row):
    arranging.unseat(uuid=row.uuid, seat_uuid=house.seat(row, 1).uuid, at=NOON)
    refuses("not_found", lambda: house.sign(row, "in", STARTS, 1))
    arranging.cancel(uuid=row.uuid, reason="停电", at=NOON)
    refuses("class_cancelled", lambda: house.sign(row, "in", STARTS))


def test_pressing_twice_changes_nothing_and_out_needs_in(house, row):
    refuses("not_signed_in", lambda: house.sign(row, "out", STARTS))
    first = house.sign(row, "in", STARTS)
    assert house.sign(row, "in", STARTS + MINUTE) == first
    house.sign(row, "out", ENDS)
    refuses("not_signed_in", lambda: house.sign(row, "out", ENDS))


@pytest.mark.req("R2.9")
def test_a_trainer_writes_presence_down_with_a_reason(house, row):
    def mark(**changes):
        base = {"since": STARTS, "until": ENDS, "reason": "手机没电，本人到课", "at": AFTER}
        return attending.mark(uuid=row.uuid, seat_uuid=house.seat(row).uuid, by=house.teacher, **{**base, **changes})

    refuses("reason_missing", lambda: mark(reason=" "))
    refuses("times", lambda: mark(until=None))
    refuses("times", lambda: mark(since=STARTS - MINUTE))
    refuses("times", lambda: mark(until=STARTS))
    refuses("times", lambda: mark(at=STARTS + MINUTE))
    refuses("not_open", lambda: mark(at=NOON))
    mark()
    assert present_ms(house, row) == 180 * 60_000
    mark(since=None, until=None, reason="点名不在")
    assert present_ms(house, row) == 0
    assert Attendance.objects.count() == 2


@pytest.mark.req("R4.2")
def test_attendance_is_never_changed_or_deleted(house, row):
    house.sign(row, "in", STARTS)
    for act in (lambda: Attendance.objects.update(at=NOON), lambda: Attendance.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    assert Attendance.objects.get().at == STARTS


@pytest.mark.req("R3.5")
def test_nobody_opens_an_online_lesson_while_signed_in_to_a_class(house, row):
    learner = house.learners[0]
    (duty,) = plans.assignments_of(learner.id)

    def study(at):
        plans.refuse_in_class(learner_id=learner.id, at=at)

    study(STARTS)
    house.sign(row, "in", STARTS)
    refuses("in_class", lambda: study(STARTS + MINUTE))
    refuses("in_class", lambda: learning.open_session(
        learner=learner, assignment_uuid=duty.uuid, courseware_id=duty.courseware_ids[0], terminal="t" * 32, ip="127.0.0.1",
        at=STARTS + MINUTE))  # fmt: skip
    study(ENDS)
    house.sign(row, "out", STARTS + 2 * MINUTE)
    study(STARTS + 3 * MINUTE)


def test_a_learner_sees_what_to_do_now(house, row):
    def due(at):
        (one,) = queries.own_classes(house.learners[0].id, at=at)
        return one.due, one.stands

    assert due(NOON) == ("", "UPCOMING")
    assert due(STARTS) == ("in", "RUNNING")
    house.sign(row, "in", STARTS)
    assert due(STARTS + MINUTE) == ("out", "RUNNING")
    assert due(ENDS + MINUTE) == ("out", "ENDED")
