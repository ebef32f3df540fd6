"""Special-operation certificates that end soon, and notices that are old."""

from datetime import date, timedelta

import pytest

from apps.people import api as people
from apps.people import managing, services
from apps.people.models import Delivery, Manager, Notice, SmsDay
from apps.people.notify import expiring, planning, retention, rules
from apps.people.organisation import qualifications
from tests.conftest import NOON

from .conftest import MINUTE, tell

TODAY = date(2026, 11, 23)


def certificate(crew, left, review=None, learner=None):
    return qualifications.add(
        learner_uuid=(learner or crew.learner).uuid,
        kind="ELECTRIC",
        item="低压电工作业",
        number="T330106199003070014",
        review_on=TODAY + timedelta(days=review) if review is not None else None,
        expires_on=TODAY + timedelta(days=left),
        by=crew.owner.pk,
        at=NOON,
    )


def told(learner):
    return [(row.kind, row.context["left"]) for row in Notice.objects.filter(learner_id=learner.pk).order_by("id")]


@pytest.mark.req("R2.9")
def test_the_holder_is_told_at_sixty_thirty_and_seven_days_and_when_it_has_ended(crew):
    certificate(crew, 65)
    for day in range(0, 75):
        expiring.tell(at=NOON + timedelta(days=day))
    assert told(crew.learner) == [
        ("qualification.expiring", 60),
        ("qualification.expiring", 30),
        ("qualification.expiring", 7),
        ("qualification.expired", 0),
    ]


def test_a_missed_day_is_made_up_for_and_nothing_told_twice(crew):
    certificate(crew, 65)
    for day in (8, 8, 9, 40, 62):
        expiring.tell(at=NOON + timedelta(days=day))
    assert told(crew.learner) == [("qualification.expiring", 57), ("qualification.expiring", 25), ("qualification.expiring", 3)]


def test_the_review_counts_when_it_comes_first_and_withdrawn_or_long_ended_ones_do_not(crew):
    certificate(crew, 400, review=20)
    qualifications.withdraw(qualification=certificate(crew, 5).uuid, by=crew.owner.pk, at=NOON)
    certificate(crew, -200)
    expiring.tell(at=NOON)
    assert told(crew.learner) == [("qualification.expiring", 20)]


def test_managers_are_told_once_a_day_how_many_supervisors_only_of_their_own(crew):
    ours, theirs = services.unit_of_path("生产部"), services.unit_of_path("仓储部")
    other = people.add_learner(
        name="学员乙", id_number="330203198511120024", mobile="13800000002", unit_id=ours.pk, password=None, at=NOON
    )
    supervisors = [
        managing.invite(name="主管", mobile=f"1390000000{n}", role="UNIT", unit_id=unit.pk, by=crew.owner.pk, at=NOON)
        for n, unit in enumerate((ours, theirs))
    ]
    certificate(crew, 30)
    certificate(crew, -1, learner=other)
    certificate(crew, 29)
    for _turn in range(2):
        expiring.tell(at=NOON)
    rows = {row.manager_id: row.context for row in Notice.objects.filter(kind="qualification.list")}
    assert rows == {crew.owner.pk: {"soon": 2, "ended": 1}, supervisors[0].pk: {"soon": 0, "ended": 1}}
    assert Manager.objects.count() == 3


def test_forgets_what_is_older_than_half_a_year_with_its_deliveries(crew):
    old, new = NOON, NOON + timedelta(days=1)
    tell("t.normal", crew.learner, about="old", at=old)
    tell("t.normal", crew.learner, about="new", at=new)
    planning.plan(at=NOON)
    SmsDay.objects.create(day=TODAY, used=3)
    assert retention.forget_old(at=old + rules.KEPT) == 0
    assert retention.forget_old(at=old + rules.KEPT + MINUTE) == 1
    assert [row.about for row in Notice.objects.all()] == ["new"]
    assert Delivery.objects.get().notice.about == "new"
    retention.forget_old(at=new + rules.KEPT + timedelta(days=2))
    assert not SmsDay.objects.exists()
