"""One learner's file holds what the law asks for, and says how it is sealed; page, PDF and workbook show the same."""

from datetime import timedelta
from uuid import uuid4

import pypdfium2
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.exams import api as exams
from apps.people import changing
from apps.people.organisation import qualifications
from apps.plans import api as plans
from apps.plans.signing import queries as signing
from apps.plans.signing import services as signs
from apps.records import api as records
from apps.records.sealing import sealing
from infra.kit.errors import DomainError
from public.seals import api as seals
from tenants.scope import enterprise_scope, platform_scope
from tests.apps.plans import ground, signed
from tests.conftest import NOON

pytestmark = pytest.mark.req("R4.5")
LATER = NOON + timedelta(hours=2)


@pytest.fixture
def finished(in_jia):
    """学员乙 with a completed training, signed by the learner."""
    someone, duty = signed.finished(1, unit_path="生产部/一车间", position="操作工", employee_no="G-001", hired_on=NOON.date())
    record = signing.record(duty.uuid, learner_id=someone.id).fingerprint
    signs.sign_by_hand(assignment=duty.uuid, learner=someone, record=record, strokes=signed.HAND, ip="10.0.0.1", at=NOON)
    return someone, duty


def document(someone, at=LATER):
    return records.learner_file(someone.uuid, at=at)


def text_of(pdf):
    pages = pypdfium2.PdfDocument(pdf)
    return "".join(page.get_textpage().get_text_range() for page in pages).replace("\r\n", "").replace("\n", "")


def test_the_person_is_told_with_masked_numbers(finished):
    someone, _duty = finished
    changing.change_fields(
        learner_uuid=someone.uuid, at=NOON, trade="钳工", education="HIGH", fitness="FIT", fitness_on=NOON.date()
    )
    qualifications.add(
        learner_uuid=someone.uuid, kind="ELECTRIC", item="低压电工作业", number="T330106199003070014", review_on=None,
        expires_on=NOON.date() + timedelta(days=300), by=None, at=NOON,
    )  # fmt: skip
    facts = dict(document(someone).facts)
    assert facts["部门"] == "生产部/一车间"
    assert (facts["证件类型"], facts["证件号码"]) == ("居民身份证", someone.masked_id)
    assert (facts["工种"], facts["学历"], facts["职业禁忌核查"]) == ("钳工", "高中、中专、技校", "未见职业禁忌（2026-11-23）")
    assert facts["入职日期"] == "2026-11-23"
    assert "91330106MA2BKXT393" in facts["单位"]
    (section,) = [one for one in document(someone).sections if one.title == "特种作业与特种设备证书"]
    assert section.tables[0].rows[0][:2] == ["电工作业", "低压电工作业"]
    assert "330106199003070014" not in str(document(someone))


def test_a_training_is_told_with_hours_result_certificate_and_both_signatures(finished):
    someone, duty = finished
    (section,) = [one for one in document(someone).sections if one.state == "proven"]
    facts = dict(section.facts)
    assert (facts["培训类型"], facts["方式"], facts["考核结论"]) == ("专项培训", "线上", "本计划不设考试")
    assert facts["证明编号"].startswith("AQPX-330106")
    assert facts["计划号"].startswith("JH-2026-")
    course = section.tables[0].rows[0]
    assert (course[1], course[2], course[4]) == ("AQ-CY-S1-1", "第 1 版", "教师甲")
    own, second = section.marks
    entry = next(one for one in records.entries_of(someone.uuid) if one.kind == "SIGN_OFF")
    assert (own.is_there, own.n, own.hash_hex, own.digest) == (True, entry.n, entry.hash_hex, entry.body["picture"])
    assert (second.is_there, second.way) == (False, "等待培训负责人签名")
    by = records.InCharge("manager:1", "安全员", "企业负责人")
    assert records.countersign(pairs=[(someone.uuid, duty.uuid)], by=by, ip="10.0.0.2", at=LATER) == 1
    assert records.countersign(pairs=[(someone.uuid, duty.uuid)], by=by, ip="10.0.0.2", at=LATER) == 0, "once"
    (section,) = [one for one in document(someone).sections if one.state == "proven"]
    assert (section.marks[1].is_there, section.marks[1].name) == (True, "安全员（企业负责人）")
    body = records.entries_of(someone.uuid)[-1].body
    assert (body["sign_off_n"], body["record"]) == (entry.n, entry.body["record"])


