"""Managers: who invites, changes and removes them; an enterprise always keeps an owner."""

import pytest

from apps.people import api as people
from apps.people import history, managing, services
from apps.people.models import Change, Manager
from infra.kit.errors import DomainError
from public.audit.models import AuditEvent
from tenants.scope import enterprise_scope
from tests.tenants.ground import run

from .conftest import NOON, OWNER, browser, is_in, sign_in

MOBILE = "13600000001"


@pytest.fixture
def owner(in_jia):
    people.open_owner(name="安全员", mobile=OWNER, password="a-long-password", at=NOON)
    return Manager.objects.get()


def invite(owner, role="AUDITOR", **more):
    return managing.invite(
        **{"name": "安全员乙", "mobile": MOBILE, "role": role, "unit_id": None, "by": owner.pk, "at": NOON, **more}
    )


def test_the_last_owner_is_neither_removed_nor_given_another_role(owner):
    for act in (
        lambda: managing.remove(manager_id=owner.pk, by=owner.pk, at=NOON),
        lambda: managing.change_role(manager_id=owner.pk, role="AUDITOR", unit_id=None, by=owner.pk, at=NOON),
    ):
        with pytest.raises(DomainError) as refusal:
            act()
        assert refusal.value.code == "last_owner"
    owner.refresh_from_db()
    assert (owner.role, owner.left_at, owner.credential.is_active) == ("OWNER", None, True)
    assert not Change.objects.exists()


def test_of_two_owners_one_may_go(owner):
    second = invite(owner, "OWNER")
    managing.remove(manager_id=owner.pk, by=second.pk, at=NOON)
    assert [row.pk for row in managing.managers()] == [second.pk]
    with pytest.raises(DomainError):
        managing.remove(manager_id=second.pk, by=second.pk, at=NOON)


def test_a_supervisor_needs_a_unit_and_others_have_none(owner):
    with pytest.raises(DomainError) as refusal:
        invite(owner, "UNIT")
    assert refusal.value.code == "unit_missing"
    assert Manager.objects.count() == 1
    unit = services.unit_of_path("生产部")
    assert invite(owner, "UNIT", unit_id=unit.pk).unit == unit
    assert invite(owner, "AUDITOR", unit_id=unit.pk, mobile="13600000002").unit is None


@pytest.mark.parametrize(
    ("change", "code"), [({"role": "BOSS"}, "role_invalid"), ({"mobile": OWNER}, "is_manager"), ({"name": "1"}, "name_invalid")]
)
def test_refuses_and_changes_nothing(owner, change, code):
    with pytest.raises(DomainError) as refusal:
        invite(owner, **change)
    assert refusal.value.code == code
    assert Manager.objects.count() == 1


def test_a_learner_of_the_same_name_and_number_becomes_a_manager_with_one_way_in(owner):
    learner = people.add_learner(name="学员甲", id_number="330106199003070014", mobile=MOBILE, at=NOON)
    with pytest.raises(DomainError):
        invite(owner)
    row = invite(owner, name="学员甲")
    assert row.credential.learner.uuid == learner.uuid
    managing.remove(manager_id=row.pk, by=owner.pk, at=NOON)
    row.credential.refresh_from_db()
    assert row.credential.is_active, "who learns goes on learning"


def test_who_was_a_manager_may_learn_on(owner):
    row = invite(owner)
    managing.remove(manager_id=row.pk, by=owner.pk, at=NOON)
    view = people.add_learner(name="安全员乙", id_number="330106199003070014", mobile=MOBILE, at=NOON)
    for act, opens in ((services.archive_learner, False), (services.restore_learner, True)):
        act(learner_uuid=view.uuid, at=NOON)
        row.credential.refresh_from_db()
        assert row.credential.is_active is opens


def test_who_was_removed_is_out_at_once_and_may_come_back(manager, jia):
    with enterprise_scope(jia):
        owner = Manager.objects.get()
        row = invite(owner)
        row.credential.set_password("a-long-password")
        row.credential.save()
    theirs = browser(jia)
    sign_in(theirs, MOBILE)
    assert theirs.get("/console").status_code == 200
    assert manager.post(f"/console/managers/{row.pk}/remove").url == "/console/managers"
    assert theirs.get("/console").status_code == 302
    assert not is_in(theirs)
    with enterprise_scope(jia):
        assert invite(owner, "TRAINER").pk == row.pk
    sign_in(theirs, MOBILE)
    assert theirs.get("/console").status_code == 200


def test_the_pages_invite_change_and_refuse_in_words(manager, jia):
    page = manager.post("/console/managers/invite", {"name": "安全员乙", "mobile": MOBILE, "role": "UNIT", "unit": ""})
    assert page.status_code == 422
    assert "id_unit_error" in page.content.decode()
    assert manager.post("/console/managers/invite", {"name": "安全员乙", "mobile": MOBILE, "role": "AUDITOR"}).status_code == 302
    with enterprise_scope(jia):
        me, other = Manager.objects.order_by("pk")
    assert manager.post(f"/console/managers/{other.pk}", {"role": "TRAINER"}).status_code == 302
    page = manager.post(f"/console/managers/{me.pk}", {"role": "TRAINER"})
    assert page.status_code == 422
    assert "唯一的企业负责人" in page.content.decode()
    assert manager.post(f"/console/managers/{me.pk}/remove").status_code == 302
    with enterprise_scope(jia):
        me.refresh_from_db()
        assert (me.role, me.left_at) == ("OWNER", None)
        (first, second) = map(history.told, history.of(Change.Kind.MANAGER, other.pk))
        told = AuditEvent.objects.get(action="people.manager_changed")
    assert first.lines == [("管理角色", "审计员（只读）", "培训教师")]
    assert (second.action, second.who) == ("邀请", "安全员")
    assert told.details == {"before": {"manager_role": "审计员（只读）"}, "after": {"manager_role": "培训教师"}}


@pytest.mark.req("R4.2")
@pytest.mark.parametrize("statement", ["UPDATE people_change SET action = 'x'", "DELETE FROM people_change"])
def test_history_only_grows(owner, statement):
    from django.db.utils import ProgrammingError

    invite(owner)
    with pytest.raises(ProgrammingError):
        run(statement)
    assert Change.objects.count() == 1
