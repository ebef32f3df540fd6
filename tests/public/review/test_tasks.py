"""Who reviews what by when."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from infra.kit import clock
from public.audit.models import AuditEvent
from public.review import api as review
from public.review import workdays
from public.review.models import ReviewTask
from public.review.queries import work
from tests.public.review.ground import AT, House, draft, refused

pytestmark = pytest.mark.req("R3.1")


def task(version: int, angle: str) -> ReviewTask:
    return ReviewTask.objects.filter(version_id=version, angle=angle).order_by("-pk")[0]


def test_a_submission_opens_one_task_per_angle_for_four_different_people_due_in_three_working_days(
    version: int, people: House
) -> None:
    review.submit(version_id=version, me=people.author, at=AT)
    rows = list(ReviewTask.objects.all())
    assert {row.angle for row in rows} == set(review.ANGLES)
    assert {row.assignee_id for row in rows} == {me.credential_id for me in people.reviewers}
    # AT is Friday noon: Monday, Tuesday, Wednesday 18:00.
    assert {row.due_at.astimezone(clock.SHANGHAI) for row in rows} == {datetime(2026, 11, 25, 18, tzinfo=clock.SHANGHAI)}


@pytest.mark.parametrize(
    ("day", "days", "due"),
    [
        (date(2026, 9, 30), 1, date(2026, 10, 8)),  # National Day
        (date(2026, 10, 9), 1, date(2026, 10, 10)),  # a Saturday that is worked for it
        (date(2026, 2, 13), 2, date(2026, 2, 24)),  # 14 February is worked, then Spring Festival until the 23rd
        (date(2027, 1, 1), 1, date(2027, 1, 4)),  # a year not announced yet: Monday to Friday
    ],
)
def test_working_days_leave_out_holidays_and_count_moved_days(day: date, days: int, due: date) -> None:
    assert clock.shanghai_date(workdays.after(clock.shanghai_midnight(day) + timedelta(hours=10), days)) == due


def test_work_goes_to_whoever_has_least_to_do(people: House) -> None:
    review.set_policy(reason="演示：每人可审多个方面", me=people.operations, at=AT, one_angle_each=False)
    for n in range(2):
        review.submit(version_id=draft(people.author.credential_id, code=f"AQ-{n}"), me=people.author, at=AT)
    assert {load.open for load in work.loads(at=AT)} == {2}


def test_with_fewer_than_four_reviewers_an_angle_waits_for_somebody_under_the_policy(version: int, people: House) -> None:
    from tenants.accounts.models import Credential

    Credential.objects.filter(pk=people.reviewers[0].credential_id).update(is_active=False)
    review.submit(version_id=version, me=people.author, at=AT)
    assert ReviewTask.objects.filter(assignee_id=None).count() == 1
    assert len(work.open_work(at=AT, only_free=True)) == 1


def test_another_angles_reviewer_is_refused_under_the_policy_and_accepted_without_it(version: int, people: House) -> None:
    review.submit(version_id=version, me=people.author, at=AT)
    first = people.of(version, "POLITICAL")
    people.judge(version, "POLITICAL")
    free = task(version, "FIT")
    with refused("one_angle_each"):
        review.assign(task_id=free.pk, reviewer_id=first.credential_id, reason="请接手这项", me=people.operations, at=AT)
    review.assign(task_id=free.pk, reviewer_id=None, reason="退回待领取", me=people.operations, at=AT)
    with refused("one_angle_each"):
        people.judge(version, "FIT", me=first)
    with refused("one_angle_each"):
        review.claim(task_id=free.pk, me=first, at=AT)
    review.set_policy(reason="人手不足，暂时放开", me=people.operations, at=AT, one_angle_each=False)
    assert people.judge(version, "FIT", me=first).angle == "FIT"


def test_an_assigned_angle_is_for_its_reviewer_until_operations_gives_it_to_another_with_a_reason(
    version: int, people: House
) -> None:
    review.submit(version_id=version, me=people.author, at=AT)
    row = task(version, "FIT")
    other = next(me for me in people.reviewers if me.credential_id != row.assignee_id)
    for act in (lambda: people.judge(version, "FIT", me=other), lambda: review.claim(task_id=row.pk, me=other, at=AT)):
        with refused("not_assigned"):
            act()
    with refused("reason_missing"):
        review.assign(task_id=row.pk, reviewer_id=None, reason=" ", me=people.operations, at=AT)
    with refused("no_reviewer"):
        review.assign(task_id=row.pk, reviewer_id=people.operations.credential_id, reason="人手调整", me=people.operations, at=AT)
    with refused("no_reviewer"):
        review.assign(task_id=row.pk, reviewer_id=people.author.credential_id, reason="人手调整", me=people.operations, at=AT)
    row.refresh_from_db()
    assert row.assignee_id == people.of(version, "FIT").credential_id
    review.set_policy(reason="人手不足，暂时放开", me=people.operations, at=AT, one_angle_each=False)
    review.assign(task_id=row.pk, reviewer_id=other.credential_id, reason="原审核员休假", me=people.operations, at=AT)
    people.judge(version, "FIT", me=other)
    event = AuditEvent.objects.get(action="review.assigned")
    assert (event.details["to"], event.details["reason"]) == (other.credential_id, "原审核员休假")
    with refused("already_decided"):
        review.assign(task_id=row.pk, reviewer_id=None, reason="已经结束了", me=people.operations, at=AT)


def test_claiming_takes_a_free_task_and_a_second_claim_is_refused(version: int, people: House) -> None:
    review.submit(version_id=version, me=people.author, at=AT)
    row = task(version, "FIT")
    mine = people.of(version, "FIT")
    assert review.claim(task_id=row.pk, me=mine, at=AT).state == "CLAIMED"
    with refused("not_assigned"):
        review.claim(task_id=row.pk, me=next(me for me in people.reviewers if me != mine), at=AT)


def test_the_board_counts_open_overdue_and_done_in_time(version: int, people: House) -> None:
    review.submit(version_id=version, me=people.author, at=AT)
    people.judge(version, "FIT")
    someone = people.of(version, "FIT")
    late = AT + timedelta(days=10)
    rows = {load.person.credential_id: load for load in work.loads(at=late)}
    mine = rows[someone.credential_id]
    assert (mine.open, mine.overdue, mine.done, mine.in_time) == (0, 0, 1, 100)
    assert sum(load.overdue for load in rows.values()) == 3
    assert all(item.is_overdue for item in work.open_work(at=late))


def test_the_policy_is_a_dated_row_with_a_reason_that_says_who(people: House) -> None:
    from public.review.queries.policy import policy, policy_history

    assert (policy().sla_working_days, policy().one_angle_each) == (3, True)
    with refused("reason_missing"):
        review.set_policy(reason="", me=people.operations, at=AT, sla_working_days=2)
    with refused("unchanged"):
        review.set_policy(reason="没有变化", me=people.operations, at=AT, sla_working_days=3)
    review.set_policy(reason="加快审核速度", me=people.operations, at=AT, sla_working_days=2)
    assert policy().sla_working_days == 2
    assert [row.by_name for row in policy_history()] == ["运营甲", ""]
    assert AuditEvent.objects.get(action="review.policy").details["sla_working_days"] == 2
