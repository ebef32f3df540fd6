"""From acceptance to decision: who does what when, what the complainant reads, and the clock meanwhile."""

from __future__ import annotations

from datetime import timedelta

import pytest

from infra.kit import clock
from public.complaints import deciding, escalating, extending, following, handling, queries
from public.complaints.models import Complaint
from public.operators.api import Me
from tests.public import desk as people
from tests.public.complaints.ground import ME, NOON, OTHER, REASON, accepted, desk, file, kinds, refused, row

pytestmark = pytest.mark.req("R6.1.6")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def test_accepting_answers_and_begins(platform):
    uuid = accepted()
    found = row(uuid)
    assert (found.state, found.answered_at, found.assignee_id, found.tell) == ("OPEN", NOON, ME.credential_id, "ACCEPTED")
    assert kinds(uuid) == ["FILED", "ACCEPTED"]


def test_another_category_takes_its_own_times_from_the_same_beginning(platform):
    receipt = file()
    handling.accept(complaint=receipt.uuid, reply="按学时问题处理。", category="COMPLEX", desk=desk(at=NOON + HOUR))
    found = row(receipt.uuid)
    assert (found.category, found.promise.category) == ("COMPLEX", "COMPLEX")
    assert found.due_at == clock.shanghai_midnight(clock.shanghai_date(NOON)) + timedelta(days=7, hours=18)


def test_more_time_by_another_category_is_watched_anew(platform):
    receipt = file(category="FAULT")
    assert escalating.watch(at=NOON + DAY) == 1
    handling.accept(complaint=receipt.uuid, reply="按学时问题处理。", category="COMPLEX", desk=desk(at=NOON + DAY))
    assert row(receipt.uuid).stage == 0
    assert escalating.watch(at=NOON + DAY) == 0
    assert escalating.watch(at=NOON + 4 * DAY) == 1
    assert row(receipt.uuid).stage == 50


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"reply": " "}, "reason_missing"),
        ({"category": "ELSE"}, "unknown_category"),
        ({"desk": desk(Me(700_009, "审核员甲", "REVIEWER"))}, "forbidden"),
    ],
)
def test_refuses_to_accept_without_words_or_right_and_changes_nothing(platform, changes, code):
    receipt = file()
    with refused(code):
        handling.accept(**{"complaint": receipt.uuid, "reply": "已受理。", "category": "GENERAL", "desk": desk(), **changes})
    assert row(receipt.uuid).state == "FILED"
    assert kinds(receipt.uuid) == ["FILED"]


def test_the_clock_stands_still_while_the_complainant_is_asked(platform):
    uuid = accepted()
    due = row(uuid).due_at
    handling.ask(complaint=uuid, question="请说明是哪一门课。", desk=desk(at=NOON + HOUR))
    assert (row(uuid).state, row(uuid).paused_at, row(uuid).tell) == ("WAITING", NOON + HOUR, "ASKED")
    following.reply(complaint=uuid, text="是班组安全第一课。", at=NOON + 2 * DAY)
    found = row(uuid)
    assert (found.state, found.paused_at, found.due_at) == ("OPEN", None, due + 4 * DAY)  # Thursday to Monday
    assert found.clock_from == NOON + 2 * DAY


def test_the_desk_goes_on_without_an_answer(platform):
    uuid = accepted()
    handling.ask(complaint=uuid, question="请说明是哪一门课。", desk=desk())
    handling.go_on(complaint=uuid, why="七天没有补充。", desk=desk(at=NOON + 7 * DAY))
    assert row(uuid).state == "OPEN"
    with refused("wrong_state"):
        handling.go_on(complaint=uuid, why="再来一次。", desk=desk())


def test_notes_and_colleagues_names_stay_inside(platform):
    uuid = accepted()
    handling.note(complaint=uuid, text="此人多次投诉", desk=desk())
    found = queries.case_view(row(uuid).pk, at=NOON)
    told = " ".join(f"{step.title}{step.text}" for step in found.steps)
    assert "此人多次投诉" not in told
    assert "运营甲" not in told
    assert "已受理，正在核对记录。" in told
    seen = queries.detail(uuid, at=NOON)
    assert any("此人多次投诉" in step.text for step in seen.steps)


def test_a_complaint_is_given_to_a_colleague_of_operations_only(platform):
    uuid = accepted()
    colleague, reviewer = people.operator("OPERATIONS"), people.operator("REVIEWER")
    handling.assign(complaint=uuid, to=colleague, desk=desk())
    assert row(uuid).assignee_id == colleague
    with refused("unknown_person"):
        handling.assign(complaint=uuid, to=reviewer, desk=desk())
    assert row(uuid).assignee_id == colleague


