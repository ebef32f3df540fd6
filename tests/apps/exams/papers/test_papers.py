"""A paper's life: written, changed, taken by a plan and then never changed, copied, retired."""

import secrets

import pytest
from django.db import DatabaseError, transaction

from apps.exams.papers import composing, queries, services, watching
from apps.exams.papers.models import Paper, PaperRevision
from apps.exams.papers.shapes import Row
from apps.people import api as people
from apps.people.models import Manager
from apps.plans import api as plans
from apps.plans.models import TrainingPlan
from infra.kit.errors import DomainError
from public.questions.models import QuestionVersion
from tenants.scope import enterprise_scope, platform_scope, require
from tests.apps.exams.papers import ground
from tests.apps.plans import ground as plan_ground
from tests.apps.plans.ground import NOON


@pytest.fixture
def paper(in_jia):
    ground.fill(12)
    return ground.write(ground.drawn())


def refused(code, call, **kwargs):
    before = list(PaperRevision.objects.order_by("pk").values())
    with pytest.raises(DomainError) as caught:
        call(**kwargs)
    assert (caught.value.code, bool(str(caught.value.message))) == (code, True)
    assert list(PaperRevision.objects.order_by("pk").values()) == before


def rewrite(row, draft, seen=None):
    row = queries.paper(row.paper.uuid)
    return services.rewrite(paper=row.paper.uuid, draft=draft, seen=seen or services.stamp(row), by="教师甲", at=NOON)


def test_what_was_written_reads_back_the_same(paper):
    rows = (
        Row(count=2, score=3, kind="single", topics=("甲",), points=("乙",), low=2, high=4, bank="own"),
        Row(count=1, score=1),
    )
    policy = plans.ExamPolicy(
        face="random", leave_limit=3, leave_action="submit", cool_hours=24, restudy_minutes=45, reveal="score"
    )
    draft = ground.drawn(*rows, minutes=45, pass_score=90, tries=2, policy=policy)
    assert composing.draft_of(ground.write(draft)) == draft


def test_an_unused_paper_changes_in_place_and_a_used_one_becomes_a_new_revision(paper):
    again = rewrite(paper, ground.drawn(title="改名"))
    assert (again.pk, again.number, again.saved_by) == (paper.pk, 1, "教师甲")
    plan_ground.learner(1)
    uuid = plan_ground.open_plan(exam_paper=paper.uuid)
    new = rewrite(paper, ground.drawn(Row(count=6, score=1), title="改名"))
    assert (new.number, new.questions) == (2, 6)
    held = TrainingPlan.objects.get(uuid=uuid)
    assert (held.exam_paper, held.exam_questions) == (paper.uuid, 5)
    assert len(services.compose(rule=ground.rule(held.exam_paper), seed=1)) == 5
    assert queries.paper(paper.paper.uuid) == new
    assert rewrite(new, composing.draft_of(new)).number == 2
    with pytest.raises(DatabaseError), transaction.atomic():
        PaperRevision.objects.filter(pk=paper.pk).update(minutes=99)
    with pytest.raises(DatabaseError), transaction.atomic():
        PaperRevision.objects.filter(pk=paper.pk).delete()


def test_refuses_who_saw_an_older_state(paper):
    seen = services.stamp(paper)
    rewrite(paper, ground.drawn(title="先到"))
    PaperRevision.objects.update(saved_at=NOON.replace(hour=5))
    refused("changed_meanwhile", rewrite, row=paper, draft=ground.drawn(title="后到"), seen=seen)


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("title", {"title": " "}),
        ("exam_rule", {"pass_score": 50}),
        ("exam_rule", {"minutes": 1}),
        ("exam_policy", {"policy": plans.ExamPolicy(leave_limit=-1)}),
        ("exam_policy", {"policy": plans.ExamPolicy(face="always")}),
        ("row", {"rows": (Row(count=0, score=1),)}),
        ("row", {"rows": (Row(count=1, score=0),)}),
        ("row", {"rows": (Row(count=1, score=1, low=4, high=2),)}),
        ("row", {"rows": (Row(count=1, score=1),) * 31}),
        ("too_many_questions", {"rows": (Row(count=101, score=1),)}),
        ("score", {"rows": (Row(count=100, score=11),)}),
    ],
)
def test_refuses_what_no_paper_may_say(paper, code, changes):
    refused(code, services.write, draft=ground.drawn(**{"rows": (Row(count=1, score=1),), **changes}), by="安全员", at=NOON)
    refused(code, rewrite, row=paper, draft=ground.drawn(**{"rows": (Row(count=1, score=1),), **changes}))


def test_refuses_a_fixed_paper_without_questions_or_with_one_twice(paper):
    (ref,) = ground.refs(1)
    refused("no_questions", services.write, draft=ground.fixed(), by="安全员", at=NOON)
    refused("question_twice", services.write, draft=ground.fixed(ref, ref._replace(version=2)), by="安全员", at=NOON)


def test_a_plan_takes_a_paper_with_its_policy_and_refuses_one_that_cannot_be_drawn(paper):
    someone = plan_ground.learner(1)
    policy = plans.ExamPolicy(face="start", cool_hours=12)
    plan_ground.open_plan(exam_paper=paper.uuid, exam_policy=policy, exam_questions=99)
    (view,) = plans.assignments_of(someone.id)
    rule = plans.exam_rule(view.id)
    assert (rule.paper, rule.questions, rule.policy) == (paper.uuid, 5, policy)
    assert len(services.compose(rule=rule, seed=secrets.randbits(63))) == 5
    short = ground.write(ground.drawn(Row(count=50, score=1)))
    with pytest.raises(DomainError) as caught:
        plan_ground.open_plan(title="另一个", version_ids=[plan_ground.make_course("AQ-2")], requirement_id=plan_ground.requirement(code="X"), exam_paper=short.uuid)  # fmt: skip
    assert (caught.value.code, TrainingPlan.objects.count()) == ("bank_too_small", 1)
    short.refresh_from_db()
    assert short.used_at is None


def test_a_copy_is_a_paper_of_its_own_and_a_retired_one_is_not_offered(paper):
    twin = services.copy(paper=paper.paper.uuid, by="教师甲", at=NOON)
    assert (twin.title, twin.content, twin.paper == paper.paper) == ("有限空间考试（副本）", paper.content, False)
    services.retire(paper=paper.paper.uuid, retired=True, at=NOON)
    assert [one.uuid for one in plans.PAPERS.get().offers()] == [twin.uuid]
    assert plans.PAPERS.get().offer(paper.uuid).title == "有限空间考试"
    services.retire(paper=paper.paper.uuid, retired=False, at=NOON)
    assert len(plans.PAPERS.get().offers()) == 2


def test_managers_hear_once_a_day_of_a_running_exam_that_cannot_be_drawn_any_more(paper):
    plan_ground.manager_browser(require())
    plan_ground.learner(1)
    plan_ground.open_plan(exam_paper=paper.uuid)
    assert watching.tell_impossible(at=NOON) == 0
    with platform_scope():
        QuestionVersion.objects.update(state="RETIRED")
    assert [watching.tell_impossible(at=NOON) for _again in range(2)] == [1, 1]
    assert people.unread_notices(manager_id=Manager.objects.get().pk) == 1


def test_the_neighbour_finds_no_paper(paper, yi):
    with enterprise_scope(yi):
        assert not Paper.objects.exists()
        assert plans.PAPERS.get().offers() == []
        with pytest.raises(DomainError) as caught:
            services.compose(rule=ground.rule(paper.uuid), seed=1)
        assert caught.value.status == 404
