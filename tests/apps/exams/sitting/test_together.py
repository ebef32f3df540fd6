"""Two tabs at the same moment, on real connections."""

import random

import pytest
from stdnum.cn import uscc

from apps.exams import api as exams
from apps.exams.models import Attempt
from apps.plans import api as plans
from apps.records import api as records
from infra.kit import clock
from tenants.opening import Application
from tenants.scope import enterprise_scope
from tests.apps.plans import ground
from tests.tenants.ground import opened
from tests.together import together


@pytest.fixture
def fresh(database):
    """An enterprise of its own: what several connections do is not rolled back."""
    body = f"91330106MA2{random.randint(100_000, 999_999)}"
    name = f"together-{random.randint(10_000, 99_999)}"
    application = Application("杭州丙机械有限公司", body + uscc.calc_check_digit(body), name, "C34", "GENERAL", "330106")
    return opened(application, at=ground.NOON)


@pytest.mark.req("R2.8")
def test_starting_and_submitting_at_once_makes_one_try_and_one_result(fresh):
    tag = random.randint(100, 999)
    code = f"AQ-CY-{tag}{random.randint(1000, 9999)}"
    with enterprise_scope(fresh):
        someone = ground.learner(tag)
        ground.make_questions(code)
        course, law = ground.make_course(code), ground.requirement(code=code[-12:])
        ground.open_plan(plans.Who("picked", learner_ids=[someone.id]), version_ids=[course], requirement_id=law)
        (view,) = plans.assignments_of(someone.id)
        ground.learn_all(view)
    at = clock.now()
    began = together(fresh, lambda: exams.start(assignment_uuid=view.uuid, learner_id=someone.id, at=at))
    assert len({attempt.uuid for attempt in began}) == 1
    attempt = began[0]
    with enterprise_scope(fresh):
        for item in Attempt.objects.get(uuid=attempt.uuid).paper:
            exams.answer(
                attempt_uuid=attempt.uuid, learner_id=someone.id, no=item["no"], response=item["answer"], seq=item["no"], at=at
            )
    done = together(fresh, lambda: exams.submit(attempt_uuid=attempt.uuid, learner_id=someone.id, at=clock.now()))
    assert {(result.score, result.submitted_at) for result in done} == {(100, done[0].submitted_at)}
    with enterprise_scope(fresh):
        assert [entry.kind for entry in records.entries_of(someone.uuid)] == ["REGISTRATION", "EXAM", "CERTIFICATE"]
        assert records.verify_chain(someone.uuid).is_whole
