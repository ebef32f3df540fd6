"""One person on duty at any moment; gaps are seen before they happen; a hand-over is written, taken, and moves the tickets."""

from __future__ import annotations

from datetime import timedelta

import pytest

from public.helpdesk import canned, handling, roster
from public.helpdesk.models import Canned, Handover, Shift
from public.operators.api import Me
from tests.public.desk import operator
from tests.public.helpdesk.ground import NOON, REPLY, desk, file, kinds, refused, row

pytestmark = pytest.mark.req("R6.1.2")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def two(platform: None) -> tuple[Me, Me]:
    return tuple(
        Me(operator("OPERATIONS", login=login), name, "OPERATIONS") for login, name in (("yi", "运营甲"), ("er", "运营乙"))
    )  # type: ignore[return-value]


def test_shifts_repeat_by_the_day_and_never_overlap(two):
    a, b = two
    assert roster.arrange(person=a.credential_id, starts_at=NOON, hours=12, days=3, desk=desk(a)) == 3
    with refused("overlaps"):
        roster.arrange(person=b.credential_id, starts_at=NOON - 11 * HOUR, hours=12, days=3, desk=desk(a))
    assert Shift.objects.count() == 3, "all of them or none"
    assert roster.arrange(person=b.credential_id, starts_at=NOON + 12 * HOUR, hours=12, days=3, desk=desk(a)) == 3
    found = [roster.on_duty(NOON + n * HOUR) for n in (0, 11, 12, 23, 24, 71)]
    assert [one.credential_id for one in found if one] == [a.credential_id] * 2 + [b.credential_id] * 2 + [
        a.credential_id,
        b.credential_id,
    ]
    assert roster.on_duty(NOON + 72 * HOUR) is None


def test_gaps_are_seen_before_they_happen(two):
    a, _b = two
    roster.arrange(person=a.credential_id, starts_at=NOON, hours=8, days=2, desk=desk(a))
    plan = roster.plan(at=NOON, ahead=2 * DAY)
    assert [(one.shift is not None, one.ends_at - one.starts_at) for one in plan] == [
        (True, 8 * HOUR),
        (False, 16 * HOUR),
        (True, 8 * HOUR),
        (False, 16 * HOUR),
    ]
    assert len(roster.gaps(at=NOON, ahead=2 * DAY)) == 2
    assert plan[0].is_now


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"hours": 0}, "wrong_span"), ({"hours": 25}, "wrong_span"), ({"days": 32}, "wrong_span"), ({"person": 999_999}, "unknown_person"),
     ({"starts_at": NOON - 25 * HOUR}, "in_the_past")],
)  # fmt: skip
def test_an_impossible_shift_is_refused(two, changes, code):
    with refused(code):
        roster.arrange(**{"person": two[0].credential_id, "starts_at": NOON, "hours": 8, "days": 1, **changes}, desk=desk(two[0]))
    assert not Shift.objects.exists()


def test_a_running_shift_that_is_removed_ends_now_and_a_coming_one_goes(two):
    a, _b = two
    roster.arrange(person=a.credential_id, starts_at=NOON, hours=8, days=2, desk=desk(a))
    first, second = Shift.objects.order_by("starts_at")
    roster.remove(shift=first.pk, desk=desk(a, NOON + HOUR))
    roster.remove(shift=second.pk, desk=desk(a, NOON + HOUR))
    assert [one.ends_at for one in Shift.objects.all()] == [NOON + HOUR]
    with refused("not_found"):
        roster.remove(shift=first.pk, desk=desk(a, NOON + 2 * HOUR))


def test_what_is_handed_over_moves_when_it_is_taken(two):
    a, b = two
    roster.arrange(person=a.credential_id, starts_at=NOON, hours=8, days=1, desk=desk(a))
    running, done = file().uuid, file().uuid
    handling.answer(ticket=done, text=REPLY, then="solve", desk=desk(a))
    with refused("unknown_person"):
        roster.hand_over(to=a.credential_id, note="无", desk=desk(a))
    over = roster.hand_over(to=b.credential_id, note="考试页面那件等技术回复", desk=desk(a))
    with refused("waiting"):
        roster.hand_over(to=b.credential_id, note="无", desk=desk(a))
    assert row(running).assignee_id == a.credential_id, "until it is taken"
    with refused("not_found"):
        roster.take_over(handover=over.pk, desk=desk(a))
    assert roster.take_over(handover=over.pk, desk=desk(b, NOON + HOUR)) == 1
    assert (row(running).assignee_id, row(done).assignee_id) == (b.credential_id, a.credential_id)
    assert kinds(running)[-1] == "TAKEN"
    assert (Handover.objects.get().moved, roster.waiting_for(b.credential_id)) == (1, [])


def test_who_does_not_come_keeps_nothing(two):
    a, b = two
    c = Me(operator("OPERATIONS", login="san"), "运营丙", "OPERATIONS")
    roster.arrange(person=a.credential_id, starts_at=NOON, hours=8, days=1, desk=desk(a))
    running = file().uuid
    over = roster.hand_over(to=b.credential_id, note="考试页面那件等技术回复", desk=desk(a))
    roster.hand_over(to=c.credential_id, note="改由您接班", desk=desk(a, NOON + HOUR))
    with refused("not_found"):
        roster.take_over(handover=over.pk, desk=desk(b, NOON + HOUR))
    assert roster.waiting_for(b.credential_id) == []
    assert roster.take_over(handover=over.pk, desk=desk(c, NOON + 2 * HOUR)) == 1
    assert row(running).assignee_id == c.credential_id
    assert [(one.note, one.moved) for one in Handover.objects.all()] == [("改由您接班", 1)]


def test_ready_answers_have_one_title_each_and_retire(platform):
    row = canned.save(title="先重启", text="请先关掉浏览器再打开。", desk=desk())
    with refused("title_taken"):
        canned.save(title="先重启", text="请先关掉浏览器再打开。", desk=desk())
    canned.save(title="先重启浏览器", text="请先关掉浏览器再打开。", desk=desk(), canned=row.pk)
    canned.retire(canned=row.pk, desk=desk())
    with refused("not_found"):
        canned.save(title="别的", text="别的内容", desk=desk(), canned=row.pk)
    assert not Canned.objects.filter(pk=row.pk, is_retired=False).exists()
