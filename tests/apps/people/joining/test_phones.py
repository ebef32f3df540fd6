"""A new phone: with both codes at once, or by a manager; other devices are signed out."""

import pytest

from apps.people.joining import phones
from apps.people.models import Change, Learner, Manager, PhoneChange
from apps.people.rules import mobile_index
from infra.kit.errors import DomainError
from tenants.api import Credential
from tenants.scope import enterprise_scope

from .conftest import LEARNER, NOON, OWNER, browser, code_for, is_in, sign_in

FRESH = "13922229999"


def send(client, **more):
    return client.post("/me/phone", {"way": "old", "do": "send", "old": LEARNER, "new": FRESH, **more})


def enter(client, **more):
    words = {"way": "old", "do": "enter", "old": LEARNER, "new": FRESH}
    return client.post("/me/phone", words | {"old_code": code_for(LEARNER), "new_code": code_for(FRESH)} | more)


def login_is(jia, mobile):
    with enterprise_scope(jia):
        return Credential.objects.by_login(mobile) is not None


@pytest.mark.req("R2.1")
def test_both_codes_change_the_number_and_sign_the_others_out(learner, jia, staff):
    other = browser(jia)
    sign_in(other, LEARNER)
    assert send(learner).status_code == 200
    assert enter(learner).status_code == 302
    assert (is_in(learner), is_in(other)) == (True, False)
    assert sign_in(browser(jia), FRESH).status_code == 302
    assert sign_in(browser(jia), LEARNER).status_code == 422
    with enterprise_scope(jia):
        assert Learner.objects.get(uuid=staff.uuid).mobile_index == mobile_index(FRESH)
        assert Change.objects.get(action="phone").changes == {"mobile": ["138****0001", "139****9999"]}


@pytest.mark.parametrize("wrong", ["old_code", "new_code"])
def test_one_wrong_code_changes_nothing(learner, jia, wrong):
    send(learner)
    answer = enter(learner, **{wrong: "000000" if code_for(LEARNER) != "000000" != code_for(FRESH) else "999999"})
    assert answer.status_code == 422
    assert (login_is(jia, LEARNER), login_is(jia, FRESH)) == (True, False)


def test_the_old_number_must_be_the_own_one(learner, jia):
    answer = send(learner, old=OWNER)
    assert answer.status_code == 422
    assert "不是您现在登录用的手机号" in answer.content.decode()


def test_a_number_in_use_is_refused_without_telling_whose(learner, jia):
    answer = send(learner, new=OWNER)
    assert answer.status_code == 422
    assert "已经有人使用" in answer.content.decode()
    assert "安全员" not in answer.content.decode().replace("安全管理员", "")


def test_a_manager_changes_the_own_number_alike(manager, jia):
    assert manager.post("/me/phone", {"way": "old", "do": "send", "old": OWNER, "new": FRESH}).status_code == 200
    words = {"way": "old", "do": "enter", "old": OWNER, "new": FRESH, "old_code": code_for(OWNER), "new_code": code_for(FRESH)}
    assert manager.post("/me/phone", words).status_code == 302
    assert login_is(jia, FRESH)
    with enterprise_scope(jia):
        assert Change.objects.get(kind="MANAGER", action="phone").changes["mobile"][1] == "139****9999"


def lost(client):
    client.post("/me/phone", {"way": "lost", "do": "send", "new": FRESH})
    return client.post("/me/phone", {"way": "lost", "do": "enter", "new": FRESH, "new_code": code_for(FRESH)})


@pytest.mark.req("R5.7")
def test_without_the_old_phone_a_manager_decides(learner, manager, neighbour, jia):
    assert lost(learner).status_code == 302
    assert (login_is(jia, LEARNER), login_is(jia, FRESH)) == (True, False)
    assert "等待安全管理员" in learner.get("/me").content.decode()
    with enterprise_scope(jia):
        row = PhoneChange.objects.get()
    page = manager.get("/console/joining/phones").content.decode()
    assert "138****0001 → 139****9999" in page
    assert FRESH not in page
    assert "学员甲" not in neighbour.get("/console/joining/phones").content.decode()
    assert neighbour.post("/console/joining/phones/decide", {"ids": row.uuid, "do": "approve"}).status_code == 404
    assert manager.post("/console/joining/phones/decide", {"ids": row.uuid, "do": "approve"}).status_code == 302
    assert (login_is(jia, LEARNER), login_is(jia, FRESH)) == (False, True)
    assert not is_in(learner)
    with enterprise_scope(jia):
        row.refresh_from_db()
        assert (row.state, bytes(row.mobile_sealed), row.decided_by.name) == ("APPROVED", b"", "安全员")
        assert Change.objects.get(kind="LEARNER", action="phone").by.name == "安全员"


def test_a_refused_wish_changes_nothing_and_needs_a_reason(learner, manager, jia):
    lost(learner)
    with enterprise_scope(jia):
        row = PhoneChange.objects.get()
    assert manager.post("/console/joining/phones/decide", {"ids": row.uuid, "do": "reject"}).status_code == 422
    words = {"ids": row.uuid, "do": "reject", "reason": "没有联系上本人"}
    assert manager.post("/console/joining/phones/decide", words).status_code == 302
    assert (login_is(jia, LEARNER), login_is(jia, FRESH), is_in(learner)) == (True, False, True)


def test_a_manager_who_learns_cannot_be_taken_over_by_whom_decides(learner, jia, staff):
    with enterprise_scope(jia):
        Manager.objects.create(credential=Credential.objects.by_login(LEARNER), name="学员甲", role="TRAINING")
    answer = lost(learner)
    assert answer.status_code >= 400
    with enterprise_scope(jia):
        assert not PhoneChange.objects.exists()


def test_a_supervisor_of_another_unit_sees_and_decides_nothing(learner, jia, staff, units, owner):
    lost(learner)
    with enterprise_scope(jia):
        row = PhoneChange.objects.get()
        assert not phones.queue(within=frozenset({units["仓储部"].pk})).exists()
        with pytest.raises(DomainError):
            phones.decide(
                changes=[row.uuid], approved=True, reason="", by=owner.pk, at=NOON, within=frozenset({units["仓储部"].pk})
            )
    assert login_is(jia, LEARNER)
