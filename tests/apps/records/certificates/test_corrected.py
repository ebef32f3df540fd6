"""What two people correct of a certificate is told to whoever scans it; what it says and what it is worth stay as they were."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from apps.records import api as records
from apps.records.certificates import verifying
from apps.records.sealing.findings import Report
from public.regulators import api as regulators
from tenants.scope import platform_scope
from tests.apps.plans.ground import NOON
from tests.apps.records.certificates.test_revoking import told
from tests.apps.records.test_certificates import issue

pytestmark = pytest.mark.req("R4.1", "R4.2")
LATER = NOON + timedelta(hours=1)
ONE, TWO = records.Acting("manager:1", "安全员"), records.Acting("manager:2", "管理员乙")


def correct(mine, *, approve=True, **values):
    made = records.propose_correction(
        subject=mine.subject, n=1, values=values, reason="培训项目写错了", evidence=None, by=ONE, at=LATER
    )
    if approve:
        records.decide_correction(correction=made.uuid, approve=True, by=TWO, at=LATER)


def found(site):
    report = Report(site.schema_name)
    verifying.check(report)
    return [(one.kind, one.more) for one in report.findings]


def test_strangers_see_that_and_when_it_was_corrected_and_nothing_of_why(in_jia):
    mine = issue()
    correct(mine, approve=False, training="车间级安全教育")
    assert told(mine).corrections == []
    records.decide_correction(correction=records.corrections(subjects=None).get().uuid, approve=True, by=TWO, at=LATER)
    correct(mine, category="其他从业人员")
    (_issued, *entries) = records.entries_of(mine.subject)
    assert [one.entry for one in told(mine).corrections] == [entry.hash_hex for entry in entries]
    assert (told(mine).state, told(mine).is_genuine) == ("VALID", True)
    assert records.standings([mine], on=NOON.date())[mine.code].state == "VALID"
    with platform_scope():
        html = Client().get(f"/verify/{mine.code}", headers={"host": "anxue.localhost"}).content.decode()
        sent = Client().get(f"/verify/{mine.code}.json", headers={"host": "anxue.localhost"}).json()
    assert "签发后有更正" in html
    assert mine.body["training"] in html
    for secret in ("培训项目写错了", "安全员", "管理员乙"):
        assert secret not in html
        assert secret not in str(sent)
    assert [set(one) for one in sent["changes"]] == [{"kind", "at", "entry"}] * 2
    assert found(in_jia) == []


def test_a_corrected_one_is_renewed_and_revoked_like_any_other(in_jia):
    who = uuid4()
    mine = issue(subject=who, requirement="FZ-GEN", stage="INITIAL", category_code="FZ")
    correct(mine, training="主要负责人初次培训")
    new = issue(subject=who, requirement="FZ-GEN", stage="ANNUAL", category_code="FZ")
    assert new.body["renews"] == mine.number
    assert told(mine).state == "RENEWED"


def test_a_correction_that_only_the_public_page_knows_and_one_that_it_does_not_show(in_jia):
    mine = issue()
    regulators.note_corrected(code=mine.code, entry="00" * 32, at=NOON)
    assert found(in_jia) == [("shown", f"CORRECTED {mine.code}")]
    with pytest.raises(IntegrityError), transaction.atomic():
        regulators.note_corrected(code=mine.code, entry="00" * 32, at=NOON)
    other = issue()
    body = {"event": "entry_correction", "corrects": {"n": 1, "kind": "CERTIFICATE"}, "effective_ms": 0}
    records.append_entry(kind="CORRECTION", subject=other.subject, body=body, at=LATER)
    assert ("shown", f"CORRECTED {other.code}") in found(in_jia)
