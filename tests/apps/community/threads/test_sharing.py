"""The way to the platform and back: no person and no enterprise leaves, an operator reads first, and it can be taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import serializers

from apps.community.threads import finding, moderating, sharing
from apps.community.threads.models import Post, Sent, Thread
from apps.people.models import Notice
from infra.kit.errors import DomainError
from public.answers import api as answers
from public.answers import services
from public.answers.models import Proposal, Shared
from public.operators import api as operators
from tenants.scope import enterprise_scope, platform_scope
from tests.apps.community.threads import ground
from tests.conftest import NOON

ME = operators.Me(7, "运营甲", "OPERATIONS")
QUESTION, SAID = "灭火器多久要检查一次？", "每月检查一次压力表和外观。"


@pytest.fixture
def talk(in_jia) -> ground.Talk:
    return ground.talk()


@pytest.fixture
def answered(talk) -> tuple[Thread, Post]:
    row = ground.ask(talk)
    return row, ground.answer(talk, row)


def refused(act) -> str:
    with pytest.raises(DomainError) as refusal:
        act()
    return refusal.value.code


def propose(talk, row, post, question=QUESTION, answer=SAID, **more) -> Sent:
    return sharing.propose(
        thread=row.uuid,
        post=post.uuid if post else None,
        question=question,
        answer=answer,
        by=talk.owner,
        within=None,
        at=NOON,
        **more,
    )


def publish(sent: Sent) -> None:
    with platform_scope():
        services.publish(proposal=sent.uuid, question=QUESTION, answer=SAID, me=ME, at=NOON, ip="10.0.0.1")


def seen_by(site, text: str = "") -> list[str]:
    with enterprise_scope(site):
        return [one.question for one in answers.shared(["AQ-CY-T1"], text=text)]


@pytest.mark.req("R2.8")
def test_a_published_answer_is_seen_by_everybody_and_names_nobody(talk, answered, jia, yi):
    row, post = answered
    sent = propose(talk, row, post)
    assert seen_by(yi) == []
    publish(sent)
    assert seen_by(yi) == seen_by(jia) == seen_by(yi, "灭火器一般多久检查") == [QUESTION]
    with enterprise_scope(yi):
        assert finding.similar("灭火器一般多久检查", course_code="AQ-CY-T1").shared[0].answer == SAID
        assert answers.proposal(sent.uuid) is None
    with platform_scope():
        told = serializers.serialize("json", Shared.objects.all()), serializers.serialize("json", Proposal.objects.all())
    secrets = [talk.asker.name, talk.other.name, talk.owner.name, str(talk.asker.uuid), str(row.uuid), str(post.uuid), jia.name]
    for text in told:
        assert [secret for secret in secrets if secret in text] == []
    assert jia.schema_name not in told[0]
    assert str(sent.uuid) not in told[0]


@pytest.mark.parametrize(
    ("question", "answer", "code"),
    [
        ("学员甲问：灭火器多久检查？", SAID, "names_person"),
        (QUESTION, "请找安全员领取检查卡。", "names_person"),
        ("杭州甲机械的灭火器多久检查？", SAID, "names_enterprise"),
        ("请打13800001234告诉我多久", SAID, "personal_data"),
        (QUESTION, "短", "too_short"),
    ],
)
def test_text_that_names_somebody_does_not_leave(talk, answered, question, answer, code):
    assert refused(lambda: propose(talk, *answered, question=question, answer=answer)) == code
    assert not Sent.objects.exists()
    with platform_scope():
        assert not Proposal.objects.exists()


def test_a_word_that_is_a_colleagues_name_may_pass_but_never_the_askers(talk, answered):
    question = "学员乙和学员甲的职责是什么？"
    assert refused(lambda: propose(talk, *answered, question=question, sure=True)) == "names_person"
    propose(talk, *answered, question="学员乙级的标准是什么？", sure=True)
    assert Sent.objects.count() == 1


def test_the_draft_has_names_and_enterprise_replaced(talk):
    row = ground.ask(talk, "杭州甲机械有限公司的学员乙说灭火器不用检查，对吗？")
    drafted = sharing.draft(row, None)
    assert "甲机械" not in drafted.question
    assert "学员乙" not in drafted.question
    assert "灭火器不用检查" in drafted.question


def test_the_same_answer_is_sent_once_and_only_a_shown_answer_of_ours(talk, answered):
    row, post = answered
    propose(talk, row, post)
    assert refused(lambda: propose(talk, row, post)) == "sent_already"
    more = ground.asking.follow_up(thread=row.uuid, learner_id=talk.asker.id, words="没有压力表的怎么查？", at=NOON)
    assert refused(lambda: propose(talk, row, more)) == "not_an_answer"
    assert Sent.objects.count() == 1
    with platform_scope():
        assert Proposal.objects.count() == 1


def test_the_enterprise_takes_back_what_is_published_at_once(talk, answered, yi):
    sent = propose(talk, *answered)
    publish(sent)
    sharing.take_in(proposal=sent.uuid, at=NOON)
    sharing.pull_back(sent=sent.uuid, by=talk.owner, within=None, at=NOON)
    sharing.pull_back(sent=sent.uuid, by=talk.owner, within=None, at=NOON)
    assert seen_by(yi) == []
    assert Sent.objects.get().state == "WITHDRAWN"
    with platform_scope():
        assert Proposal.objects.get().state == "WITHDRAWN"
        assert Shared.objects.get().withdrawn_at == NOON


def test_before_the_decision_it_can_be_taken_back_too_and_is_then_not_published(talk, answered):
    sent = propose(talk, *answered)
    sharing.pull_back(sent=sent.uuid, by=talk.owner, within=None, at=NOON)
    assert refused(lambda: publish(sent)) == "decided"
    with platform_scope():
        assert not Shared.objects.exists()
    propose(talk, *answered)  # and may be sent anew


def test_hiding_the_answer_takes_back_what_was_published_of_it(talk, answered, yi):
    row, post = answered
    publish(propose(talk, row, post))
    moderating.hide(thread=row.uuid, post=post.uuid, by=talk.owner, within=None, reason="说法有误", at=NOON)
    assert seen_by(yi) == []


def test_the_neighbour_cannot_take_it_back(talk, answered, jia, yi):
    sent = propose(talk, *answered)
    publish(sent)
    with enterprise_scope(yi):
        assert answers.pull_back(proposal=sent.uuid, at=NOON) is False
        assert refused(lambda: sharing.pull_back(sent=sent.uuid, by=talk.owner, within=None, at=NOON)) == "not_found"
    assert seen_by(jia) == [QUESTION]


def test_a_decision_is_taken_in_once_and_told_to_who_sent_it(talk, answered):
    sent = propose(talk, *answered)
    with platform_scope():
        services.refuse(proposal=sent.uuid, reason="条款已更新", me=ME, at=NOON, ip="")
    assert sharing.take_in(proposal=sent.uuid, at=NOON)
    assert not sharing.take_in(proposal=sent.uuid, at=NOON)
    sent.refresh_from_db()
    assert (sent.state, sent.reason) == ("REFUSED", "条款已更新")
    assert Notice.objects.get(kind="talk.decided").manager_id == talk.owner.id


def test_the_platforms_answer_comes_into_the_question_and_only_there(talk, yi):
    row = ground.ask(talk)
    sent = propose(talk, row, None, answer="")
    with platform_scope():
        services.give_answer(proposal=sent.uuid, answer="按《建筑灭火器配置验收及检查规范》每月检查。", me=ME, at=NOON, ip="")
    later = NOON + timedelta(hours=1)
    assert sharing.take_in(proposal=sent.uuid, at=later)
    assert not sharing.take_in(proposal=sent.uuid, at=later)
    post = Post.objects.get()
    assert (post.manager, post.learner, post.kind) == (None, None, "ANSWER")
    assert Thread.objects.get().state == "ANSWERED"
    assert Notice.objects.filter(kind="talk.answered", learner_id=talk.asker.id).count() == 1
    assert seen_by(yi) == []


def test_a_course_of_ones_own_is_not_sent(talk, answered):
    from public.catalogue.models import Course

    with platform_scope():
        Course.objects.filter(code="AQ-CY-T1").update(is_private=True, provider_schema="e_x")
    assert refused(lambda: propose(talk, *answered)) == "own_course"
    assert not Sent.objects.exists()
