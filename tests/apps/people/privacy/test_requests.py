"""Asking, answering, the clock: in time, with a reason, by somebody else, and each answer in the ledger (PIPL arts. 44-50)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import TestCase

from apps.people.events import request_overdue
from apps.people.models import Change, Learner, Notice, PrivacyRequest
from apps.people.privacy import correcting, requesting, watching
from apps.people.privacy.rules import after_months, spent, stage
from apps.records import api as records
from infra.kit.errors import DomainError
from public.complaints.models import Complaint
from tenants.scope import platform_scope
from tests.apps.people.privacy.conftest import ID, NOON, ask, decide
from tests.apps.plans.ground import resident_id

pytestmark = pytest.mark.req("R1.4")
OTHER = resident_id(88)


def entries(row: Learner) -> list[dict]:
    return [entry.body for entry in records.entries_of(row.uuid) if entry.kind == "REQUEST"]


def test_the_answer_is_due_after_fifteen_working_days(pupil):
    """From Monday 23 November 2026: three weeks of five days."""
    assert ask(pupil, "RESTRICTION").due_at == datetime(2026, 12, 14, 10, tzinfo=UTC)


def test_managers_are_told_and_reminded_at_50_80_and_100_percent_once_each(pupil, owner):
    row = ask(pupil, "RESTRICTION")
    late: list[object] = []
    request_overdue.connect(lambda request, **_: late.append(request), weak=False, dispatch_uid="test")
    told = []
    for percent in (0, 49, 50, 79, 80, 99, 100, 130):
        at = row.at + (row.due_at - row.at) * percent / 100
        with TestCase.captureOnCommitCallbacks(execute=True):
            told.append((percent, watching.watch(at=at), watching.watch(at=at)))
    request_overdue.disconnect(dispatch_uid="test")
    assert set(late) == {row.uuid}
    with platform_scope():
        assert Complaint.objects.filter(about=f"privacy-request:{row.uuid}").count() == 1
    assert [percent for percent, first, again in told if first] == [50, 80, 100]
    assert not any(again for _p, _first, again in told)
    kinds = list(Notice.objects.filter(manager=owner).order_by("pk").values_list("kind", "context__percent"))
    assert kinds == [("privacy.asked", None), ("privacy.due", "50%"), ("privacy.due", "80%"), ("privacy.due", "100%")]


def test_who_is_late_is_said_again_where_nobody_could_take_it(pupil, owner):
    row, heard = ask(pupil, "RESTRICTION"), list[object]()

    def take(request: object, **_more: object) -> None:
        heard.append(request)
        if len(heard) == 1:
            raise OSError("the platform is away")

    request_overdue.connect(take, weak=False, dispatch_uid="test")
    try:
        for hours in (0, 1):
            with TestCase.captureOnCommitCallbacks(execute=True):
                watching.watch(at=row.due_at + timedelta(hours=hours))
        assert heard == [row.uuid, row.uuid]
        decide(row, owner, approved=False)
        watching.watch(at=row.due_at + timedelta(hours=2))
    finally:
        request_overdue.disconnect(dispatch_uid="test")
    assert len(heard) == 2


def test_no_reminder_once_it_is_answered(pupil, owner):
    row = ask(pupil, "RESTRICTION")
    decide(row, owner, approved=False)
    assert watching.watch(at=row.due_at + timedelta(days=9)) == 0


def test_a_correction_is_compared_written_with_its_history_and_entered(pupil, owner):
    row = ask(pupil, "CORRECTION", wanted={"name": "学员丙", "id_number": OTHER, "position": "", "employee_no": ""})
    assert row.fields == ["id_number", "name"]
    assert OTHER.encode() not in bytes(row.wanted_sealed)
    assert [(now, wanted) for _label, now, wanted in correcting.compared(row)] == [("学员甲", "学员丙"), (ID, OTHER)]
    done = decide(row, owner)
    pupil.refresh_from_db()
    assert (pupil.name, correcting.present(pupil)["id_number"], pupil.credential.name) == ("学员丙", OTHER, "学员丙")
    assert bytes(PrivacyRequest.objects.get(pk=row.pk).wanted_sealed) == b""
    change = Change.objects.filter(subject=str(pupil.uuid)).latest("pk").changes
    assert change["name"] == ["学员甲", "学员丙"]
    assert OTHER not in str(change)
    body = entries(pupil)[0]
    assert (body["kind"], body["state"], body["fields"], body["in_time"]) == (
        "CORRECTION",
        "APPROVED",
        ["id_number", "name"],
        True,
    )
    assert OTHER not in str(body)
    assert "学员丙" not in str(body)
    assert Notice.objects.filter(learner=pupil, kind="privacy.decided").count() == 1
    assert done.decided_by_id == owner.pk


def test_a_number_of_somebody_else_is_refused_without_a_name_and_nothing_is_asked(pupil, colleague):
    with pytest.raises(DomainError, match="id_taken") as refused:
        ask(pupil, "CORRECTION", wanted={"id_number": resident_id(5)})
    assert "学员乙" not in str(refused.value.message)
    assert not PrivacyRequest.objects.exists()


@pytest.mark.parametrize(
    ("kind", "more", "code"),
    [
        ("CORRECTION", {"wanted": {"name": "学员甲"}}, "nothing_to_correct"),
        ("CORRECTION", {"wanted": {"name": "123"}}, "name_invalid"),
        ("CORRECTION", {"wanted": {"id_number": "330106199003070015"}}, "id_invalid"),
        ("ERASURE", {"words": " "}, "words_missing"),
    ],
)
def test_what_cannot_be_answered_is_not_taken(pupil, kind, more, code):
    with pytest.raises(DomainError, match=code):
        ask(pupil, kind, **more)
    assert not PrivacyRequest.objects.exists()


def test_the_same_is_not_asked_twice_while_it_waits_and_may_be_after_it_was_taken_back(pupil):
    row = ask(pupil, "ERASURE")
    with pytest.raises(DomainError, match="asked_already"):
        ask(pupil, "ERASURE")
    requesting.take_back(uuid=row.uuid, learner_id=pupil.pk, at=NOON)
    requesting.take_back(uuid=row.uuid, learner_id=pupil.pk, at=NOON)
    ask(pupil, "ERASURE")
    assert sorted(PrivacyRequest.objects.values_list("state", flat=True)) == ["WAITING", "WITHDRAWN"]


def test_a_refusal_says_why_and_does_nothing(pupil, owner):
    row = ask(pupil, "ERASURE")
    with pytest.raises(DomainError, match="reason_missing"):
        decide(row, owner, approved=False, reason=" ")
    decide(row, owner, approved=False, reason="仍在岗，培训是法定义务")
    pupil.refresh_from_db()
    assert (pupil.name, pupil.is_active, pupil.restricted_at) == ("学员甲", True, None)
    assert [body["state"] for body in entries(pupil)] == ["REFUSED"]
    with pytest.raises(DomainError, match="decided_already"):
        decide(row, owner)
    assert len(entries(pupil)) == 1


def test_nobody_answers_the_own_request(pupil, owner):
    row = ask(pupil, "RESTRICTION")
    with pytest.raises(DomainError, match="own_request"):
        decide(row, owner, own=pupil.pk)
    row.refresh_from_db()
    assert row.is_waiting
    assert not entries(pupil)


def test_a_colleague_takes_nothing_back_for_others(pupil, colleague):
    row = ask(pupil, "RESTRICTION")
    with pytest.raises(DomainError, match="not_found"):
        requesting.take_back(uuid=row.uuid, learner_id=colleague.pk, at=NOON)
    row.refresh_from_db()
    assert row.is_waiting


def test_the_clock_and_months():
    asked = datetime(2026, 1, 1, tzinfo=UTC)
    due = asked + timedelta(days=10)
    assert [spent(asked, due, asked + timedelta(days=n)) for n in (-1, 0, 5, 10, 20)] == [0, 0, 50, 100, 200]
    assert [stage(asked, due, asked + timedelta(days=n)) for n in (4, 5, 8, 11)] == [0, 50, 80, 100]
    assert after_months(date(2026, 11, 30), 3).isoformat() == "2027-02-28"
    assert after_months(date(2026, 12, 1), 36).isoformat() == "2029-12-01"


def test_what_was_put_right_by_hand_meanwhile_is_granted_and_written_no_second_time(pupil, owner):
    row = ask(pupil, "CORRECTION", wanted={"position": "电工"})
    Learner.objects.filter(pk=pupil.pk).update(position="电工")
    before = Change.objects.count()
    done = decide(row, owner)
    assert (done.state, done.effect, Change.objects.count()) == ("APPROVED", {"corrected": []}, before)
