"""What managers do: answer in time or late, claim, link duplicates, close, find, remind, count."""

from __future__ import annotations

from datetime import timedelta

import pytest

from apps.community.threads import answering, asking, desk, finding, places, policy, reminding, rules
from apps.community.threads.models import Canned, Post, TalkRule, Thread
from apps.people import services
from apps.people.models import Notice
from apps.people.shapes import manager_view
from infra.kit.errors import DomainError
from public.audit.models import AuditEvent
from tests.apps.community.threads import ground
from tests.apps.community.threads.ground import ask
from tests.conftest import NOON


@pytest.fixture
def talk(in_jia) -> ground.Talk:
    return ground.talk()


def refused(act) -> str:
    with pytest.raises(DomainError) as refusal:
        act()
    return refusal.value.code


@pytest.mark.req("R2.8")
@pytest.mark.parametrize(("days", "late"), [(1, False), (4, True)])
def test_the_first_answer_says_whether_it_was_in_time(talk, days, late):
    row = ask(talk)
    ground.answer(talk, row, at=NOON + timedelta(days=days))
    ground.answer(talk, row, "再补充一点：看铅封。", at=NOON + timedelta(days=9))
    row.refresh_from_db()
    assert (row.state, row.first_late, row.first_answer_at) == ("ANSWERED", late, NOON + timedelta(days=days))
    found = desk.figures(within=None, at=NOON + timedelta(days=10))
    assert (found.waiting, found.on_time, found.hours) == (0, 0 if late else 100, days * 24.0)


def test_unfit_answers_and_closed_questions_are_refused(talk):
    row = ask(talk)
    assert refused(lambda: ground.answer(talk, row, "找13800001234问")) == "personal_data"
    answering.close(thread=row.uuid, by=talk.owner, within=None, at=NOON)
    assert refused(lambda: ground.answer(talk, row)) == "closed"
    assert not Post.objects.exists()
    answering.reopen(thread=row.uuid, by=talk.owner, within=None, at=NOON)
    ground.answer(talk, row)
    assert Thread.objects.get().state == "ANSWERED"


def test_an_answer_is_mended_by_its_author_in_time(talk):
    row = ask(talk)
    post = ground.answer(talk, row)
    colleague = manager_view(ground.invite("TRAINER", 2, by=talk.owner.id))

    def mend(by, minutes):
        at = NOON + timedelta(minutes=minutes)
        return answering.mend_answer(thread=row.uuid, post=post.uuid, by=by, within=None, words="每月检查两次，并作记录。", at=at)

    assert refused(lambda: mend(colleague, 1)) == "not_found"
    assert refused(lambda: mend(talk.owner, 31)) == "too_late"
    assert Post.objects.get().words == ground.ANSWER
    mend(talk.owner, 1)
    assert Post.objects.get().edited_at is not None


def test_who_claims_is_told_alone_and_nobody_else_claims(talk):
    row = ask(talk)
    colleague = manager_view(ground.invite("TRAINER", 2, by=talk.owner.id))
    answering.claim(thread=row.uuid, by=colleague, within=None, take=True)
    assert refused(lambda: answering.claim(thread=row.uuid, by=talk.owner, within=None, take=True)) == "claimed"
    asking.follow_up(thread=row.uuid, learner_id=talk.asker.id, words="还有一点不明白。", at=NOON)
    assert list(Notice.objects.filter(kind="talk.followed").values_list("manager_id", flat=True)) == [colleague.id]
    answering.claim(thread=row.uuid, by=colleague, within=None, take=False)
    assert Thread.objects.get().claimed_by is None


def test_a_duplicate_is_closed_and_leads_to_the_first_question(talk):
    first, second = ask(talk), ask(talk, "灭火器要多久检查一次呢？")
    assert desk.like(second, within=None) == [first]

    def link(a, b):
        return answering.link_duplicate(thread=a.uuid, other=b.uuid, within=None, at=NOON)

    assert refused(lambda: link(second, second)) == "same_question"
    link(second, first)
    assert refused(lambda: link(first, second)) == "is_duplicate"
    second.refresh_from_db()
    assert (second.state, second.duplicate_of) == ("CLOSED", first)
    assert Notice.objects.get(kind="talk.duplicate").learner_id == talk.asker.id
    answering.reopen(thread=second.uuid, by=talk.owner, within=None, at=NOON)
    assert Thread.objects.get(pk=second.pk).duplicate_of is None


def test_what_is_typed_brings_up_answered_questions_that_resemble_it(talk):
    row = ask(talk)
    ask(talk, "配电箱上锁以后钥匙谁保管？")
    assert not finding.similar("灭火器一般多久检查", course_code="AQ-CY-T1")
    ground.answer(talk, row)
    assert finding.similar("灭火器一般多久检查", course_code="AQ-CY-T1").own == [row]
    assert not finding.similar("灭", course_code="AQ-CY-T1")
    assert not finding.similar("怎么样才可以", course_code="AQ-CY-T1")
    assert not finding.similar("灭火器一般多久检查", course_code="AQ-OTHER")


