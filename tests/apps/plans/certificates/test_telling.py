"""Who holds a certificate hears before it ends, once each time; managers once a week how many."""

from datetime import date, timedelta

import pytest

from apps.people.models import Learner, Notice
from apps.plans.certificates import telling
from infra.kit import clock
from tests.apps.plans.certificates.ground import house

UNTIL = date(2027, 11, 22)


@pytest.mark.parametrize(
    ("left", "due"),
    [
        (61, None),
        (60, 60),
        (58, 60),
        (57, None),
        (30, 30),
        (28, 30),
        (27, None),
        (7, 7),
        (5, 7),
        (4, None),
        (0, None),
        (-1, 0),
        (-3, 0),
        (-4, None),
    ],
)
def test_which_notice_is_due(left, due):
    assert telling.stage(UNTIL, UNTIL - timedelta(days=left)) == due


def days_before(paper, left):
    return clock.shanghai_midnight(date.fromisoformat(paper.valid_until) - timedelta(days=left)) + timedelta(hours=9)


def told(kind):
    return list(Notice.objects.filter(kind=kind).values_list("learner_id", flat=True))


@pytest.mark.req("R4.5")
def test_holders_are_told_at_each_stage_once_and_managers_once_a_week(in_jia):
    home = house(in_jia, 2)
    paper = home.papers[0]
    assert telling.remind(at=days_before(paper, 90)) == 0
    for left in (60, 59, 30, 7):
        assert telling.remind(at=days_before(paper, left)) == 2
    assert sorted(told("certificate.expiring")) == sorted([view.id for view in home.who] * 3)
    telling.remind(at=days_before(paper, -1))
    assert sorted(told("certificate.expired")) == sorted(view.id for view in home.who)
    weeks = Notice.objects.filter(kind="certificate.list", manager_id=home.me).values_list("about", flat=True)
    assert len(weeks) == len(set(weeks)) == 4


def test_who_left_hears_nothing(in_jia):
    home = house(in_jia, 1)
    Learner.objects.update(status="ARCHIVED")
    assert telling.remind(at=days_before(home.papers[0], 30)) == 0
    assert not Notice.objects.filter(kind__startswith="certificate.").exists()


def test_a_certificate_without_an_end_is_no_news(in_jia):
    home = house(in_jia, 1, code="CY-GEN")
    assert home.papers[0].valid_until == ""
    assert telling.remind(at=clock.now() + timedelta(days=4000)) == 0
