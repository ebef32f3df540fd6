"""What the authority reads on its page: words, never data structures."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.utils import translation

from infra.kit import clock
from public.regulators import api as regulators
from public.regulators.models import FeedRecord
from public.regulators.summaries import summary
from tenants.scope import enterprise_scope
from tests.public.regulators.test_overview import browser

pytestmark = pytest.mark.req("R7.1")
LEARNER = {"name": "学**", "id_number": "3301************14", "unit": "一车间", "position": "叉车工", "status": "ACTIVE"}
SESSION = {"course": {"code": "AQ-CY-C-TS-0021-V1", "title": "叉车安全", "version": 1}, "courseware": {"id": 7, "title": "起步前检查"},
           "effective_ms": 40_900, "effective_s": 40}  # fmt: skip
EXAM = {"number": 1, "plan": "叉车专项培训", "name": "学员甲", "score": 100, "pass_score": 80, "passed": True}
CERTIFICATE = {"number": "AQPX-330106-20261123-CY-0001-0000011", "name": "学**", "training": "叉车专项培训",
               "required_ms": 64_800_000, "earned_ms": 64_800_000, "exam_score": 92}  # fmt: skip
ENTERPRISE = {"status": "ACTIVE"}
COMPLAINT = {"number": "TS-20261123-0001", "category": "课程质量", "state": "已办结"}
DAILY = {"day": "2026-11-23", "learners": 3, "sessions": 4, "effective_ms": 2_700_000, "exams": 2, "certificates": 1}
ABOUT_NOBODY = {
    "ENTERPRISE": "企业状态：使用中",
    "COMPLAINT": "投诉 TS-20261123-0001 · 课程质量 · 已办结",
    "DAILY": "参训 3 人 · 有效学习 45 分钟 · 考试 2 次 · 发证 1 张",
}
SAID = {
    **ABOUT_NOBODY,
    "LEARNER": "学** · 一车间 · 叉车工 · 证件号 3301************14",
    "SESSION": "学** · 《叉车安全》起步前检查 · 有效学习 40 秒",
    "EXAM": "学** · 叉车专项培训 · 第 1 次考试 · 100 分 · 通过",
    "CERTIFICATE": "学** · 叉车专项培训 · 24 学时（18 小时） · 考试 92 分 · 编号 AQPX-330106-20261123-CY-0001-0000011",
}


def words(kind: str, body: Any, name: str = "") -> str:
    return summary(FeedRecord(kind=kind, body=body), name=name)


def test_every_kind_of_record_is_told_in_words_on_the_page(platform: None, jia: Any) -> None:
    somebody, at = uuid.uuid4(), clock.now()
    with enterprise_scope(jia):
        for kind, body in (("LEARNER", LEARNER), ("SESSION", SESSION), ("EXAM", EXAM), ("CERTIFICATE", CERTIFICATE)):
            regulators.submit(kind=kind, subject=somebody, body=body, at=at)
        regulators.submit(kind="ENTERPRISE", subject=uuid.uuid4(), body=ENTERPRISE, at=at)
    for kind, body in (("DAILY", DAILY), ("COMPLAINT", COMPLAINT)):  # the platform alone writes them
        regulators.submit(kind=kind, subject=uuid.uuid4(), body=body, at=at, schema_name=jia.schema_name)
    html = browser("3301").get("/regulator/").content.decode()
    for line in SAID.values():
        assert line in html
    for raw in ("{'", "{&#x27;", "version", "学员甲"):
        assert raw not in html


def test_a_session_takes_the_name_that_its_own_enterprise_announced_last(platform: None, jia: Any, yi: Any) -> None:
    somebody, at = uuid.uuid4(), clock.now()
    for site, name in ((jia, "旧**"), (jia, "新*"), (yi, "邻**")):
        with enterprise_scope(site):
            regulators.submit(kind="LEARNER", subject=somebody, body=LEARNER | {"name": name}, at=at)
    with enterprise_scope(jia):
        regulators.submit(kind="SESSION", subject=somebody, body=SESSION, at=at)
    html = browser("3301").get("/regulator/?kind=SESSION").content.decode()
    assert "新* · 《叉车安全》" in html


def test_every_kind_has_its_words() -> None:
    assert set(SAID) == set(FeedRecord.Kind.values)


@pytest.mark.parametrize("kind", FeedRecord.Kind.values)
@pytest.mark.parametrize("body", [{}, None, [], {"course": {}, "courseware": None, "number": None, "score": None, "name": None}])
def test_missing_values_leave_no_trace(kind: str, body: Any) -> None:
    assert words(kind, body) == ""


def test_tells_a_failed_exam_and_an_archived_person() -> None:
    assert (
        words("EXAM", EXAM | {"score": 60, "passed": False, "number": 2}) == "学** · 叉车专项培训 · 第 2 次考试 · 60 分 · 未通过"
    )
    assert words("LEARNER", LEARNER | {"status": "ARCHIVED", "unit": ""}).endswith("叉车工 · 证件号 3301************14 · 已归档")
    assert words("SESSION", {"course": "机械伤害预防"}, name="学**") == "学** · 《机械伤害预防》"
    assert words("CERTIFICATE", CERTIFICATE | {"exam_score": None, "earned_ms": 120_000}) == (
        "学** · 叉车专项培训 · 2 分钟 · 编号 AQPX-330106-20261123-CY-0001-0000011"
    )


def test_what_became_of_a_certificate_is_told_too() -> None:
    assert words("CERTIFICATE", {"event": "revocation", "number": "AQPX-1"}, "学**") == "学** · 培训证明撤销，编号 AQPX-1"
    told = words("CERTIFICATE", {"event": "renewal", "number": "AQPX-2", "old_number": "AQPX-1"})
    assert told == "培训证明续期，原编号 AQPX-1，新编号 AQPX-2"


def test_how_a_complaint_stands_is_told_in_the_language_of_whoever_reads():
    record = FeedRecord(kind="COMPLAINT", body={"number": "TS1", "category": "一般投诉、建议", "state": "待受理"})
    with translation.override("en"):
        said = summary(record)
    assert "TS1" in said
    assert not any("一" <= sign <= "鿿" for sign in said)
