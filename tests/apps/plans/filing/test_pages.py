"""Pages of files: found, shown, printed, signed, corrected, packed; each only to whom it belongs."""

import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from apps.people import api as people
from apps.people import managing, services
from apps.people.models import Manager
from apps.plans.signing import queries as signing
from apps.plans.signing import services as signs
from apps.records import api as records
from apps.records.archives import building
from apps.records.models import ArchivePackage, Correction
from infra.kit import clock
from tenants.scope import enterprise_scope
from tests.apps.plans import ground, signed
from tests.conftest import NOON

pytestmark = pytest.mark.req("R4.5")
LIST = "/console/archives"


@pytest.fixture
def owner(in_jia):
    return ground.manager_browser(in_jia)


def second(in_jia, role="TRAINING", unit=None, mobile="13900000002", name="管理员乙"):
    me = Manager.objects.first()
    row = managing.invite(name=name, mobile=mobile, role=role, unit_id=unit, by=me.pk, at=NOON)
    return ground.browser(in_jia, row.credential)


def finished(n=1, **more):
    someone, duty = signed.finished(n, **more)
    record = signing.record(duty.uuid, learner_id=someone.id).fingerprint
    signs.sign_by_hand(assignment=duty.uuid, learner=someone, record=record, strokes=signed.HAND, ip="10.0.0.1", at=NOON)
    return someone, duty


def text(answer):
    assert answer.status_code == 200, answer.content.decode()[:500]
    return answer.content.decode()


def cells(answer):
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_the_list_finds_people_by_name_number_and_unit_at_a_constant_cost(in_jia, owner):
    ground.learner(1, unit_path="东厂", employee_no="G-77")
    ground.learner(2, unit_path="西厂")
    page = text(owner.get(LIST))
    assert "学员乙" in page
    assert "学员丙" in page
    assert ground.resident_id(1) not in page
    assert "学员丙" not in text(owner.get(f"{LIST}?q=G-77"))
    assert "学员丙" not in text(owner.get(f"{LIST}?q={ground.resident_id(1)}"))
    someone, _duty = signed.finished(5)
    (paper,) = records.certificates_of(someone.uuid)
    found = text(owner.get(f"{LIST}?q={paper.number}"))
    assert someone.name in found
    assert "学员丙" not in found
    assert "没有符合条件的档案" in text(owner.get(f"{LIST}?q=谁也不是"))

    def cost():
        with CaptureQueriesContext(connection) as seen:
            text(owner.get(LIST))
        return len(seen)

    first = cost()
    for n in range(6, 15):
        ground.learner(n)
    assert cost() <= first


def test_the_list_leaves_as_a_file_without_formulas(in_jia, owner):
    ground.learner(1, employee_no="=1+1")
    sheet = cells(owner.get(f"{LIST}?export=xlsx"))["一人一档目录"]
    assert sheet[1][0] == records.file_number(people.search_learners()[0].uuid)
    assert "'=1+1" in sheet[1]


def test_a_file_is_shown_printed_and_saved_and_taking_it_is_written_down(in_jia, owner):
    from public.audit import api as audit

    someone, _duty = finished()
    page = text(owner.get(f"{LIST}/learners/{someone.uuid}"))
    for words in ("新员工专项培训", "学员本人签名", "等待培训负责人签名", "建立档案", "提出更正", "10.0.0.1"):
        assert words in page or words == "10.0.0.1", words
    pdf = owner.get(f"{LIST}/learners/{someone.uuid}/file.pdf")
    assert pdf.content.startswith(b"%PDF")
    assert "no-store" in pdf["Cache-Control"]
    book = cells(owner.get(f"{LIST}/learners/{someone.uuid}/file.xlsx"))
    assert {"一人一档", "培训概况", "课程", "全部记录与封存", "签名"} <= set(book)
    assert [one.action for one in audit.history(f"learner:{someone.uuid}")].count("archives.file_taken") == 2


