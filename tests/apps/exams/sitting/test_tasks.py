"""The doorbell of exams: every enterprise in turn, the neighbour's tries as well, nobody's twice."""

from datetime import timedelta

from apps.exams import api as exams
from apps.exams.models import Attempt
from apps.exams.sitting.rules import GRACE
from apps.exams.tasks import close_expired_everywhere
from apps.plans import api as plans
from infra.kit import clock
from tenants.models import Enterprise
from tenants.scope import enterprise_scope, platform_scope
from tests.apps.plans import ground


def test_closes_what_expired_in_every_enterprise_and_leaves_the_rest(db, jia, yi):
    now = clock.now()
    with enterprise_scope(jia):
        course, law = ground.make_course("AQ-CY-T9"), ground.requirement(code="CY-T9")
        ground.make_questions("AQ-CY-T9")
    begun = {}
    for site in (jia, yi):
        with enterprise_scope(site):
            people = [ground.learner(n) for n in (1, 2)]
            ground.open_plan(version_ids=[course], requirement_id=law)
            for who, began in zip(people, (now - timedelta(hours=9), now), strict=True):
                (view,) = plans.assignments_of(who.id)
                ground.learn_all(view)
                attempt = exams.start(assignment_uuid=view.uuid, learner_id=who.id, at=began)
                begun[site.schema_name, began == now] = attempt.uuid
    with platform_scope():
        Enterprise.objects.filter(schema_name=yi.schema_name).update(status="SUSPENDED")
        assert close_expired_everywhere() == 2
        assert close_expired_everywhere() == 0
    for site in (jia, yi):
        with enterprise_scope(site):
            late = Attempt.objects.get(uuid=begun[site.schema_name, False])
            assert late.submitted_at == late.due_at + GRACE
            assert (late.score, late.passed) == (0, False)
            assert Attempt.objects.get(uuid=begun[site.schema_name, True]).submitted_at is None
