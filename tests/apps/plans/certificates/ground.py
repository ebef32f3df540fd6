"""Ground of the tests of certificates: an enterprise with two units, learners who have completed, two managers."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from apps.people import api as people
from apps.people import managing, services
from apps.people.models import Manager
from apps.plans import api as plans
from apps.plans.models import Assignment
from apps.records import api as records
from infra.kit import clock
from tests.apps.plans import ground


@dataclass
class House:
    """``papers``: certificates of the learners, in their order; ``one`` and ``two``: browsers of the managers, ``east`` of a supervisor of the east."""

    site: Any
    plan: UUID
    who: list[people.LearnerView]
    papers: list[records.CertificateView]
    one: Any
    two: Any
    east: Any
    me: int


def complete(view: people.LearnerView, at: Any = None, *, exam: bool = True) -> records.CertificateView:
    """Let a learner complete the only open duty; returns the certificate."""
    learnt(view, at, exam=exam)
    plans.review_completion(learner_id=view.id, at=at or clock.now())
    return records.certificates_of(view.uuid)[0]


def learnt(view: people.LearnerView, at: Any = None, *, exam: bool = True) -> None:
    """Let a learner have learnt everything and passed, before anybody has looked at it."""
    duty = next(one for one in plans.assignments_of(view.id) if one.state == Assignment.State.ASSIGNED)
    ground.learn_all(duty)
    if exam:
        plans.note_exam_passed(assignment_id=duty.id, attempt=uuid4(), score=95, at=at or clock.now())


def house(
    site: Any, n: int = 3, *, done: int | None = None, code: str = "FZ-GEN", stage: str = "INITIAL", at: Any = None
) -> House:
    """Open an enterprise's training and let the first ``done`` of ``n`` learners (all by default) complete it."""
    east, west = services.unit_of_path("东厂"), services.unit_of_path("西厂")
    one = people.open_owner(name="安全员", mobile="13900000001", password=None, at=ground.NOON)
    me = Manager.objects.get(credential=one)
    rows = [
        managing.invite(name=name, mobile=mobile, role=role, unit_id=unit, by=me.pk, at=ground.NOON)
        for name, mobile, role, unit in (
            ("管理员乙", "13900000002", Manager.Role.TRAINING, None),
            ("主管丙", "13900000003", Manager.Role.UNIT, east.pk),
        )
    ]
    who = [ground.learner(number, unit_id=(east if number % 2 == 0 else west).pk) for number in range(n)]
    wanted = ground.requirement(stage, code=code)
    plan = ground.open_plan(title="主要负责人安全培训", requirement_id=wanted)
    papers = [complete(view, at) for view in who[: n if done is None else done]]
    browsers = [ground.browser(site, credential) for credential in (one, *(row.credential for row in rows))]
    return House(site, plan, who, papers, *browsers, me=me.pk)
