"""A notice from its sending to its end: who may do what, what the clock says, what the log keeps."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from public.audit.models import AuditEvent
from public.portal import answering, asking, attaching, reading, watching
from public.portal.models import Attachment, Rectification, Step
from tenants.models import Enterprise
from tests.apps.plans.ground import resident_id
from tests.conftest import NOON
from tests.public.portal.ground import (
    DAYS,
    DUE,
    answered,
    answerer,
    ask,
    asker,
    authority,
    kinds,
    refused,
    row,
    upload,
)

pytestmark = pytest.mark.req("R7.1")
TODAY = NOON.date()


def test_a_notice_is_seen_answered_sent_back_and_accepted(platform, jia):
    uuid = ask(jia)
    answering.see(rectification=uuid, by=answerer(jia))
    answering.see(rectification=uuid, by=answerer(jia))
    answering.answer(rectification=uuid, text="已安排复训。", by=answerer(jia, NOON + DAYS))
    asking.ask_again(rectification=uuid, text="请补交签到表。", due_on=DUE + 3 * DAYS, asker=asker(at=NOON + 2 * DAYS))
    assert (row(uuid).state, row(uuid).round, row(uuid).due_on) == ("AGAIN", 2, DUE + 3 * DAYS)
    answering.see(rectification=uuid, by=answerer(jia, NOON + 2 * DAYS))
    answering.answer(rectification=uuid, text="签到表已上传。", by=answerer(jia, NOON + 3 * DAYS))
    asking.accept(rectification=uuid, text="", asker=asker(at=NOON + 4 * DAYS))
    assert (row(uuid).state, row(uuid).closed_at) == ("ACCEPTED", NOON + 4 * DAYS)
    assert kinds(uuid) == ["ASKED", "SEEN", "ANSWERED", "AGAIN", "SEEN", "ANSWERED", "ACCEPTED"]


@pytest.mark.req("R5.4")
def test_every_step_is_an_exchange_in_the_enterprises_log_without_a_word_of_it(platform, jia):
    uuid = answered(jia)
    asking.accept(rectification=uuid, text="已核对。", asker=asker(at=NOON + 2 * DAYS))
    events = AuditEvent.objects.filter(target=f"rectification:{uuid}").order_by("at")
    assert [(one.action, one.direction, one.schema_name) for one in events] == [
        ("regulator.rectification_asked", "IN", jia.schema_name),
        ("regulator.rectification_answered", "OUT", jia.schema_name),
        ("regulator.rectification_accepted", "IN", jia.schema_name),
    ]
    assert all("焊工" not in str(one.details) and one.details["party"] == "authority:3301" for one in events)


def test_an_enterprise_of_another_division_is_not_there(platform, jia, yi):
    with refused("no_enterprise"):
        ask(yi)
    assert not Rectification.objects.exists()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"title": " "}, "words_missing"), ({"found": "不好"}, "words_missing"), ({"basis": ""}, "words_missing"),
        ({"due_on": TODAY}, "bad_day"), ({"due_on": TODAY - DAYS}, "bad_day"), ({"due_on": TODAY + 366 * DAYS}, "bad_day"),
    ],
)  # fmt: skip
def test_what_is_found_by_which_law_until_when_must_be_said(platform, jia, changes, code):
    with refused(code):
        ask(jia, **changes)
    assert not Rectification.objects.exists()
    assert not AuditEvent.objects.filter(action__startswith="regulator.rectification").exists()


def test_no_number_of_a_person_is_written_where_rows_only_grow(platform, jia):
    for field in ("title", "found", "basis"):
        with refused("personal"):
            ask(jia, **{field: "学员甲 13800000001 未参加复训。"})
    uuid = ask(jia)
    with refused("personal"):
        answering.answer(rectification=uuid, text=f"已通知 {resident_id(1)} 复训。", by=answerer(jia))
    file = upload(jia, 7, file_name="13800000001 签到.png")
    attaching.attach(rectification=uuid, upload=file.uuid, owner_id=7, by=answerer(jia))
    assert "13800000001" not in Attachment.objects.get().file_name + Step.objects.get(kind="ATTACHED").text
    answering.answer(rectification=uuid, text="已安排两人复训。", by=answerer(jia))
    with refused("personal"):
        asking.accept(rectification=uuid, text="已电话 13800000001 核实。", asker=asker())
    assert kinds(uuid) == ["ASKED", "ATTACHED", "ANSWERED"]


def test_the_clock_of_a_closed_enterprise_stands_and_nobody_there_is_told(platform, jia, yi):
    mine, theirs = ask(jia), ask(yi, by=asker(authority("3302")))
    Enterprise.objects.filter(schema_name=jia.schema_name).update(status="CLOSED")
    assert watching.watch(at=NOON + 30 * DAYS) == 1
    assert (kinds(mine), kinds(theirs)) == (["ASKED"], ["ASKED", "LATE_LONG"])
    asking.take_back(rectification=mine, text="企业已注销。", asker=asker())
    with refused("closed"):
        ask(jia)


def test_other_authorities_look_and_do_nothing_and_those_elsewhere_see_nothing(platform, jia):
    uuid = answered(jia)
    province, county, elsewhere = authority("33"), authority("330106"), authority("3302")
    for who in (province, county):
        assert not reading.case_of(who, uuid, today=TODAY).is_own
        with refused("other_authority"):
            asking.accept(rectification=uuid, text="", asker=asker(who))
        with refused("other_authority"):
            asking.take_back(rectification=uuid, text="发错了。", asker=asker(who))
    with refused("not_found"):
        reading.case_of(elsewhere, uuid, today=TODAY)
    with refused("not_found"):
        asking.accept(rectification=uuid, text="", asker=asker(elsewhere))
    assert not reading.of_division("3302", today=TODAY).exists()
    assert row(uuid).state == "ANSWERED"


def test_colleagues_of_the_same_authority_go_on_with_it(platform, jia):
    uuid = answered(jia)
    asking.accept(rectification=uuid, text="", asker=asker(authority()))
    assert row(uuid).state == "ACCEPTED"


@pytest.mark.req("R2.6")
def test_the_neighbour_neither_sees_nor_answers(platform, jia, yi):
    uuid = ask(jia)
    for work in (
        lambda: reading.case_in(yi.schema_name, uuid, today=TODAY),
        lambda: answering.see(rectification=uuid, by=answerer(yi)),
        lambda: answering.answer(rectification=uuid, text="已完成整改。", by=answerer(yi)),
        lambda: attaching.attach(rectification=uuid, upload=uuid4(), owner_id=1, by=answerer(yi)),
    ):
        with refused("not_found"):
            work()
    assert not reading.of_enterprise(yi.schema_name, today=TODAY).exists()
    assert kinds(uuid) == ["ASKED"]


def test_an_enterprise_has_no_right_to_the_rows(in_jia):
    for model in (Rectification, Step, Attachment):
        with pytest.raises(DatabaseError), transaction.atomic():
            list(model.objects.all())


def test_nothing_is_done_twice_or_out_of_turn(platform, jia):
    uuid = ask(jia)
    with refused("wrong_state"):
        asking.accept(rectification=uuid, text="", asker=asker())
    with refused("wrong_state"):
        asking.ask_again(rectification=uuid, text="还不够。", due_on=DUE, asker=asker())
    answering.answer(rectification=uuid, text="已完成整改。", by=answerer(jia))
    with refused("wrong_state"):
        answering.answer(rectification=uuid, text="再说一次。", by=answerer(jia))
    with refused("words_missing"):
        asking.take_back(rectification=uuid, text="", asker=asker())
    asking.take_back(rectification=uuid, text="发错了企业。", asker=asker())
    with refused("wrong_state"):
        asking.take_back(rectification=uuid, text="发错了企业。", asker=asker())
    assert kinds(uuid) == ["ASKED", "ANSWERED", "WITHDRAWN"]


def test_files_are_the_managers_own_and_added_once(platform, jia):
    uuid, own, foreign = ask(jia), upload(jia, 7), upload(jia, 8)
    with refused("not_found"):
        attaching.attach(rectification=uuid, upload=foreign.uuid, owner_id=7, by=answerer(jia))
    for _time in range(2):
        attaching.attach(rectification=uuid, upload=own.uuid, owner_id=7, by=answerer(jia))
    assert [one.upload for one in Attachment.objects.all()] == [own.uuid]
    with refused("taken"):
        attaching.attach(rectification=ask(jia), upload=own.uuid, owner_id=7, by=answerer(jia))
    answering.answer(rectification=uuid, text="已完成整改。", by=answerer(jia))
    with refused("wrong_state"):
        attaching.attach(rectification=uuid, upload=upload(jia, 7).uuid, owner_id=7, by=answerer(jia))
    assert Attachment.objects.count() == 1


@pytest.mark.parametrize(("days", "stage"), [(0, 0), (10, 0), (11, 1), (14, 1), (15, 2), (21, 2), (22, 3), (60, 3)])
def test_the_clock_speaks_three_days_before_the_day_after_and_a_week_later(days, stage):
    assert watching.stage_of(DUE, TODAY + days * DAYS) == stage


def test_the_clock_says_each_thing_once_a_round_and_nothing_while_the_authority_looks(platform, jia):
    uuid, told = ask(jia), []
    for days in (5, 12, 13, 15, 16, 23, 24):
        told.append(watching.watch(at=NOON + days * DAYS))
    assert told == [0, 1, 0, 1, 0, 1, 0]
    assert kinds(uuid) == ["ASKED", "SOON", "LATE", "LATE_LONG"]
    answering.answer(rectification=uuid, text="已完成整改。", by=answerer(jia, NOON + 25 * DAYS))
    assert watching.watch(at=NOON + 40 * DAYS) == 0
    again = asker(at=NOON + 41 * DAYS)
    asking.ask_again(rectification=uuid, text="请补交签到表。", due_on=TODAY + 50 * DAYS, asker=again)
    assert [watching.watch(at=NOON + days * DAYS) for days in (42, 51, 51)] == [0, 1, 0]


def test_what_was_said_only_grows(platform, jia):
    uuid = ask(jia)
    for work in (
        lambda: Step.objects.update(text="别的"),
        lambda: Step.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            work()
    with pytest.raises(IntegrityError), transaction.atomic():
        Rectification.objects.filter(uuid=uuid).update(state="ACCEPTED")
    assert (kinds(uuid), row(uuid).state) == (["ASKED"], "ASKED")


def test_what_is_overdue_stands_first_and_what_is_over_last(platform, jia):
    done, late, near = answered(jia), ask(jia, due_on=TODAY + DAYS), ask(jia, due_on=TODAY + 5 * DAYS)
    asking.accept(rectification=done, text="", asker=asker())
    day = TODAY + 3 * DAYS
    assert [one.uuid for one in reading.of_division("33", today=day)] == [late, near, done]
    assert [one.uuid for one in reading.of_division("33", show="late", today=day)] == [late]
    assert [one.uuid for one in reading.of_division("33", text="甲机械", show="closed", today=day)] == [done]
    assert not reading.of_division("33", text="没有这家", today=day).exists()
    assert reading.totals("3301", today=day) == {"waiting": 2, "late": 1, "answered": 0, "closed": 1}
