"""Records as ledgers hold them, and a parcel of all kinds."""

from __future__ import annotations

from typing import Any

from infra.kit.exchange import documents
from infra.kit.exchange.documents import Sent
from infra.kit.exchange.suites import Keys

ENTERPRISE = "5f0c2f6e-7c8e-4b52-9a55-0a6c1a4ce001"
COMPANY = {
    "id": ENTERPRISE,
    "name": "杭州甲机械有限公司",
    "uscc": "91330106MA2BKXT393",
    "divisionCode": "330106",
    "industryCode": "C34",
    "hazard": "GENERAL",
}
LESSON = {
    "course": {"code": "AQ-CY-JX", "title": "机械伤害预防", "version": 2, "version_id": 5},
    "courseware": {"id": 1, "title": "第一课"},
}
PERSON = {"person_key": "k" * 64, "masked_id": "330106********0014"}
BODIES: dict[str, dict[str, Any]] = {
    "LEARNER": {"name": "学*", "id_number": "330106********0014", "mobile": "139****0001", "sex": "M", "role": "CY", "unit": "一车间",
                "position": "车工", "status": "ACTIVE"},
    "SESSION": {**PERSON, **LESSON, "session": "s", "start": "2026-11-23T12:00:00+08:00", "end": "2026-11-23T12:45:00+08:00",
                "ip": "203.0.113.9", "terminal": "t", "effective_ms": 2_700_000, "voided_ms": 0, "reason": "ENDED"},
    "EXAM": {**PERSON, "name": "学*", "attempt": "a", "number": 1, "plan": "三级教育", "score": 92, "pass_score": 80, "passed": True,
             "reason": "学员甲申请复核", "started_at": "2026-11-23T13:00:00+08:00", "submitted_at": "2026-11-23T13:30:00+08:00"},
    "CERTIFICATE": {"name": "学*", "number": "AQPX-330106-20261123-CY-0000011", "training": "三级教育", "earned_ms": 64_800_000,
                    "required_ms": 64_800_000, "exam_score": 92, "issued_on": "2026-11-23", "valid_until": None, "fingerprint": "f" * 64},
    "ENTERPRISE": {"status": "ACTIVE"},
    "COMPLAINT": {"number": "TS-1", "category": "COURSE", "state": "DECIDED", "filed_at": "2026-11-20T09:00:00+08:00"},
    "DAILY": {"day": "2026-11-23", "learners": 3, "sessions": 4, "effective_ms": 5, "exams": 1, "exams_passed": 1, "certificates": 1,
              "complaints": 0},
}  # fmt: skip


def sent(kind: str, seq: int = 1, **body: Any) -> Sent:
    """One record of a kind."""
    return Sent(
        seq=seq,
        id=f"00000000-0000-4000-8000-{seq:012d}",
        kind=kind,
        enterprise=ENTERPRISE,
        subject="5f0c2f6e-7c8e-4b52-9a55-0a6c1a4ce0aa",
        at="2026-11-23T12:45:00.000+08:00",
        body={**BODIES[kind], **body},
    )


def parcel(keys: Keys) -> dict[str, Any]:
    """A parcel with one record of each kind."""
    records = [sent(kind, number) for number, kind in enumerate(BODIES, 1)]
    return documents.parcel(
        records,
        keys=keys,
        msg_id="11111111-2222-4333-8444-555555555555",
        sender="anxue.example",
        receiver="ZJ-AQPX",
        at="2026-11-23T12:46:00.000+08:00",
        enterprises=[COMPANY],
    )
