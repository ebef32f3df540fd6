"""One class's file: everything that belongs to a plan, with its classes in rooms, for whoever sees those people."""

from datetime import timedelta

import pypdfium2
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.community.ratings.models import CourseRating
from apps.people import services
from apps.plans import api as plans
from apps.plans.filing.class_file import class_file
from apps.plans.models import OfflineClass, PlanCourse, TrainingPlan
from apps.records import api as records
from infra.kit.errors import DomainError
from tenants.scope import enterprise_scope
from tests.apps.plans import ground
from tests.apps.plans.classes import ground as rooms
from tests.conftest import NOON

pytestmark = pytest.mark.req("R4.5")
LATER = NOON + timedelta(days=1)


@pytest.fixture
def held(in_jia):
    """A plan with two learners; one was in a class in a room, which was confirmed."""
    house = rooms.house()
    row = house.arrange()
    house.attend(row)
    house.confirmed(row)
    return house


def document(house, **changes):
    return class_file(house.plan, **{"within": None, "at": LATER, **changes})


def tables(found):
    return {table.title: table for section in found.sections for table in section.tables}


def test_it_holds_plan_courses_trainers_roster_hours_and_approvals(held):
    found = document(held)
    facts, by_title = dict(found.facts), tables(found)
    assert facts["期号"] == found.number
    assert found.number.startswith("JH-2026-")
    assert (facts["应训人数"], facts["完成人数"], facts["方式"], facts["费用"]) == ("2", "0", "线上线下结合", "未登记")
    assert by_title["课程与教材课件版本"].rows[0][1] == "AQ-CY-T1"
    assert {row[0] for row in by_title["教师名单"].rows} == {"教师甲"}
    klass = by_title["线下课与签到"].rows[0]
    assert (klass[1], klass[5]) == ("车间防火与灭火器实操", "2 / 1")
    assert "管理员乙" in klass[7]
    roster = by_title["学员名册与在线学时"]
    assert [row[1] for row in roster.rows] == ["学员丙", "学员乙"] or {row[1] for row in roster.rows} == {"学员乙", "学员丙"}
    assert ground.resident_id(1) not in str(found)
    assert [row[1] for row in by_title["审批链"].rows] == ["开启计划", "安排线下课", "结课", "确认学时"]
    assert dict(next(one for one in found.sections if one.title == "考核").facts)["考核办法"].startswith("5 题")


def test_results_certificates_and_signatures_are_listed(in_jia):
    from tests.apps.plans import signed

    someone, duty = signed.finished(1)
    records.append_entry(kind="SIGN_OFF", subject=someone.uuid, at=NOON, body={
        "event": "countersigned", "assignment": str(duty.uuid), "name": "安全员", "role": "企业负责人"})  # fmt: skip
    found = class_file(duty.plan_uuid, within=None, at=LATER)
    (row,) = tables(found)["发证清单"].rows
    assert row[0].startswith("AQPX-330106")
    assert row[3] == "有效"
    assert row[4] == "未签名"
    assert row[5].startswith("安全员")
    assert "完成 1 人（100%）" in found.head_line
    assert (found.seal.entries, found.seal.sealed) == (3, 0)


def test_a_revoked_certificate_is_called_so_in_both_files(in_jia):
    from tests.apps.plans import signed

    someone, duty = signed.finished(1)
    (paper,) = records.certificates_of(someone.uuid)
    one, two = records.Decider(1, "安全员", None), records.Decider(2, "管理员乙", None)
    asked = records.propose_revocation(certificate=paper.uuid, reason="UNTRUE", words="与考勤不符，已核实", by=one, at=NOON)
    records.decide_revocation(revocation=asked.uuid, approve=True, answer="", by=two, at=NOON)
    (row,) = tables(class_file(duty.plan_uuid, within=None, at=LATER))["发证清单"].rows
    assert (row[0], row[3]) == (paper.number, "已撤销")
    (section,) = [part for part in records.learner_file(someone.uuid, at=LATER).sections if part.state == "proven"]
    assert dict(section.facts)["证明状态"] == "已撤销"


def test_ratings_of_fewer_than_three_keep_their_mean(held):
    version = PlanCourse.objects.values_list("version_id", flat=True).first()
    for n, one in enumerate(held.learners):
        CourseRating.objects.create(learner_id=one.id, version_id=version, stars=5 - n, at=NOON, stands_at=LATER)
    assert tables(document(held))["课程评价"].rows[0][1:] == ["2", "人数少，不显示平均分"]


def test_it_prints_in_pages_and_never_a_formula(held):
    OfflineClass.objects.update(topic="=HYPERLINK(1)")
    pdf = records.file_pdf(document(held))
    pages = pypdfium2.PdfDocument(pdf)
    assert "一期一档" in pages[0].get_textpage().get_text_range()
    assert len(pages) >= 2
    assert records.file_workbook(document(held)).startswith(b"PK")


def test_it_costs_the_same_however_many_people_there_are(held):
    def cost():
        with CaptureQueriesContext(connection) as seen:
            document(held)
        return len(seen)

    first = cost()
    more = [ground.learner(n) for n in range(5, 12)]
    plans.add_learners(plan_uuid=held.plan, who=plans.Who("picked", learner_ids=[one.id for one in more]), at=NOON)
    assert len(tables(document(held))["学员名册与在线学时"].rows) == 9
    assert cost() <= first


def test_a_supervisor_sees_the_own_people_only_and_the_neighbour_none(in_jia, yi):
    east, west = services.unit_of_path("东厂"), services.unit_of_path("西厂")
    mine, theirs = ground.learner(1, unit_id=east.pk), ground.learner(2, unit_id=west.pk)
    plan = ground.open_plan()
    found = class_file(plan, within=frozenset({east.pk}), at=LATER)
    assert mine.name in str(found)
    assert theirs.name not in str(found)
    with pytest.raises(DomainError, match="not_found"):
        class_file(plan, within=frozenset({10_000}), at=LATER)
    with enterprise_scope(yi), pytest.raises(DomainError, match="not_found"):
        class_file(plan, within=None, at=LATER)
    assert TrainingPlan.objects.count() == 1