def test_the_person_in_charge_signs_with_the_own_name(in_jia, owner):
    someone, duty = finished()
    url = f"{LIST}/learners/{someone.uuid}/sign"
    owner.post(url, {"ids": [str(duty.uuid)], "name": "别人"})
    assert records.countersigned([someone.uuid]) == {}
    owner.post(url, {"ids": [str(duty.uuid)], "name": "安全员"})
    assert records.countersigned([someone.uuid])[str(duty.uuid)][0] == "安全员"
    assert "培训负责人签名" in text(owner.get(f"{LIST}/learners/{someone.uuid}"))
    auditor = second(in_jia, "AUDITOR")
    assert auditor.post(url, {"ids": [str(duty.uuid)], "name": "管理员乙"}).status_code == 403


@pytest.mark.req("R4.2")
def test_a_correction_goes_through_two_managers_and_both_entries_are_shown(in_jia, owner):
    someone = ground.learner(1, unit_path="生产部")
    other = second(in_jia)
    form = f"{LIST}/learners/{someone.uuid}/entries/1"
    assert "现在是 生产部" in text(owner.get(form))
    wrong = owner.post(form, {"unit": "仓储部", "position": "", "employee_no": "", "hired_on": "", "note": "", "reason": "短"})
    assert wrong.status_code == 422
    assert "仓储部" in wrong.content.decode(), "what was typed is kept"
    assert not Correction.objects.exists()
    told = {"unit": "仓储部", "position": "", "employee_no": "", "hired_on": "", "note": "", "reason": "登记时部门写错"}
    made = owner.post(form, told)["Location"]
    page = text(owner.get(made))
    assert "要由另一位管理人员批准" in page
    assert owner.post(f"{made}/decide", {"answer": "yes"}).status_code == 403
    assert other.post(f"{made}/decide", {"answer": "no", "words": ""}).status_code == 422
    assert Correction.objects.get().state == "PROPOSED"
    assert other.post(f"{made}/decide", {"answer": "yes"}).status_code == 302
    page = text(other.get(made))
    assert "更正第 1 条记录" in page
    assert "生产部 → <b>仓储部</b>" in page
    file = text(owner.get(f"{LIST}/learners/{someone.uuid}"))
    assert "更正第 1 条记录" in file
    assert "见第 2 条" in file
    listed = text(owner.get(f"{LIST}/corrections?q={someone.name}"))
    assert "登记时部门写错" in listed
    sheet = cells(owner.get(f"{LIST}/corrections?export=xlsx"))["档案更正"]
    assert sheet[1][3] == "部门：生产部 → 仓储部"
    own = ground.learner_browser(in_jia, someone)
    assert "更正第 1 条记录" in text(own.get("/learn/archive/file"))


def test_a_supervisor_sees_the_own_units_only_and_corrects_nothing(in_jia, owner):
    east, west = services.unit_of_path("东厂"), services.unit_of_path("西厂")
    mine, theirs = ground.learner(1, unit_id=east.pk), ground.learner(2, unit_id=west.pk)
    row = records.propose_correction(
        subject=theirs.uuid, n=1, values={"position": "班长"}, reason="岗位写错了", evidence=None,
        by=records.Acting("manager:1", "安全员"), at=NOON,
    )  # fmt: skip
    boss = second(in_jia, "UNIT", east.pk)
    page = text(boss.get(LIST))
    assert mine.name in page
    assert theirs.name not in page
    assert text(boss.get(f"{LIST}/learners/{mine.uuid}"))
    for url in (
        f"learners/{theirs.uuid}",
        f"learners/{theirs.uuid}/file.pdf",
        f"learners/{theirs.uuid}/file.xlsx",
        f"corrections/{row.uuid}",
    ):
        assert boss.get(f"{LIST}/{url}").status_code == 404, url
    assert theirs.name not in text(boss.get(f"{LIST}/corrections"))
    assert boss.get(f"{LIST}/learners/{mine.uuid}/entries/1").status_code == 403
    boss.post(f"{LIST}/packages/order", {"kind": "LEARNERS", "ids": [str(mine.uuid), str(theirs.uuid)]})
    assert ArchivePackage.objects.get().subjects == [str(mine.uuid)]
    records.cancel_package(uuid=ArchivePackage.objects.get().uuid, at=clock.now())
    owner.post(f"{LIST}/packages/order", {"kind": "LEARNERS", "all": "1", "back": "q=" + theirs.name})
    made = ArchivePackage.objects.latest("pk")
    assert made.subjects == [str(theirs.uuid)]
    assert boss.get(f"{LIST}/packages/{made.uuid}").status_code == 404
    assert boss.get(f"{LIST}/packages/{made.uuid}/file").status_code == 404


