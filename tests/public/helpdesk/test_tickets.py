"""A question for a person: its clock, answers, merging, the end and what comes after; nobody is shown another's words."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext

from infra.adapters.sms import outbox
from public.audit.models import AuditEvent
from public.helpdesk import canned, escalating, filing, following, forgetting, handling, promises, queries, statistics, telling
from public.helpdesk.models import Canned, Promise, Step, Ticket
from public.helpdesk.shapes import Draft
from public.operators.api import Me
from tenants.scope import enterprise_scope, platform_scope
from tests.public.helpdesk.ground import ME, NOON, OTHER, REPLY, desk, file, kinds, refused, row

pytestmark = pytest.mark.req("R6.1.2")
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(("urgency", "minutes", "hours"), [("BLOCKED", 30, 4), ("NORMAL", 120, 24), ("MINOR", 240, 72)])
def test_each_urgency_has_its_promised_hours(platform, urgency, minutes, hours):
    receipt = file(urgency=urgency)
    assert (receipt.answer_due_at - NOON, receipt.due_at - NOON) == (timedelta(minutes=minutes), timedelta(hours=hours))
    assert len(receipt.code) == 8
    assert receipt.number.startswith("HD261123")


def test_an_unfinished_question_is_refused_and_nothing_is_written(platform):
    for changes, code in (
        ({"urgency": "X"}, "unknown_urgency"),
        ({"title": " "}, "text_missing"),
        ({"text": "坏了"}, "text_missing"),
    ):
        with refused(code):
            file(**changes)
    assert not Ticket.objects.exists()


def test_the_first_answer_keeps_the_first_promise_and_solving_the_second(platform):
    uuid = file().uuid
    handling.answer(ticket=uuid, text="正在查，半小时内告诉您。", then="open", desk=desk(at=NOON + HOUR))
    assert (row(uuid).state, row(uuid).answered_at, row(uuid).assignee_id) == ("OPEN", NOON + HOUR, ME.credential_id)
    handling.answer(
        ticket=uuid, text=REPLY, then="solve", canned=Canned.objects.order_by("pk")[0].pk, desk=desk(at=NOON + 2 * HOUR)
    )
    assert (row(uuid).state, row(uuid).answered_at, row(uuid).solved_by) == (
        "SOLVED",
        NOON + HOUR,
        f"operator:{ME.credential_id}",
    )
    assert kinds(uuid) == ["FILED", "REPLIED", "REPLIED", "SOLVED"]
    assert Canned.objects.order_by("-used")[0].used == 1
    with refused("wrong_state"):
        handling.answer(ticket=uuid, text=REPLY, then="open", desk=desk())
    totals = statistics.totals(since=NOON - HOUR)
    assert (totals.filed, totals.solved, totals.prompt, totals.in_time) == (1, 1, 1.0, 1.0)


def test_the_clock_stands_still_while_the_asker_is_asked(platform):
    receipt = file()
    uuid = receipt.uuid
    handling.answer(ticket=uuid, text="请补充是哪一门考试。", then="wait", desk=desk(at=NOON + HOUR))
    with platform_scope():
        assert escalating.watch(at=NOON + timedelta(days=3)) == 0
    following.reply(ticket=uuid, text="班组安全第一课的考试", at=NOON + timedelta(days=3, hours=1))
    assert (row(uuid).state, row(uuid).due_at - receipt.due_at) == ("OPEN", timedelta(days=3))
    assert kinds(uuid, shown=True) == ["FILED", "ASKED", "SAID"]


def test_a_question_nobody_says_more_to_is_closed_after_a_week_and_can_go_on(platform):
    uuid = file().uuid
    handling.answer(ticket=uuid, text="请补充是哪一门考试。", then="wait", desk=desk())
    assert escalating.watch(at=NOON + timedelta(days=6)) == 0
    late = NOON + timedelta(days=7, minutes=1)
    assert escalating.watch(at=late) == 1
    assert (row(uuid).state, row(uuid).solved_by) == ("SOLVED", "system")
    assert statistics.totals(since=NOON - HOUR).in_time == 1.0, "the week of waiting was not ours"
    following.reopen(ticket=uuid, text="刚看到，是班组安全第一课。", at=late + HOUR)
    assert (row(uuid).state, row(uuid).round) == ("NEW", 2)


def test_the_desk_is_told_at_50_80_and_100_percent_once_each(platform):
    uuid = file(urgency="BLOCKED").uuid
    told = [escalating.watch(at=NOON + timedelta(minutes=n)) for n in (60, 121, 130, 193, 241, 300)]
    assert told == [0, 1, 0, 1, 1, 0]
    assert kinds(uuid) == ["FILED", *["ESCALATED"] * 3]
    assert kinds(uuid, shown=True) == ["FILED"]
    assert AuditEvent.objects.filter(action="help.late").count() == 1


def test_the_watch_asks_the_same_however_many_have_time_left(platform):
    counts = []
    for _n in range(2):
        for _m in range(3):
            file()
        with CaptureQueriesContext(connection) as seen:
            assert escalating.watch(at=NOON + HOUR) == 0
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_a_new_question_goes_to_whoever_is_on_duty(platform):
    from public.helpdesk import roster
    from tests.public.desk import operator

    me = Me(operator("OPERATIONS"), "运营甲", "OPERATIONS")
    assert row(file().uuid).assignee_id is None
    roster.arrange(person=me.credential_id, starts_at=NOON, hours=8, days=1, desk=desk(me))
    assert row(file().uuid).assignee_id == me.credential_id
    waiting = file(at=NOON + 8 * HOUR).uuid
    assert row(waiting).assignee_id is None
    roster.arrange(person=me.credential_id, starts_at=NOON + 9 * HOUR, hours=1, days=1, desk=desk(me))
    escalating.watch(at=NOON + 9 * HOUR)
    assert (row(waiting).assignee_id, kinds(waiting)) == (me.credential_id, ["FILED", "ASSIGNED"])


def test_merged_askers_get_the_answers_and_never_each_others_words(platform):
    first, second = file(title="考试打不开"), file(title="考试白屏", text="我是仓储部的，考试白屏了。")
    third = file(title="又一件")
    handling.merge(ticket=third.uuid, into=second.number, desk=desk())
    handling.merge(ticket=second.uuid, into=first.number.lower(), desk=desk())
    assert {row(one.uuid).merged_into_id for one in (second, third)} == {first.pk}, "what was merged into it goes along"
    handling.answer(ticket=first.uuid, text="请问您学号后四位是多少？", then="wait", desk=desk())
    following.reply(ticket=first.uuid, text="我叫学员甲", at=NOON)
    handling.answer(ticket=first.uuid, text=REPLY, then="solve", desk=desk(at=NOON + HOUR))
    for one in (second, third):
        assert (row(one.uuid).state, row(one.uuid).solved_at) == ("SOLVED", NOON + HOUR)
        with platform_scope():
            seen = str(queries.view(one.uuid, at=NOON).steps)
        assert REPLY in seen
        assert "学员甲" not in seen
        assert "学号" not in seen
    following.reopen(ticket=second.uuid, text="我这里还是白屏", at=NOON + 2 * HOUR)
    assert (row(second.uuid).merged_into_id, row(first.uuid).state) == (None, "SOLVED")


@pytest.mark.parametrize("into", ["HD000000AAAAA", "self"])
def test_merging_into_nothing_or_itself_is_refused_and_changes_nothing(platform, into):
    receipt = file()
    with refused("same_ticket" if into == "self" else "unknown_ticket"):
        handling.merge(ticket=receipt.uuid, into=receipt.number if into == "self" else into, desk=desk())
    assert (row(receipt.uuid).state, kinds(receipt.uuid)) == ("NEW", ["FILED"])


def test_when_its_asker_ends_it_what_was_merged_into_it_goes_on(platform):
    first, second = file(), file()
    handling.merge(ticket=second.uuid, into=first.number, desk=desk())
    following.reply(ticket=second.uuid, text="我这里是手机上打不开", at=NOON)
    assert kinds(first.uuid)[-1] == "NOTE"
    following.settle(ticket=first.uuid, at=NOON + HOUR)
    assert (row(first.uuid).solved_by, row(second.uuid).state, row(second.uuid).merged_into_id) == ("asker", "NEW", None)


def test_a_waiting_question_that_is_merged_or_ended_by_its_asker_keeps_its_hours(platform):
    first, second, third = file(), file(), file()
    for one in (second, third):
        handling.answer(ticket=one.uuid, text="请补充是哪一门考试。", then="wait", desk=desk(at=NOON + HOUR))
    later = NOON + timedelta(days=3, hours=1)
    following.settle(ticket=third.uuid, at=later)
    handling.merge(ticket=second.uuid, into=first.number, desk=desk(at=later))
    for one in (second, third):
        assert (row(one.uuid).paused_at, row(one.uuid).due_at - one.due_at) == (None, timedelta(days=3))
    assert row(second.uuid).state == "MERGED"
    assert statistics.totals(since=NOON - HOUR).in_time == 1.0


def test_rating_once_and_taking_it_up_again_within_a_week(platform):
    uuid = file().uuid
    with refused("wrong_state"):
        following.rate(ticket=uuid, stars=5, text="", at=NOON)
    handling.answer(ticket=uuid, text=REPLY, then="solve", desk=desk())
    with refused("stars_missing"):
        following.rate(ticket=uuid, stars=6, text="", at=NOON)
    following.rate(ticket=uuid, stars=2, text="还是不行", at=NOON)
    with refused("rated"):
        following.rate(ticket=uuid, stars=5, text="", at=NOON)
    with refused("too_late"):
        following.reopen(ticket=uuid, text="还是不行", at=NOON + timedelta(days=7, seconds=1))
    assert row(uuid).state == "SOLVED"
    following.reopen(ticket=uuid, text="还是不行", at=NOON + timedelta(days=7))
    assert (row(uuid).state, row(uuid).stars, row(uuid).stage) == ("NEW", None, 0)


def test_urgency_changes_the_hours_from_the_same_beginning(platform):
    uuid = file(urgency="MINOR").uuid
    handling.set_urgency(ticket=uuid, urgency="BLOCKED", why="其实不能考试", desk=desk(at=NOON + HOUR))
    assert (row(uuid).due_at - NOON, row(uuid).answer_due_at - NOON) == (timedelta(hours=4), timedelta(minutes=30))
    with refused("unknown_urgency"):
        handling.set_urgency(ticket=uuid, urgency="BLOCKED", why="再改一次", desk=desk())


def test_other_hours_hold_from_tomorrow_for_new_questions_only(platform):
    before = file().uuid
    ask = {"urgency": "NORMAL", "answer_minutes": 60, "settle_hours": 12, "desk": desk()}
    with refused("in_the_past"):
        promises.publish(valid_from=NOON.date(), **ask)
    with refused("answer_too_late"):
        promises.publish(valid_from=NOON.date() + timedelta(days=1), **{**ask, "settle_hours": 0})
    promises.publish(valid_from=NOON.date() + timedelta(days=1), **ask)
    with refused("day_taken"):
        promises.publish(valid_from=NOON.date() + timedelta(days=1), **ask)
    after = file(at=NOON + timedelta(days=1))
    assert after.due_at - NOON == timedelta(days=1, hours=12)
    assert row(before).due_at - NOON == timedelta(hours=24)


def test_only_operations_work_here(platform):
    uuid, author = file().uuid, desk(Me(3, "课程作者甲", "AUTHOR"))
    with refused("forbidden"):
        handling.answer(ticket=uuid, text=REPLY, then="open", desk=author)
    with refused("forbidden"):
        canned.save(title="标题", text="内容内容", desk=author)
    with refused("forbidden"):
        filing.enter(draft=Draft("NORMAL", "电话问", "电话里问的事情"), desk=author)
    assert kinds(uuid) == ["FILED"]


def test_steps_promises_and_the_rest_only_grow(platform):
    uuid = file().uuid
    for table in ("helpdesk_step", "helpdesk_promise", "helpdesk_edition"):
        with pytest.raises((ProgrammingError, IntegrityError)), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {table}")
    assert Step.objects.filter(ticket__uuid=uuid).exists()
    assert Promise.objects.count() >= 3


def test_no_enterprise_has_a_right_to_any_table(db, jia):
    with platform_scope():
        tables = [one for one in connection.introspection.table_names() if one.startswith("helpdesk_")]
    assert len(tables) == 12
    with enterprise_scope(jia):
        for table in tables:
            with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f"SELECT 1 FROM public.{table}")


def test_number_and_code_open_it_and_are_limited(platform):
    receipt = file()
    opened = following.open_ticket(
        number=f" {receipt.number.lower()} ", code=f"{receipt.code[:4]} {receipt.code[4:]}", ip="10.0.0.8"
    )
    assert opened.pk == receipt.pk
    for number, code in ((receipt.number, "00000000"), ("HD000000AAAAA", receipt.code)):
        with refused("wrong_code"):
            following.open_ticket(number=number, code=code, ip="10.0.0.8")
    known = file(schema_name="e_1", asker="manager:1", filer="MANAGER")
    assert known.code == "", "who is signed in needs none"
    assert receipt.code not in row(receipt.uuid).code_index


def test_strangers_get_a_text_message_and_contacts_go_after_half_a_year(platform):
    uuid = file(contact=file_contact()).uuid
    handling.answer(ticket=uuid, text=REPLY, then="solve", desk=desk())
    assert telling.send_waiting() == 1
    assert telling.send_waiting() == 0
    said = [one.text for one in outbox.messages() if one.mobile == "13800000077" and one.text]
    assert row(uuid).number in said[-1]
    assert REPLY not in said[-1]
    assert forgetting.forget(at=NOON + timedelta(days=179)) == 0
    assert forgetting.forget(at=NOON + timedelta(days=181)) >= 1
    assert row(uuid).contact_sealed is None


def test_one_message_that_cannot_be_made_holds_up_no_other(platform):
    broken, whole = file().uuid, file().uuid
    for uuid in (broken, whole):
        handling.answer(ticket=uuid, text=REPLY, then="solve", desk=desk())
    Ticket.objects.filter(uuid=broken).update(contact_sealed=b"not ours")
    with pytest.raises(ExceptionGroup, match="1 messages to askers failed, 1 went out"):
        telling.send_waiting()
    assert (row(broken).tell, row(whole).tell) == ("SOLVED", "")


def file_contact() -> Any:
    from public.helpdesk.shapes import Contact

    return Contact("学员乙", "13800000077")


def test_what_is_handed_over_to_a_colleague_is_written_down(platform):
    from tests.public.desk import operator

    other = operator("OPERATIONS")
    uuid = file().uuid
    with refused("unknown_person"):
        handling.assign(ticket=uuid, to=OTHER.credential_id, desk=desk())
    handling.assign(ticket=uuid, to=other, desk=desk())
    handling.note(ticket=uuid, text="先问技术", desk=desk())
    assert (row(uuid).assignee_id, kinds(uuid)[1:]) == (other, ["ASSIGNED", "NOTE"])
    assert AuditEvent.objects.filter(action="help.assigned").count() == 1
