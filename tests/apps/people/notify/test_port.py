"""Telling people: once, in the caller's transaction, nobody else's."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from apps.people import api as people
from apps.people.models import Learner, Manager, Notice
from apps.people.notify import kinds
from tenants.scope import enterprise_scope
from tests.conftest import NOON


@pytest.fixture
def kind():
    """A kind that only this test knows."""
    people.register_notice("test.said", title="第 %(n)s 号", body="关于%(what)s", url="/learn/%(n)s", channels=["sms"])
    yield "test.said"
    kinds._registered.pop("test.said")


@pytest.fixture
def learner(in_jia):
    return people.add_learner(name="学员甲", id_number="330106199003070014", mobile="13800000001", password=None, at=NOON).id


@pytest.fixture
def owner(in_jia):
    return Manager.objects.get(credential=people.open_owner(name="安全员", mobile="13800000008", password=None, at=NOON)).pk


def tell(kind, **more):
    people.notify(**{"kind": kind, "context": {"n": 7, "what": "动火"}, "at": NOON, "about": "a:1", **more})


def test_tells_the_same_person_once_about_the_same(kind, learner, owner):
    for _turn in range(2):
        tell(kind, learner_id=learner)
        tell(kind, manager_id=owner)
        tell(kind, manager_id=owner, about="a:2")
    rows = Notice.objects.order_by("id")
    assert [(row.learner_id, row.manager_id, row.about) for row in rows] == [
        (learner, None, "a:1"),
        (None, owner, "a:1"),
        (None, owner, "a:2"),
    ]
    assert rows[0].context == {"n": 7, "what": "动火"}


def test_goes_with_the_callers_transaction(kind, learner):
    with transaction.atomic():
        tell(kind, learner_id=learner)
        assert Notice.objects.exists()
        transaction.set_rollback(True)
    assert not Notice.objects.exists()


def test_rings_once_for_a_transaction_and_writes_many_in_one_statement(kind, learner, owner):
    others = len(connection.run_on_commit)  # a new learner rings for the rules of plans
    with CaptureQueriesContext(connection) as seen:
        people.notify_all(kind=kind, learner_ids=[learner], manager_ids=[owner], context={}, at=NOON, about="a:1")
    assert len([query for query in seen if query["sql"].startswith("INSERT")]) == 1
    before = len(connection.run_on_commit)
    tell(kind, learner_id=learner, about="a:3")
    assert (before - others, len(connection.run_on_commit) - others) == (1, 1)


def test_refuses_what_would_reach_nobody_or_cannot_be_said(kind, learner, owner):
    with pytest.raises(LookupError):
        tell("nobody.knows", learner_id=learner)
    for wrong in ({}, {"learner_id": learner, "manager_id": owner}, {"learner_id": learner, "about": ""}):
        with pytest.raises(ValueError, match=r"recipient|about"):
            tell(kind, **wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        Notice.objects.create(kind=kind, about="x", at=NOON)
    assert not Notice.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [{"url": "https://evil.example"}, {"url": "//evil.example"}, {"channels": ["pigeon"]}, {"urgency": "now"}, {"audience": []}],
)
def test_refuses_a_template_that_leads_away_or_knows_no_channel(wrong):
    with pytest.raises(ValueError, match=r"test\.wrong"):
        people.register_notice("test.wrong", **{"title": "", "body": "", "url": "/x", **wrong})
    assert kinds.known("test.wrong") is None


def test_a_lost_value_never_loses_the_notice(kind):
    template = kinds.kind_of(kind)
    assert template.title_of({"n": 7}) == "第 7 号"
    assert template.body_of({}) == "关于…"
    assert template.url_of({"n": 7}) == "/learn/7"
    assert kinds.label_of(template) == "第 … 号"
    assert "app" in template.channels


def test_the_neighbour_sees_nothing(kind, learner, yi):
    tell(kind, learner_id=learner, at=NOON + timedelta(minutes=1))
    assert Learner.objects.filter(pk=learner).exists()
    with enterprise_scope(yi):
        assert not Notice.objects.exists()