def test_a_package_is_ordered_watched_and_taken(in_jia, owner):
    someone = ground.learner(1)
    assert "请先选择要打包的档案" in text(owner.post(f"{LIST}/packages/order", {"kind": "LEARNERS"}, follow=True))
    url = owner.post(f"{LIST}/packages/order", {"kind": "LEARNERS", "ids": [str(someone.uuid)]})["Location"]
    assert "every 1s" in text(owner.get(url))
    assert owner.get(f"{url}/file").status_code == 409
    building.build(ArchivePackage.objects.get().uuid, at=clock.now())
    assert "下载 ZIP" in text(owner.get(url))
    assert owner.get(f"{url}/file").getvalue().startswith(b"PK")
    assert "已生成" in text(owner.get(f"{LIST}/packages"))


def test_a_learner_sees_and_takes_the_own_file_and_no_other(in_jia):
    someone, _duty = finished()
    ground.learner(2)
    own = ground.learner_browser(in_jia, someone)
    page = text(own.get("/learn/archive/file"))
    assert "学员丙" not in page
    assert "提出更正</a>" not in page
    assert own.get("/learn/archive/file.pdf?download=1")["Content-Disposition"].startswith("attachment")
    assert own.get("/learn/archive/file.xlsx").status_code == 200
    assert own.get(f"{LIST}/learners/{someone.uuid}").status_code == 403
    assert "我的一人一档" in text(own.get("/learn/archive"))


@pytest.mark.req("R5.7")
def test_the_neighbour_finds_nothing_of_ours(in_jia, yi, owner):
    someone, duty = finished()
    row = records.propose_correction(
        subject=someone.uuid, n=1, values={"position": "班长"}, reason="岗位写错了", evidence=None,
        by=records.Acting("manager:1", "安全员"), at=NOON,
    )  # fmt: skip
    made = records.order_package(
        kind="LEARNERS", subjects=[someone.uuid], within=None, by="manager:1", by_name="安全员", at=clock.now()
    )
    with enterprise_scope(yi):
        theirs = ground.manager_browser(yi)
    for url in ("", "/classes", "/corrections", "/packages"):
        assert someone.name not in text(theirs.get(LIST + url))
    for url in (f"learners/{someone.uuid}", f"learners/{someone.uuid}/file.pdf", f"learners/{someone.uuid}/entries/1", f"classes/{duty.plan_uuid}",
                f"classes/{duty.plan_uuid}/file.xlsx", f"corrections/{row.uuid}", f"corrections/{row.uuid}/evidence", f"packages/{made.uuid}",
                f"packages/{made.uuid}/file"):  # fmt: skip
        assert theirs.get(f"{LIST}/{url}").status_code == 404, url
    for url in (
        f"corrections/{row.uuid}/decide",
        f"corrections/{row.uuid}/withdraw",
        f"packages/{made.uuid}/cancel",
        f"classes/{duty.plan_uuid}/sign",
    ):
        assert theirs.post(f"{LIST}/{url}", {"answer": "yes"}).status_code == 404, url
    assert Correction.objects.get().state == "PROPOSED"
    assert ArchivePackage.objects.get().state == "QUEUED"


def test_what_only_the_file_tells_is_written_down_by_managers(in_jia, owner):
    someone = ground.learner(1)
    url = f"/console/people/{someone.uuid}/particulars"
    assert owner.post(url, {"trade": "钳工", "fitness": "FIT"}).status_code == 422, "a check has a day"
    late = (clock.now() + timedelta(days=9)).date().isoformat()
    assert owner.post(url, {"fitness": "FIT", "fitness_on": late}).status_code == 422
    assert (
        owner.post(url, {"trade": "钳工", "education": "HIGH", "fitness": "FIT", "fitness_on": "2026-11-01"}).status_code == 302
    )
    page = text(owner.get(f"{LIST}/learners/{someone.uuid}"))
    assert "钳工" in page
    assert "未见职业禁忌（2026-11-01）" in page
