"""Who brings, sees and decides; what an enterprise's role cannot do, whatever its code tries."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from infra.kit.errors import DomainError
from public.answers import api as answers
from public.answers import services
from public.answers.models import Proposal, PullBack, Shared
from public.audit.models import AuditEvent
from public.operators import api as operators
from tenants.scope import enterprise_scope, platform_scope
from tests.apps.plans import ground
from tests.conftest import NOON
from tests.public.desk import desk, inside, operator

ME = operators.Me(7, "运营甲", "OPERATIONS")
WORDS = {"question": "灭火器多久检查一次？", "answer": "每月检查一次。"}


@pytest.fixture
def version(db) -> int:
    return ground.make_course("AQ-CY-T1", title="消防安全常识")


def bring(version: int, kind: str = answers.SHARE, **words: str) -> UUID:
    place = answers.Place(version, "AQ-CY-T1", "消防安全常识", "第 1 节", 65_000)
    return answers.propose(kind=kind, place=place, at=NOON, **(WORDS | words)).uuid


@pytest.fixture
def proposal(version, jia) -> UUID:
    with enterprise_scope(jia):
        return bring(version)


def publish(proposal: UUID, **more) -> Proposal:
    with platform_scope():
        return services.publish(**{"proposal": proposal, **WORDS, "me": ME, "at": NOON, "ip": "10.0.0.1", **more})


def test_publishing_leaves_a_trace_that_names_the_enterprise_for_audit_only(proposal, jia):
    row = publish(proposal, answer="每月检查一次，并作记录。")
    with platform_scope():
        assert (row.state, row.shared.answer) == ("PUBLISHED", "每月检查一次，并作记录。")
        assert AuditEvent.objects.get(target=f"answer:{proposal}").schema_name == jia.schema_name


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"answer": "  "}, "words_missing"),
        ({"me": operators.Me(8, "审核员甲", "REVIEWER")}, "not_found"),
        ({"me": operators.Me(9, "作者甲", "AUTHOR")}, "not_found"),
    ],
)
def test_refuses_without_words_or_right_and_changes_nothing(proposal, more, code):
    with pytest.raises(DomainError) as refusal:
        publish(proposal, **more)
    assert refusal.value.code == code
    with platform_scope():
        assert Proposal.objects.get().state == "OPEN"
        assert not Shared.objects.exists()


def test_is_decided_once_and_taken_down_at_any_time(proposal, yi):
    publish(proposal)
    with pytest.raises(DomainError) as refusal:
        publish(proposal)
    assert refusal.value.code == "decided"
    with platform_scope():
        services.take_down(proposal=proposal, reason="标准已修订", me=ME, at=NOON, ip="")
        with pytest.raises(DomainError) as again:
            services.take_down(proposal=proposal, reason="再来", me=ME, at=NOON, ip="")
        assert again.value.code == "not_published"
        assert Proposal.objects.get().told_at is None
    with enterprise_scope(yi):
        assert answers.shared(["AQ-CY-T1"]) == []
        assert not Shared.objects.exists()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE answers_proposal SET state = 'REFUSED', reason = 'x', decided_at = now()",
        "DELETE FROM answers_proposal",
        "INSERT INTO answers_shared (uuid, course_code, course_title, lesson_title, question, answer, tokens, published_at) "
        "VALUES (gen_random_uuid(), 'AQ-CY-T1', '', '', 'q', 'a', '{}', now())",
        "UPDATE answers_shared SET answer = 'x'",
        "DELETE FROM answers_pull_back",
    ],
)
def test_an_enterprise_writes_nothing_but_proposals_and_taking_back(proposal, jia, statement):
    with enterprise_scope(jia), pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_an_enterprise_cannot_bring_what_is_published_already_or_in_anothers_name(version, jia, yi):
    for words in ({"state": "PUBLISHED", "decided_at": NOON}, {"schema_name": yi.schema_name}):
        row = Proposal(
            kind="SHARE", version_id=version, course_code="X", course_title="X", question="q", at=NOON, due_at=NOON, **words
        )
        with enterprise_scope(jia), pytest.raises(DatabaseError), transaction.atomic():
            row.save()
    with platform_scope():
        assert not Proposal.objects.exists()


def test_the_neighbour_takes_nothing_back_even_by_hand(proposal, jia, yi):
    row = publish(proposal)
    with enterprise_scope(yi):
        assert not Proposal.objects.exists()
        PullBack.objects.create(proposal_id=row.pk, at=NOON)  # the trigger looks whose proposal it is
    with platform_scope():
        assert Proposal.objects.get().state == "PUBLISHED"
        assert Shared.objects.get().withdrawn_at is None


def test_news_is_told_again_until_it_is_noted(proposal):
    publish(proposal)
    with platform_scope():
        assert services.tell_again(at=NOON) == 0
        assert services.tell_again(at=NOON + timedelta(minutes=2)) == 1
        answers.note_told(proposal=proposal, at=NOON)
        assert services.tell_again(at=NOON + timedelta(minutes=2)) == 0


def test_the_desk_shows_publishes_and_takes_down(proposal):
    with platform_scope():
        browser = desk("OPERATIONS")
        assert "课程问答" in browser.get("/desk/").content.decode()
        assert "灭火器多久检查一次" in browser.get("/desk/answers").content.decode()
        assert "没有符合条件" in browser.get("/desk/answers?q=没有的词").content.decode()
        page = browser.get(f"/desk/answers/{proposal}").content.decode()
        assert "01:05" in page
        assert "只用于审计" in page
        said = {"decision": "publish", **WORDS}
        assert browser.post(f"/desk/answers/{proposal}/decide", said | {"answer": ""}).status_code == 422
        assert browser.post(f"/desk/answers/{proposal}/decide", {"decision": "refuse"}).status_code == 422
        assert browser.post(f"/desk/answers/{proposal}/decide", said).status_code == 302
        assert browser.post(f"/desk/answers/{proposal}/decide", said).status_code == 409
        assert browser.post(f"/desk/answers/{proposal}/take-down", {"reason": ""}).status_code == 422
        assert browser.post(f"/desk/answers/{proposal}/take-down", {"reason": "标准已修订"}).status_code == 302
        assert "没有等您处理的问答" in browser.get("/desk/answers").content.decode()
        assert "标准已修订" in browser.get(f"/desk/answers/{proposal}").content.decode()


def test_an_author_answers_questions_about_the_own_courses_and_sees_nothing_else(version, jia):
    from public.catalogue.models import CourseVersion

    with platform_scope():
        me, other = operator("AUTHOR"), CourseVersion.objects.get(pk=version)
        own = CourseVersion.objects.create(
            course=other.course,
            number=2,
            title="消防安全常识",
            format="视频",
            trainer=other.trainer,
            author_id=me,
            created_at=NOON,
        )
    with enterprise_scope(jia):
        share, mine = bring(own.pk), bring(own.pk, answers.ASK, answer="", question="油锅起火用什么灭火？")
        foreign = bring(version, answers.ASK, answer="")
    with platform_scope():
        browser = inside(me)
        page = browser.get("/desk/answers").content.decode()
        assert "油锅起火" in page
        assert "灭火器多久" not in page
        assert jia.name not in browser.get(f"/desk/answers/{mine}").content.decode(), "who asks is operations' to know"
        for hidden in (share, foreign):
            assert browser.get(f"/desk/answers/{hidden}").status_code == 404
            assert browser.post(f"/desk/answers/{hidden}/decide", {"decision": "answer", "answer": "好"}).status_code == 404
        assert browser.post(f"/desk/answers/{mine}/decide", {"decision": "answer", "answer": "盖上锅盖。"}).status_code == 302
        assert browser.post(f"/desk/answers/{mine}/take-down", {"reason": "x"}).status_code == 403
        assert Proposal.objects.get(uuid=mine).state == "ANSWERED"
        assert Proposal.objects.filter(state="OPEN").count() == 2


@pytest.mark.parametrize("role", ["REVIEWER"])
def test_other_roles_see_nothing(proposal, role):
    with platform_scope():
        browser = desk(role)
        assert browser.get("/desk/answers").status_code == 403
        assert browser.get(f"/desk/answers/{proposal}").status_code == 403
        assert browser.post(f"/desk/answers/{proposal}/decide", {"decision": "publish", **WORDS}).status_code == 403
        assert Proposal.objects.get().state == "OPEN"