def test_the_morning_reminds_once_of_what_is_due(talk):
    ask(talk)
    assert reminding.remind(at=NOON) == 0
    morning = NOON + timedelta(days=2, hours=-3)  # 09:00 of the day whose 18:00 is the deadline
    assert (reminding.remind(at=morning), reminding.remind(at=morning)) == (1, 1)
    assert Notice.objects.get(kind="talk.overdue").context == {"n": 1, "late": 0}
    assert desk.due(NOON + timedelta(days=3)) == (1, 1)


def test_a_rule_is_a_dated_row_and_old_questions_keep_their_day(talk):
    row = ask(talk)
    wanted = rules.Rule(5, 10, 3, True)
    policy.set_rule(wanted=wanted, by=talk.owner.id, at=NOON)
    policy.set_rule(wanted=wanted, by=talk.owner.id, at=NOON)
    assert (policy.rule(), TalkRule.objects.count()) == (wanted, 1)
    assert refused(lambda: policy.set_rule(wanted=rules.Rule(0, 10, 3, True), by=talk.owner.id, at=NOON)) == "out_of_bounds"
    assert Thread.objects.get().due_at == row.due_at < ask(talk, "新的问题期限更长吗").due_at
    told = AuditEvent.objects.get(action="talk.rule")
    assert told.details["after"] == {"answer_days": 5, "edit_minutes": 10, "per_hour": 3, "names_shown": True}


def test_own_banned_words_and_canned_answers(talk):
    assert policy.set_banned(words="暗号甲\n\n暗号乙\n暗号甲", by=talk.owner.id, at=NOON) == 2
    assert refused(lambda: policy.set_banned(words="词", by=talk.owner.id, at=NOON)) == "word_length"
    assert policy.banned() == ["暗号乙", "暗号甲"]
    policy.set_banned(words="暗号乙", by=talk.owner.id, at=NOON)
    assert policy.banned() == ["暗号乙"]
    row = policy.add_canned(title="检查周期", words="每月一次。", at=NOON)
    assert refused(lambda: policy.add_canned(title=" ", words="x", at=NOON)) == "words_missing"
    policy.remove_canned(uuid=row.uuid)
    assert not Canned.objects.exists()


def test_lists_by_deadline_with_every_filter(talk):
    first = ask(talk)
    second = ask(talk, "配电箱门要不要上锁？", at=NOON - timedelta(days=5))
    done = ask(talk, "应急出口要保持什么状态？")
    ground.answer(talk, done, "保持畅通，不得上锁、堵塞。")

    def found(**asked):
        return list(desk.listing(desk.Asked(**asked), within=None, me=talk.owner.id, at=NOON))

    assert found() == [second, first]
    assert found(state="LATE") == found(state="DUE") == [second]
    assert found(state="ANSWERED") == [done]
    assert set(found(state="ALL")) == {first, second, done}
    assert found(state="ALL", text="堵塞") == [done]
    assert len(found(text="学员甲")) == 2
    assert found(course="AQ-OTHER") == []
    answering.claim(thread=first.uuid, by=talk.owner, within=None, take=True)
    assert (found(claimed="me"), found(claimed="none")) == ([first], [second])
    assert found(sort="-due") == [first, second]


@pytest.mark.req("R5.7")
def test_a_supervisor_sees_and_answers_the_own_units_questions_only(talk):
    row = ask(talk)
    unit = services.unit_of_path("仓储部")
    theirs = manager_view(ground.invite("UNIT", 3, unit_id=unit.pk, by=talk.owner.id))
    assert not desk.listing(desk.Asked(state="ALL"), within=theirs.within, me=theirs.id, at=NOON).exists()
    assert refused(lambda: desk.one(row.uuid, within=theirs.within)) == "not_found"
    act = {"thread": row.uuid, "by": theirs, "within": theirs.within}
    assert refused(lambda: answering.answer(**act, words="我来说两句吧。", at=NOON)) == "not_found"
    assert refused(lambda: answering.claim(**act, take=True)) == "not_found"
    assert not Post.objects.exists()
    assert desk.figures(within=theirs.within, at=NOON).waiting == 0


def test_the_neighbour_finds_nothing(talk, yi):
    from tenants.scope import enterprise_scope

    row = ask(talk)
    with enterprise_scope(yi):
        assert not Thread.objects.exists()
        assert refused(lambda: desk.one(row.uuid, within=None)) == "not_found"
        assert not finding.similar(ground.WORDS, course_code="AQ-CY-T1")
        assert places.courses_of(talk.asker.id) == []
