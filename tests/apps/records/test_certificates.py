"""Certificates: numbered without gaps, signed, verifiable by a stranger, printable."""

from dataclasses import replace
from datetime import date
from uuid import uuid4

import pypdfium2
import pytest
from django.db import transaction

from apps.records import api as records
from apps.records.certificates import rules
from apps.records.models import Certificate
from infra.kit import canonical
from infra.kit.errors import DomainError
from public.regulators import api as regulators
from tenants.scope import enterprise_scope, platform_scope
from tests.apps.plans.ground import HOUR_MS, NOON


def facts(**changes):
    base = records.CertificateFacts(
        subject=uuid4(),
        issued_for=uuid4(),
        name="学员甲",
        masked_id="3301************14",
        training="新员工三级安全教育",
        training_type="初次培训",
        category="从业人员初次培训",
        category_code="CY",
        basis="国家安全监管总局令第3号第十三条",
        required_ms=24 * HOUR_MS,
        earned_ms=24 * HOUR_MS + 1,
        started_on=date(2026, 11, 1),
        completed_on=date(2026, 11, 23),
        courses=[{"code": "AQ-1", "title": "机械伤害防护", "trainer": "教师甲", "duration_ms": HOUR_MS, "earned_ms": HOUR_MS}],
        exam_score=92,
        exam_pass_score=80,
    )
    return replace(base, **changes)


def issue(**changes):
    return records.issue_certificate(facts=facts(**changes), at=NOON)


@pytest.mark.req("R4.5")
def test_numbers_carry_place_day_category_serial_and_check(in_jia):
    number = issue().number
    place, day, category = number.split("-")[1:4]
    assert (place, day, category) == ("330106", "20261123", "CY")
    assert records.is_certificate_number(number)
    assert not records.is_certificate_number(number.replace("330106", "330107"))


def test_serials_have_no_gaps_even_after_a_refused_one(in_jia):
    issue()
    with transaction.atomic():
        issue()
        transaction.set_rollback(True)
    issue()
    serials = list(Certificate.objects.order_by("serial").values_list("serial", flat=True))
    assert serials == list(range(serials[0], serials[0] + 2))


def test_two_enterprises_of_one_district_never_share_a_number(in_jia):
    same = {"division": "330106", "on": date(2026, 11, 23), "category": "CY", "serial": 1}
    one, two = rules.certificate_number(**same, enterprise=10), rules.certificate_number(**same, enterprise=11)
    assert one != two
    assert len(one) <= 40


def test_one_certificate_for_one_assignment_however_often_asked(in_jia):
    wanted = facts()
    first = records.issue_certificate(facts=wanted, at=NOON)
    assert records.issue_certificate(facts=wanted, at=NOON) == first
    assert len(records.certificates_of(wanted.subject)) == 1
    assert [entry.kind for entry in records.entries_of(wanted.subject)] == ["CERTIFICATE"]


@pytest.mark.req("R4.5")
def test_a_stranger_can_verify_it_and_learns_no_full_name_and_no_id(in_jia):
    mine = issue()
    with platform_scope():
        listed = regulators.certificate(mine.code)
    assert listed is not None
    assert listed.is_genuine
    assert listed.body["name"] == "学**"
    assert "masked_id" not in listed.body
    assert listed.body["fingerprint"] == canonical.digest(mine.body).hex() == mine.fingerprint


def test_the_code_cannot_be_guessed(in_jia):
    codes = {issue().code for _ in range(20)}
    assert len(codes) == 20
    assert all(len(code) == 16 and code.isalnum() for code in codes)


@pytest.mark.req("R4.5")
def test_prints_as_one_page_that_says_everything(in_jia):
    mine = issue()
    document = pypdfium2.PdfDocument(records.certificate_pdf(mine.uuid, platform_origin="https://anxue.example"))
    assert len(document) == 1
    text = document[0].get_textpage().get_text_bounded().replace(" ", "").replace("\r\n", "").replace("\n", "")
    for words in (mine.number, "学员甲", "3301************14", "机械伤害防护", "24学时", "1080分钟", "合格92分", "及格线80分",
                  f"https://anxue.example/verify/{mine.code}", "2026年11月23日"):  # fmt: skip
        assert words in text


def test_an_unknown_certificate_is_not_found(in_jia):
    with pytest.raises(DomainError) as caught:
        records.certificate_pdf(uuid4())
    assert caught.value.status == 404


@pytest.mark.req("R5.7")
def test_the_neighbour_can_neither_find_nor_print_it(in_jia, yi):
    mine = issue()
    with enterprise_scope(yi), pytest.raises(DomainError):
        records.certificate_pdf(mine.uuid)
