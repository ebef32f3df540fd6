"""What people are told about classes: once for each turn, in the transaction of what happened."""

from dataclasses import replace
from datetime import timedelta

import pytest

from apps.people.models import Notice
from apps.plans.classes import arranging, confirming
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
