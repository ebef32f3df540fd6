"""Letting somebody off: one proposes with a reason, another one decides, nobody for themselves; what is complete stays."""

from uuid import uuid4

import pytest

from apps.people import api as people
from apps.people import managing
from apps.people.models import Learner, Manager, Notice
from apps.people.shapes import manager_view
from apps.plans import api as plans
from apps.plans import console
from apps.plans.models import Assignment, Exemption, TrainingPlan
from apps.plans.running import exemptions
from infra.kit.errors import DomainError
from tenants.scope import enterprise_scope
from tests.apps.plans import ground

AT = ground.NOON
REASON = "已在集团完成同类培训，证明在档。"


@pytest.fixture
def managers(in_jia):
    people.open_owner(name="安全员", mobile="13900000001", password=None, at=AT)
    me = Manager.objects.get()
    other = managing.invite(name="培训管理员乙", mobile="13900000002", role="TRAINING", unit_id=None, by=me.pk, at=AT)
    return manager_view(me), manager_view(other)


@pytest.fixture
def someone(in_jia):
    return ground.learner(1)


@pytest.fixture
def plan(someone):
    return TrainingPlan.objects.get(uuid=ground.open_plan())


def propose(plan, learner_id, by, reason=REASON, own=None):
    return exemptions.propose(plan_uuid=plan.uuid, learner_id=learner_id, reason=reason, by=by, own=own, at=AT)


def refused(code, act):
    before = list(Exemption.objects.values("state", "decided_by")), list(Assignment.objects.values("state"))
    with pytest.raises(DomainError) as caught:
        act()
    assert caught.value.code == code
    assert (list(Exemption.objects.values("state", "decided_by")), list(Assignment.objects.values("state"))) == before


@pytest.mark.req("R2.9")
def test_one_proposes_and_another_one_approves(managers, plan, someone):
    me, other = managers
    row = propose(plan, someone.id, me)
    assert [note.manager_id for note in Notice.objects.filter(kind="plan.exemption")] == [other.id]
    assert Assignment.objects.get().state == "ASSIGNED"
    exemptions.decide(exemption=row.uuid, approve=True, by=other, own=None, at=AT)
    assert Assignment.objects.get().state == "EXEMPT"
    assert plans.assignments_of(someone.id) == []
    view = plans.assignment_by_id(Assignment.objects.get().pk)
    with pytest.raises(DomainError, match="exempt"):
        plans.refuse_locked(view, view.courseware_ids[0], at=AT)
    found = console.plan(plan.uuid)
    assert (found.people, found.done) == (0, 0)
    assert ground.numbers(AT.date()).duties == 0
    assert plans.review_completion(learner_id=someone.id, at=AT) == []


def test_nobody_approves_the_own_proposal_or_the_own_exemption(managers, plan, someone):
    me, other = managers
    refused("own_exemption", lambda: propose(plan, someone.id, me, own=someone.id))
    row = propose(plan, someone.id, me)
    refused("own_proposal", lambda: exemptions.decide(exemption=row.uuid, approve=True, by=me, own=None, at=AT))
    refused("own_exemption", lambda: exemptions.decide(exemption=row.uuid, approve=True, by=other, own=someone.id, at=AT))


def test_a_proposal_needs_a_reason_and_stands_once(managers, plan, someone):
    me, _other = managers
    refused("reason", lambda: propose(plan, someone.id, me, reason="免"))
    refused("not_found", lambda: propose(plan, ground.learner(2).id, me))
    propose(plan, someone.id, me)
    refused("already_proposed", lambda: propose(plan, someone.id, me))


