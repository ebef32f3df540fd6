"""Anybody files; number and code open the case; no enterprise reaches a row; contacts lie sealed."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from apps.people.events import request_overdue
from infra.kit import clock
from public.audit.models import AuditEvent
from public.complaints import filing, following, numbers, promises, sealing
from public.complaints.models import Complaint, Event, Promise
from public.complaints.shapes import Contact, Draft
from public.operators.api import Me
from tenants.errors import TooMany
from tenants.scope import enterprise_scope, platform_scope
from tests.public.complaints.ground import NOON, desk, file, refused, row

pytestmark = pytest.mark.req("R6.1.6")


def test_a_receipt_tells_number_code_and_times(db):
    receipt = file()
    assert receipt.number.startswith("TS261123")
    assert len(receipt.number) == 13
    assert len(receipt.code) == 8
    assert receipt.answer_due_at == NOON + timedelta(hours=2)
    assert receipt.due_at == clock.shanghai_midnight(clock.shanghai_date(NOON)) + timedelta(days=3, hours=18)
    found = row(receipt.uuid)
    assert (found.state, found.channel, found.filer, found.promise.category) == ("FILED", "WEB", "PUBLIC", "GENERAL")
    assert receipt.code not in found.code_index


def test_number_and_code_open_the_case_as_somebody_types_them(platform):
    receipt = file()
    typed = f" {receipt.number[:8].lower()}-{receipt.number[8:]} "
    spaced = f"{receipt.code[:4]} {receipt.code[4:]}"
    assert following.open_case(number=typed, code=spaced, ip="10.0.0.9").pk == receipt.pk


@pytest.mark.parametrize("which", ["code", "number"])
def test_a_wrong_number_and_a_wrong_code_are_refused_alike(platform, which):
    receipt = file()
    said = {"number": receipt.number, "code": receipt.code, which: "00000000" if which == "code" else "TS261123ZZZZZ"}
    if said["code"] == receipt.code and which == "code":
        said["code"] = "11111111"
    with refused("wrong_code"):
        following.open_case(**said, ip="10.0.0.9")


def test_codes_cannot_be_guessed_by_trying(platform):
    receipt = file()
    for _try in range(10):
        with refused("wrong_code"):
            following.open_case(number=receipt.number, code="1", ip="10.0.0.9")
    with pytest.raises(TooMany):
        following.open_case(number=receipt.number, code=receipt.code, ip="10.0.0.9")


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"category": "ELSE"}, "unknown_category"), ({"title": " "}, "text_missing"), ({"text": "太短了"}, "text_missing")],
)
def test_refuses_what_says_nothing_and_writes_nothing(db, changes, code):
    with refused(code):
        file(**changes)
    with platform_scope():
        assert not Complaint.objects.exists()


def test_strangers_of_one_address_file_twenty_an_hour_and_a_learner_ten(db):
    for _n in range(20):
        file()
    with pytest.raises(TooMany):
        file()
    me = uuid4()
    for _n in range(10):
        file(subject=me)
    with pytest.raises(TooMany):
        file(subject=me)
    with platform_scope():
        assert Complaint.objects.count() == 30


@pytest.mark.req("R5.1")
def test_the_contact_lies_sealed_and_is_shown_masked(platform):
    found = row(file().uuid)
    assert b"13800000001" not in bytes(found.contact_sealed)
    assert sealing.contact_of(found).mobile == "13800000001"
    shown = sealing.masked(sealing.contact_of(found))
    assert (shown.name, shown.mobile, shown.mail) == ("学**", "138****0001", "x***@example.com")
    nobody = row(file(contact=Contact()).uuid)
    assert nobody.contact_sealed is None
    assert sealing.contact_of(nobody).is_empty


@pytest.mark.parametrize("table", ["complaint", "event", "attachment", "accessgrant", "promise"])
def test_an_enterprise_reaches_no_row_not_even_those_about_itself(db, jia, table):
    file(schema_name=jia.schema_name)
    with enterprise_scope(jia), pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM public.complaints_{table}")
    with platform_scope():
        assert Complaint.objects.count() == 1


@pytest.mark.parametrize("table", ["event", "promise"])
def test_steps_and_promises_only_grow(platform, table):
    file()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM public.complaints_{table}")
    assert Event.objects.exists()
    assert Promise.objects.exists()


def test_operations_write_down_a_call_and_leave_a_trace(platform):
    receipt = filing.enter(draft=Draft("FAULT", "不能播放", "打开课程一直转圈，换了网络也一样。"), desk=desk())
    found = row(receipt.uuid)
    assert (found.channel, found.category) == ("PHONE", "FAULT")
    assert found.due_at == NOON + timedelta(hours=24)
    assert AuditEvent.objects.get(target=f"complaint:{receipt.uuid}").schema_name == "public"


def test_others_than_operations_write_nothing_down(platform):
    with refused("forbidden"):
        filing.enter(
            draft=Draft("FAULT", "不能播放", "打开课程一直转圈，换了网络也一样。"), desk=desk(Me(700_009, "审核员甲", "REVIEWER"))
        )
    assert not Complaint.objects.exists()


def test_an_unanswered_request_about_personal_data_becomes_one_complaint(db, jia):
    request = uuid4()
    for _twice in range(2):
        with enterprise_scope(jia):
            request_overdue.send_robust(sender=None, request=request, at=NOON)
    with platform_scope():
        found = Complaint.objects.get()
        assert (found.about, found.schema_name, found.category) == (f"privacy-request:{request}", jia.schema_name, "PRIVACY")
        assert (found.channel, found.contact_sealed) == ("SYSTEM", None)


def test_numbers_have_no_signs_that_look_alike():
    for _n in range(50):
        assert not set(numbers.new_number(NOON)[8:]) & set("01ILOU")
    assert numbers.clean_number(" ts26-1123 abc；") == "TS261123ABC"


def test_other_times_hold_from_a_day_on_and_never_today(platform):
    today = clock.shanghai_date(NOON)
    order = {
        "category": "GENERAL", "answer_minutes": 60, "office_only": False, "settle_hours": None, "settle_days": 2, "extend_days": 1,
        "hides_first": False, "desk": desk(),
    }  # fmt: skip
    with refused("in_the_past"):
        promises.publish(valid_from=today, **order)
    with refused("one_unit"):
        promises.publish(valid_from=today + timedelta(days=1), **{**order, "settle_hours": 5})
    promises.publish(valid_from=today + timedelta(days=1), **order)
    with refused("day_taken"):
        promises.publish(valid_from=today + timedelta(days=1), **order)
    assert promises.promise("GENERAL", NOON).settle_days == 3
    assert promises.promise("GENERAL", NOON + timedelta(days=1)).settle_days == 2
    assert len(promises.holding(today)) == 6
