"""What people are told about classes: once for each turn, in the transaction of what happened."""

from dataclasses import replace
from datetime import timedelta

import pytest

from apps.people.models import Notice
from apps.plans.classes import arranging, confirming, expiring
from apps.plans.classes.models import ClassTrainer
from infra.kit import clock
from infra.kit.errors import DomainError

from . import ground
from .ground import AFTER, ENDS, NOON, STARTS


def told():
    return sorted(Notice.objects.filter(kind__startswith="class.").values_list("kind", "learner_id", "manager_id"))


@pytest.fixture
def house(in_jia):
    return ground.house()


def test_learners_hear_of_seat_change_and_end_of_their_class(house):
    row, (first, second) = house.arrange(), [one.id for one in house.learners]
    arranging.seat(uuid=row.uuid, learners=None, at=NOON)
    assert told() == [("class.seated", first, None), ("class.seated", second, None)]
    arranging.rearrange(uuid=row.uuid, order=house.order(topic="另一个主题"), at=NOON)
    assert len(told()) == 2, "another topic sends nobody to another place"
    arranging.rearrange(uuid=row.uuid, order=replace(house.order(), ends_at=ENDS + timedelta(minutes=30)), at=NOON)
    assert told()[0] == ("class.changed", first, None)
    arranging.cancel(uuid=row.uuid, reason="停电", at=NOON)
    notice = Notice.objects.filter(kind="class.cancelled").first()
    assert (notice.context["reason"], notice.context["topic"]) == ("停电", row.topic)


def test_those_who_may_confirm_are_asked_and_learners_hear_of_their_hours(house):
    row = house.arrange()
    house.attend(row)
    Notice.objects.all().delete()
    confirming.submit(uuid=row.uuid, summary="", cost_yuan=None, by=house.owner, at=AFTER)
    assert told() == [("class.submitted", None, house.second)]
    confirming.confirm(uuid=row.uuid, by=house.second, at=AFTER)
    assert [kind for kind, *_ in told()] == ["class.confirmed", "class.confirmed", "class.submitted"]


def test_what_is_refused_tells_nobody(house):
    row = house.arrange(seated=False)
    with pytest.raises(DomainError):
        arranging.rearrange(uuid=row.uuid, order=house.order(ends_at=STARTS), at=NOON)
    assert told() == []


def test_managers_hear_of_a_qualification_that_ends_once_a_turn_and_of_its_end(house):
    last = clock.shanghai_date(NOON) + timedelta(days=61)
    ClassTrainer.objects.update(expires_on=last)

    def turns(days):
        expiring.remind(at=NOON + timedelta(days=days))
        expiring.remind(at=NOON + timedelta(days=days))
        return Notice.objects.filter(kind__startswith="trainer.").values_list(
            "kind", flat=True
        ).distinct().count(), Notice.objects.filter(kind__startswith="trainer.", manager_id=house.owner).count()

    assert [turns(days) for days in (0, 1, 31, 32, 55, 61, 62, 90)] == [
        (0, 0), (1, 1), (1, 2), (1, 2), (1, 3), (1, 3), (2, 4), (2, 4),
    ]  # fmt: skip
    told = Notice.objects.filter(kind="trainer.expired").values_list("manager_id", flat=True)
    assert house.teacher not in told, "who only runs the own classes cannot change a qualification"
    ClassTrainer.objects.update(archived_at=NOON, expires_on=last + timedelta(days=200))
    assert expiring.remind(at=NOON + timedelta(days=250)) == 0