def test_what_is_complete_is_not_let_off(managers, plan, someone):
    me, other = managers
    row = propose(plan, someone.id, me)
    (view,) = plans.assignments_of(someone.id)
    ground.learn_all(view)
    plans.note_exam_passed(assignment_id=view.id, attempt=uuid4(), score=95, at=AT)
    plans.review_completion(learner_id=someone.id, at=AT)
    refused("already_completed", lambda: exemptions.decide(exemption=row.uuid, approve=True, by=other, own=None, at=AT))
    exemptions.decide(exemption=row.uuid, approve=False, by=other, own=None, at=AT)
    refused("already_completed", lambda: propose(plan, someone.id, me))


def test_declined_withdrawn_and_revoked_let_nobody_off(managers, plan, someone):
    me, other = managers
    for answer in ("decline", "withdraw", "revoke"):
        row = propose(plan, someone.id, me)
        if answer == "decline":
            exemptions.decide(exemption=row.uuid, approve=False, by=other, own=None, at=AT)
        elif answer == "revoke":
            exemptions.decide(exemption=row.uuid, approve=True, by=other, own=None, at=AT)
        if answer != "decline":
            exemptions.end(exemption=row.uuid, by=me, own=None, at=AT)
        assert Assignment.objects.get().state == "ASSIGNED"
        refused("already_decided", lambda row=row: exemptions.decide(exemption=row.uuid, approve=True, by=other, own=None, at=AT))
    assert set(Exemption.objects.values_list("state", flat=True)) == {"DECLINED", "WITHDRAWN", "REVOKED"}


def test_a_closed_plan_is_not_decided_about(managers, plan, someone):
    me, other = managers
    row = propose(plan, someone.id, me)
    plans.close_plan(plan_uuid=plan.uuid, at=AT)
    refused("plan_closed", lambda: exemptions.decide(exemption=row.uuid, approve=True, by=other, own=None, at=AT))
    refused("plan_closed", lambda: propose(plan, ground.learner(2).id, me))


def test_the_pages_ask_for_the_reason_and_let_another_manager_decide(in_jia, managers, plan, someone):
    mine, theirs = (ground.browser(in_jia, Manager.objects.get(pk=view.id).credential) for view in managers)
    url = f"/console/plans/{plan.uuid}/exempt/{someone.uuid}"
    assert someone.name in mine.get(url).content.decode()
    short = mine.post(url, {"reason": "免"})
    assert short.status_code == 422
    assert "请写明免训理由" in short.content.decode()
    listing = f"/console/plans/{plan.uuid}/exemptions"
    assert mine.post(url, {"reason": REASON})["Location"] == listing
    row = Exemption.objects.get()
    assert "等另一位管理员审批" in mine.get(listing).content.decode()
    assert "有 1 个免训申请等审批" in theirs.get(f"/console/plans/{plan.uuid}").content.decode()
    mine.post(f"/console/plans/exemptions/{row.uuid}/decide", {"answer": "yes"})
    assert Exemption.objects.get().state == "PROPOSED"
    theirs.post(f"/console/plans/exemptions/{row.uuid}/decide", {"answer": "yes"})
    assert Exemption.objects.get().state == "APPROVED"
    page = theirs.get(f"/console/plans/{plan.uuid}?state=EXEMPT").content.decode()
    assert "已免训" in page
    assert someone.name in page
    learner = ground.browser(in_jia, Learner.objects.get(pk=someone.id).credential)
    assert f"/learn/{Assignment.objects.get().uuid}" not in learner.get("/learn").content.decode()


def test_the_neighbour_sees_and_decides_nothing_of_ours(managers, plan, someone, yi):
    row = propose(plan, someone.id, managers[0])
    with enterprise_scope(yi):
        neighbour = ground.manager_browser(yi)
        assert not Exemption.objects.exists()
    assert neighbour.get(f"/console/plans/{plan.uuid}/exemptions").status_code == 404
    assert neighbour.get(f"/console/plans/{plan.uuid}/exempt/{someone.uuid}").status_code == 404
    assert neighbour.post(f"/console/plans/exemptions/{row.uuid}/decide", {"answer": "yes"}).status_code == 404
    assert Exemption.objects.get().state == "PROPOSED"
