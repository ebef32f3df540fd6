"""A certificate, or a word on the public page, that does not stand in the ledger is found."""

import copy
from uuid import uuid4

import pytest

from apps.records import api as records
from apps.records.certificates import verifying
from apps.records.models import Certificate
from apps.records.sealing.findings import Report
from public.regulators import api as regulators
from tests.apps.plans.ground import NOON
from tests.apps.records.certificates.test_revoking import decide, propose
from tests.apps.records.test_certificates import issue

pytestmark = pytest.mark.req("R4.2")


def found(site):
    report = Report(site.schema_name)
    verifying.check(report)
    return [(one.kind, one.more) for one in report.findings]


def test_what_was_done_in_order_is_clean(in_jia):
    who = uuid4()
    mine = issue(subject=who, requirement="FZ-GEN", stage="INITIAL", category_code="FZ")
    issue(subject=who, requirement="FZ-GEN", stage="ANNUAL", category_code="FZ")
    decide(propose(mine))
    assert found(in_jia) == []


def test_a_revocation_that_only_the_public_page_knows(in_jia):
    mine = issue()
    regulators.note_revoked(code=mine.code, reason="OTHER", entry="00" * 32, at=NOON)
    assert found(in_jia) == [("shown", f"REVOKED {mine.code}")]


def test_a_revocation_that_the_public_page_does_not_show(in_jia):
    mine = issue()
    records.append_entry(kind="REVOCATION", subject=mine.subject, body={"certificate": str(mine.uuid)}, at=NOON)
    assert found(in_jia) == [("shown", f"REVOKED {mine.code}")]


def test_a_certificate_that_was_never_entered_or_listed(in_jia):
    row = Certificate.objects.get(uuid=issue().uuid)
    forged = copy.deepcopy(row.listing) | {"number": "AQPX-FORGED"}
    Certificate.objects.create(
        serial=999, number="AQPX-FORGED", code="f" * 16, subject=uuid4(), issued_for=uuid4(), body=row.body, listing=forged,
        signature=row.signature, key_id=row.key_id, issued_at=NOON,
    )  # fmt: skip
    assert found(in_jia) == [("certificate", "AQPX-FORGED"), ("shown", "AQPX-FORGED")]


def test_another_text_under_the_same_signature(in_jia):
    row = Certificate.objects.get(uuid=issue().uuid)
    body = row.body | {"exam_score": 100}
    Certificate.objects.create(
        serial=999, number="AQPX-TWICE", code="g" * 16, subject=row.subject, issued_for=uuid4(), body=body, listing=row.listing,
        signature=row.signature, key_id=row.key_id, issued_at=NOON,
    )  # fmt: skip
    assert ("certificate", "AQPX-TWICE") in found(in_jia)