def test_the_second_signature_follows_the_first_and_is_never_the_own(in_jia):
    someone, duty = signed.finished(1)
    before = len(records.entries_of(someone.uuid))
    for by, code, pairs in (
        (records.InCharge("manager:1", "安全员", "企业负责人"), "not_signed", [(someone.uuid, duty.uuid)]),
        (records.InCharge("manager:1", "安全员", "企业负责人"), "not_finished", [(someone.uuid, uuid4())]),
        (records.InCharge("manager:1", "学员乙", "企业负责人", someone.uuid), "own_record", [(someone.uuid, duty.uuid)]),
    ):
        with pytest.raises(DomainError, match=code):
            records.countersign(pairs=pairs, by=by, ip="", at=LATER)
    assert len(records.entries_of(someone.uuid)) == before


def test_exams_tell_paper_result_watch_and_marking(in_jia):
    someone = ground.learner(1)
    ground.open_plan(plans.Who("picked", learner_ids=[someone.id]))
    (duty,) = plans.assignments_of(someone.id)
    ground.learn_all(duty)
    attempt = exams.start(assignment_uuid=duty.uuid, learner_id=someone.id, at=NOON)
    exams.submit(attempt_uuid=attempt.uuid, learner_id=someone.id, at=NOON + timedelta(minutes=5))
    (section,) = [one for one in document(someone).sections if one.title == "新员工专项培训"]
    (table,) = [one for one in section.tables if one.title == "考核"]
    (row,) = table.rows
    assert (row[0], row[2], row[3]) == ("第 1 次", "0 分（及格 80）", "不合格")
    assert row[4] == "按课程从题库抽 5 题"
    assert "离开页面 0 次" in row[5]
    assert row[6] == "系统自动判分"
    assert section.marks == []


def test_it_says_what_is_sealed_and_under_which_head(finished):
    someone, _duty = finished
    before = document(someone).seal
    assert (before.sealed, before.size, before.is_whole) == (0, 0, True)
    with platform_scope():
        signers = list(seals.signers(at=LATER))
    sealing.seal(signers=signers, at=LATER)
    after = document(someone).seal
    assert (after.sealed, after.waiting) == (after.entries, 0)
    assert after.size >= after.entries
    assert len(after.root) == 44
    assert {row[4] for row in document(someone).sections[-1].tables[0].rows} == {"已封存"}


def test_the_print_shows_person_training_signatures_and_seal(finished):
    someone, _duty = finished
    pdf = records.file_pdf(document(someone))
    text = text_of(pdf)
    for words in (someone.name, "一人一档", "杭州甲机械有限公司", someone.masked_id, "新员工专项培训", "手写签名", "未被改动"):
        assert words in text, words
    assert ground.resident_id(1) not in text
    assert b"pdfaid:part" in pdf, "PDF/A"


def test_a_file_costs_the_same_number_of_queries_however_much_is_in_it(in_jia):
    someone, _duty = signed.finished(1)

    def cost():
        with CaptureQueriesContext(connection) as seen:
            document(someone)
        return len(seen)

    first = cost()
    for n in range(3):
        ground.open_plan(
            plans.Who("picked", learner_ids=[someone.id]), title=f"再培训 {n}", version_ids=[ground.make_course(f"AQ-CY-M{n}")],
            requirement_id=ground.requirement(code=f"CY-M{n}"), exam_needed=False,
        )  # fmt: skip
        records.append_entry(
            kind="CONSENT", subject=someone.uuid, body={"event": "chosen", "method": "code", "notice": "1"}, at=NOON
        )
    assert cost() <= first + 1


def test_the_neighbour_has_no_file_of_ours(finished, yi):
    someone, _duty = finished
    with enterprise_scope(yi), pytest.raises(DomainError, match="not_found"):
        document(someone)
