"""The managers' queue: letting in, refusing, one or many, and only the own subtree."""

from datetime import timedelta
from uuid import uuid4

import pytest

from apps.people import api as people
from apps.people.belonging import subtree
from apps.people.joining import deciding, links, telling
from apps.people.models import Application, Change, Learner, Notice
from infra.kit.errors import DomainError
from public.regulators.models import FeedRecord
from tenants.api import Credential
from tenants.scope import platform_scope
from tests.apps.plans.ground import resident_id

from .conftest import ID, NEW, NOON, ask_in, texts_for, waiting


def refused(code):
    return pytest.raises(DomainError, check=lambda error: error.code == code)


def several(link, count=3):
    return [
        ask_in(link, name="学员" + "丙丁戊己"[n], id_number=resident_id(80 + n), mobile=f"1381111010{n}") for n in range(count)
    ]


@pytest.mark.req("R2.9")
def test_who_is_let_in_is_a_learner_with_history_and_in_the_feed(owner, link):
    row = ask_in(link)
    assert deciding.approve(applications=[row.uuid], by=owner.pk, at=NOON) == 1
    learner = Learner.objects.get(name="学员乙")
    assert (learner.unit.name, learner.position, learner.credential) == ("一车间", "电工", Credential.objects.by_login(NEW))
    change = Change.objects.get(kind="LEARNER", subject=str(learner.uuid))
    assert (change.action, change.by) == ("added", owner)
    with platform_scope():
        assert FeedRecord.objects.filter(subject=str(learner.uuid)).count() == 1
    assert Notice.objects.filter(kind="joining.admitted", learner=learner).count() == 1


def test_the_numbers_are_forgotten_with_the_decision(owner, link):
    kept, gone = several(link, 2)
    deciding.approve(applications=[kept.uuid], by=owner.pk, at=NOON)
    deciding.reject(applications=[gone.uuid], reason="不是本单位的人", by=owner.pk, at=NOON)
    telling.tell_refused(at=NOON)
    for row in Application.objects.all():
        assert (bytes(row.id_sealed), bytes(row.mobile_sealed), row.person_key, row.mobile_index) == (b"", b"", "", "")
        assert deciding.masked(row) == ("—", "—")


def test_who_is_refused_gets_one_message_and_may_ask_again(owner, link, monkeypatch):
    monkeypatch.setattr("tenants.codes.PER_MOBILE", ("100/minute",))
    row = ask_in(link)
    deciding.reject(applications=[row.uuid], reason="名字 与身份证不符", by=owner.pk, at=NOON)
    assert telling.tell_refused(at=NOON) == 1
    assert telling.tell_refused(at=NOON) == 0
    assert len(texts_for(NEW)) == 1
    assert "没有通过" in texts_for(NEW)[0]
    assert ID not in texts_for(NEW)[0]
    row.refresh_from_db()
    assert (row.state, row.reason) == ("REJECTED", "名字 与身份证不符")
    assert ask_in(link).uuid != row.uuid


def test_a_refusal_needs_a_reason(owner, link):
    row = ask_in(link)
    with refused("reason_missing"):
        deciding.reject(applications=[row.uuid], reason=" ", by=owner.pk, at=NOON)
    assert waiting() == ["学员乙"]


def test_all_are_let_in_or_none(owner, link):
    rows = several(link)
    people.add_learner(name="学员癸", id_number=resident_id(81), mobile="13800000042", at=NOON)  # somebody was faster
    with refused("cannot_join") as refusal:
        deciding.approve(applications=[row.uuid for row in rows], by=owner.pk, at=NOON)
    assert "学员丁" in str(refusal.value.message)
    assert waiting() == ["学员丙", "学员丁", "学员戊"]
    assert not Learner.objects.filter(name="学员丙").exists()
    assert deciding.approve(applications=[rows[0].uuid, rows[2].uuid], by=owner.pk, at=NOON) == 2


def test_deciding_twice_changes_nothing(owner, link):
    row = ask_in(link)
    deciding.approve(applications=[row.uuid], by=owner.pk, at=NOON)
    assert deciding.approve(applications=[row.uuid], by=owner.pk, at=NOON) == 0
    assert deciding.reject(applications=[row.uuid], reason="迟了一步", by=owner.pk, at=NOON) == 0
    row.refresh_from_db()
    assert row.state == "APPROVED"
    assert Learner.objects.filter(name="学员乙").count() == 1


def test_nobody_unknown_is_decided(owner, link):
    row = ask_in(link)
    with refused("not_found"):
        deciding.approve(applications=[row.uuid, uuid4()], by=owner.pk, at=NOON)
    assert waiting() == ["学员乙"]


@pytest.mark.req("R5.7")
def test_a_supervisor_decides_about_the_own_subtree_only(owner, units, supervisor, link):
    mine = subtree(units["生产部"].pk)
    other = links.make(unit_id=units["仓储部"].pk, position="", days=3, most=None, by=owner.pk, at=NOON)
    ours, theirs = ask_in(link), ask_in(other, name="学员丙", id_number=resident_id(78), mobile="13811110009")
    assert [row.name for row in deciding.queue(within=mine)] == ["学员乙"]
    for act in (
        lambda: deciding.approve(applications=[ours.uuid, theirs.uuid], by=supervisor.pk, at=NOON, within=mine),
        lambda: deciding.reject(applications=[theirs.uuid], reason="不认识", by=supervisor.pk, at=NOON, within=mine),
    ):
        with refused("not_found"):
            act()
    assert waiting() == ["学员乙", "学员丙"]
    assert deciding.approve(applications=[ours.uuid], by=supervisor.pk, at=NOON, within=mine) == 1
    told = Notice.objects.filter(kind="joining.asked", manager=supervisor)
    assert told.count() == 1, "the supervisor is told of the own unit"


def test_what_nobody_decides_is_closed_after_two_months_and_told(link):
    row = ask_in(link)
    assert telling.close_forgotten(at=NOON + timedelta(days=59)) == 0
    later = NOON + timedelta(days=61)
    assert telling.close_forgotten(at=later) == 1
    assert telling.tell_refused(at=later) == 1
    row.refresh_from_db()
    assert (row.state, row.decided_by, bytes(row.id_sealed), bytes(row.mobile_sealed)) == ("REJECTED", None, b"", b"")
    assert "60 天" in row.reason