def test_a_decision_has_an_outcome_and_a_reason(platform):
    uuid = accepted()
    for changes, code in ({"outcome": "ELSE"}, "unknown_outcome"), ({"reason": "太短"}, "reason_missing"):
        with refused(code):
            deciding.decide(**{"complaint": uuid, "outcome": "UPHELD", "reason": REASON, "desk": desk(), **changes})
    assert row(uuid).state == "OPEN"
    deciding.decide(complaint=uuid, outcome="UPHELD", reason=REASON, desk=desk(at=NOON + DAY))
    found = row(uuid)
    assert (found.state, found.outcome, found.decided_by, found.decided_at, found.tell) == (
        "DECIDED",
        "UPHELD",
        ME.credential_id,
        NOON + DAY,
        "DECIDED",
    )
    with refused("wrong_state"):
        deciding.decide(complaint=uuid, outcome="UNFOUNDED", reason=REASON, desk=desk())
    assert row(uuid).outcome == "UPHELD"


def decided(at=NOON):
    uuid = accepted(at=at)
    deciding.decide(complaint=uuid, outcome="UNFOUNDED", reason=REASON, desk=desk(at=at))
    return uuid


def test_satisfaction_is_said_once(platform):
    uuid = decided()
    with refused("stars_missing"):
        following.rate(complaint=uuid, stars=6, text="", at=NOON)
    following.rate(complaint=uuid, stars=4, text="处理及时", at=NOON)
    with refused("rated"):
        following.rate(complaint=uuid, stars=1, text="", at=NOON)
    assert (row(uuid).stars, row(uuid).stars_words) == (4, "处理及时")


def test_what_is_reopened_is_looked_at_by_somebody_else_in_new_times(platform):
    uuid = decided()
    following.reopen(complaint=uuid, reason="没有看我的截图。", at=NOON + DAY)
    found = row(uuid)
    assert (found.state, found.round, found.stage, found.outcome, found.decided_at) == ("FILED", 2, 0, "", None)
    assert found.answer_due_at == NOON + DAY + 2 * HOUR
    with refused("same_person"):
        handling.accept(complaint=uuid, reply="再次受理。", category="GENERAL", desk=desk(ME))
    handling.accept(complaint=uuid, reply="再次受理。", category="GENERAL", desk=desk(OTHER))
    assert row(uuid).assignee_id == OTHER.credential_id
    with refused("same_person"):
        deciding.decide(complaint=uuid, outcome="UNFOUNDED", reason=REASON, desk=desk(ME, NOON + DAY))
    assert row(uuid).state == "OPEN"
    deciding.decide(complaint=uuid, outcome="UPHELD", reason=REASON, desk=desk(OTHER, NOON + DAY))
    assert (row(uuid).outcome, row(uuid).decided_by) == ("UPHELD", OTHER.credential_id)


def test_it_is_reopened_for_fifteen_days_and_twice_at_most(platform):
    uuid = decided()
    with refused("too_late"):
        following.reopen(complaint=uuid, reason="想起来还是不满意。", at=NOON + 16 * DAY)
    assert row(uuid).state == "DECIDED"
    Complaint.objects.filter(uuid=uuid).update(round=3)
    with refused("too_late"):
        following.reopen(complaint=uuid, reason="还是不满意。", at=NOON + DAY)


def test_who_withdraws_ends_it(platform):
    uuid = accepted()
    following.withdraw(complaint=uuid, at=NOON)
    assert row(uuid).state == "WITHDRAWN"
    with refused("wrong_state"):
        following.reply(complaint=uuid, text="再补充一点", at=NOON)


def test_an_extension_takes_two_people_and_is_told(platform):
    uuid = accepted()
    due = row(uuid).due_at
    extending.ask(complaint=uuid, reason="需要企业配合核对监控。", desk=desk(ME))
    with refused("own_request"):
        extending.decide(complaint=uuid, grant=True, desk=desk(ME))
    assert row(uuid).due_at == due
    extending.decide(complaint=uuid, grant=True, desk=desk(OTHER))
    found = row(uuid)
    assert (found.extension, found.due_at, found.tell) == ("GRANTED", due + 4 * DAY, "EXTENDED")  # Thursday to Monday
    with refused("asked"):
        extending.ask(complaint=uuid, reason="还需要更多时间。", desk=desk(ME))


def test_a_refused_extension_changes_no_time_and_is_not_told(platform):
    uuid = accepted()
    due = row(uuid).due_at
    extending.ask(complaint=uuid, reason="需要企业配合核对监控。", desk=desk(ME))
    extending.decide(complaint=uuid, grant=False, desk=desk(OTHER))
    assert (row(uuid).extension, row(uuid).due_at, row(uuid).tell) == ("REFUSED", due, "ACCEPTED")


def test_no_extension_after_the_end_or_where_none_is_promised(platform):
    late, fault = accepted(), accepted(category="FAULT")
    with refused("too_late"):
        extending.ask(complaint=late, reason="来不及了，请延期。", desk=desk(at=NOON + 9 * DAY))
    with refused("not_extendable"):
        extending.ask(complaint=fault, reason="来不及了，请延期。", desk=desk())
    assert row(late).extension == row(fault).extension == ""
