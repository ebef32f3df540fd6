"""Arranging classes: what is refused, who is double-booked, who is seated."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest

from apps.people import api as people
from apps.plans import opening
from apps.plans.classes import arranging, resources
from apps.plans.classes.models import ClassTrainer, OfflineClass, Room, Seat
from infra.kit.errors import DomainError
from tests.apps.plans import ground as plans_ground

from . import ground
from .ground import AFTER, ENDS, HOUR_MS, NOON, STARTS

DAY = timedelta(days=1)


@pytest.fixture
def house(in_jia):
    return ground.house()


def refuses(code, act):
    def rows():
        return [list(model.objects.order_by("pk").values()) for model in (OfflineClass, Seat, Room, ClassTrainer)]

    before = rows()
    with pytest.raises(DomainError) as refusal:
        act()
    assert refusal.value.code == code
    assert rows() == before


@pytest.mark.req("R2.9")
def test_a_class_gets_the_next_number_of_its_year(house):
    first, second = house.arrange(), house.arrange(starts_at=STARTS + DAY, ends_at=ENDS + DAY)
    assert (first.number, second.number) == ("2026-001", "2026-002")
    assert first.seats.count() == 2


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("topic", {"topic": "  "}),
        ("topic", {"topic": "题" * 81}),
        ("content", {"content": ""}),
        ("times", {"ends_at": STARTS}),
        ("times", {"ends_at": STARTS - timedelta(hours=1)}),
        ("two_days", {"ends_at": STARTS + timedelta(hours=11)}),
        ("past", {"starts_at": NOON - timedelta(minutes=1)}),
        ("hours", {"credit_ms": 0}),
        ("hours", {"credit_ms": 4 * HOUR_MS + 1}),
        ("trainer_gone", {"trainer": uuid4()}),
        ("room_gone", {"room": uuid4()}),
    ],
)
def test_refuses_a_class_that_cannot_be_and_changes_nothing(house, code, changes):
    refuses(code, lambda: house.arrange(**changes))
    row = house.arrange()
    refuses(code, lambda: arranging.rearrange(uuid=row.uuid, order=house.order(**changes), at=NOON))


def test_a_day_holds_no_more_than_eight_credit_hours(house):
    morning = NOON + timedelta(hours=-4, days=1)
    refuses("hours", lambda: house.arrange(starts_at=morning, ends_at=morning + timedelta(hours=9), credit_ms=9 * HOUR_MS))
    too_long = morning - timedelta(hours=4)
    refuses("too_long", lambda: house.arrange(starts_at=too_long, ends_at=too_long + timedelta(hours=13)))


@pytest.mark.req("R2.9")
def test_a_trainer_or_a_room_is_never_booked_twice(house):
    house.arrange()
    other_trainer = ground.add_trainer("教师乙")
    other_room = resources.write_room(uuid=None, name="大会议室", place="", seats=5, at=NOON)
    half = {"starts_at": STARTS + timedelta(hours=1), "ends_at": ENDS + timedelta(hours=1)}
    refuses("trainer_busy", lambda: house.arrange(room=other_room.uuid, **half))
    refuses("room_busy", lambda: house.arrange(trainer=other_trainer.uuid, **half))
    after = house.arrange(starts_at=ENDS, ends_at=ENDS + timedelta(hours=3))
    refuses("room_busy", lambda: arranging.rearrange(uuid=after.uuid, order=house.order(trainer=other_trainer.uuid), at=NOON))


def test_a_cancelled_class_leaves_its_time_to_others(house):
    row = house.arrange()
    refuses("reason_missing", lambda: arranging.cancel(uuid=row.uuid, reason=" ", at=NOON))
    arranging.cancel(uuid=row.uuid, reason="教师生病", at=NOON)
    assert house.arrange().number == "2026-002"
    refuses("class_begun", lambda: arranging.rearrange(uuid=row.uuid, order=house.order(), at=NOON))


@pytest.mark.req("R2.9")
def test_nobody_sits_in_two_classes_at_once_and_whoever_is_left_out_is_named(house):
    house.arrange()
    trainer, room = ground.add_trainer("教师乙"), resources.write_room(uuid=None, name="二号室", place="", seats=9, at=NOON)
    row = house.arrange(trainer=trainer.uuid, room=room.uuid, seated=False)
    done = arranging.seat(uuid=row.uuid, learners=None, at=NOON)
    assert (done.added, row.seats.count()) == (0, 0)
    assert all(view.name in done.busy for view in house.learners)


def test_a_class_is_not_moved_to_a_time_at_which_its_people_sit_elsewhere(house):
    house.arrange()
    trainer, room = ground.add_trainer("教师乙"), resources.write_room(uuid=None, name="二号室", place="", seats=9, at=NOON)
    other = {"trainer": trainer.uuid, "room": room.uuid}
    row = house.arrange(starts_at=STARTS + DAY, ends_at=ENDS + DAY, **other)
    refuses("learner_busy", lambda: arranging.rearrange(uuid=row.uuid, order=house.order(**other), at=NOON))


def test_no_more_people_than_seats(house):
    small = resources.write_room(uuid=None, name="小间", place="", seats=1, at=NOON)
    row = house.arrange(room=small.uuid, seated=False)
    refuses("room_full", lambda: arranging.seat(uuid=row.uuid, learners=None, at=NOON))
    arranging.seat(uuid=row.uuid, learners=[house.learners[0].uuid], at=NOON)
    refuses("room_full", lambda: arranging.seat(uuid=row.uuid, learners=[house.learners[1].uuid], at=NOON))
    full = house.arrange(starts_at=STARTS + DAY, ends_at=ENDS + DAY)
    moved = replace(house.order(room=small.uuid), starts_at=STARTS + DAY, ends_at=ENDS + DAY)
    refuses("room_full", lambda: arranging.rearrange(uuid=full.uuid, order=moved, at=NOON))
    refuses("room_full", lambda: resources.write_room(uuid=house.room.uuid, name="培训室", place="", seats=1, at=NOON))


def test_only_people_of_the_plan_on_the_books_are_seated(house):
    row = house.arrange(seated=False)
    stranger = plans_ground.learner(9)
    refuses("not_in_plan", lambda: arranging.seat(uuid=row.uuid, learners=[stranger.uuid], at=NOON))
    people.archive_learner(learner_uuid=house.learners[0].uuid, at=NOON)
    refuses("not_in_plan", lambda: arranging.seat(uuid=row.uuid, learners=[house.learners[0].uuid], at=NOON))
    assert arranging.seat(uuid=row.uuid, learners=None, at=NOON).added == 1


def test_a_closed_plan_gets_no_more_classes(house):
    opening.close_plan(plan_uuid=house.plan, at=NOON)
    refuses("plan_closed", house.arrange)


def test_who_has_signed_is_not_taken_off_the_list(house):
    row = house.arrange()
    house.sign(row, "in", STARTS)
    refuses("has_attended", lambda: arranging.unseat(uuid=row.uuid, seat_uuid=house.seat(row).uuid, at=STARTS))
    arranging.unseat(uuid=row.uuid, seat_uuid=house.seat(row, 1).uuid, at=STARTS)
    assert row.seats.count() == 1
    refuses("class_over", lambda: arranging.seat(uuid=row.uuid, learners=None, at=AFTER))


def test_a_trainer_whose_qualification_has_ended_by_then_is_refused(house):
    late = ground.add_trainer("教师乙", expires_on=date(2026, 11, 22))
    refuses("trainer_expired", lambda: house.arrange(trainer=late.uuid))
    assert house.arrange(trainer=ground.add_trainer("教师丙", expires_on=date(2026, 11, 23)).uuid).number


def test_trainers_and_rooms_are_archived_and_only_without_classes_to_come(house):
    row = house.arrange()
    refuses("trainer_used", lambda: resources.archive_trainer(uuid=house.trainer.uuid, archived=True, at=NOON))
    refuses("room_used", lambda: resources.archive_room(uuid=house.room.uuid, archived=True, at=NOON))
    resources.archive_trainer(uuid=house.trainer.uuid, archived=True, at=AFTER)
    resources.archive_room(uuid=house.room.uuid, archived=True, at=AFTER)
    row.refresh_from_db()
    assert row.trainer.name == "教师甲"
    later = {"starts_at": STARTS + DAY, "ends_at": ENDS + DAY}
    refuses("trainer_gone", lambda: house.arrange(**later))
    resources.archive_trainer(uuid=house.trainer.uuid, archived=False, at=AFTER)
    refuses("room_gone", lambda: house.arrange(**later))


def test_a_trainer_needs_name_and_qualification_and_one_sign_in_is_one_trainer(house):
    def write(**changes):
        base = {
            "name": "教师丁",
            "origin": "OUTSIDE",
            "employer": "安培中心",
            "qualification": "讲师",
            "expires_on": None,
            "manager_id": None,
        }
        return resources.write_trainer(uuid=None, **{**base, **changes})

    refuses("name_missing", lambda: write(name=" "))
    refuses("qualification_missing", lambda: write(qualification=""))
    refuses("employer_missing", lambda: write(employer=""))
    refuses("sign_in_taken", lambda: write(manager_id=house.teacher))
    assert write().employer == "安培中心"
    refuses("name_taken", lambda: resources.write_room(uuid=None, name="培训室", place="", seats=3, at=NOON))
    refuses("seats", lambda: resources.write_room(uuid=None, name="空地", place="", seats=0, at=NOON))
