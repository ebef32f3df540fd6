"""Pages of offline classes: who sees what, who may do what, what is said when something is wrong, files that come out."""

import io
from datetime import timedelta

import pypdfium2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from apps.people import managing, services
from apps.people.models import Learner, Manager
from apps.plans.classes import arranging, codes, resources
from apps.plans.classes.models import Attendance, ClassFile, ClassTrainer, OfflineClass
from infra.kit import clock
from tenants.scope import enterprise_scope
from tests.apps.plans import ground as plans_ground

from . import ground
from .ground import AFTER, ENDS, NOON, STARTS
from .test_files import pdf, picture


@pytest.fixture
def house(in_jia, time_machine):
    time_machine.move_to(NOON, tick=False)
    return ground.house()


@pytest.fixture
def row(house):
    return house.arrange()


def signed_in(site, manager_id):
    with enterprise_scope(site):
        return plans_ground.browser(site, Manager.objects.get(pk=manager_id).credential)


@pytest.fixture
def owner(house, jia):
    return signed_in(jia, house.owner)


def url(row, more=""):
    return f"/console/classes/{row.uuid}{more}"


def posted(house, **changes):
    base = {
        "plan": house.plan, "topic": "有限空间救援", "content": "气体检测、通风、监护。", "trainer": house.trainer.uuid,
        "room": house.room.uuid, "day": "2026-11-24", "starts": "09:00", "ends": "11:15", "hours": "3", "everybody": "on",
    }  # fmt: skip
    return {**base, **changes}


@pytest.mark.req("R2.9")
def test_a_class_is_arranged_with_everybody_of_the_plan(house, owner):
    answer = owner.post("/console/classes/new", posted(house))
    row = OfflineClass.objects.get()
    assert answer["Location"] == url(row)
    assert (row.credit_ms, row.seats.count(), row.number) == (3 * ground.HOUR_MS, 2, "2026-001")
    assert row.starts_at.astimezone(clock.SHANGHAI).hour == 9
    page = owner.get(url(row)).content.decode()
    assert "有限空间救援" in page
    assert house.learners[0].name in page


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"topic": ""}, "请填写课程主题"),
        ({"plan": ""}, "请选择培训计划"),
        ({"trainer": ""}, "请选择培训教师"),
        ({"day": "31/31"}, "请写成 2026-03-01 这样"),
        ({"ends": "08:00"}, "结束时间要晚于开始时间"),
        ({"hours": "9"}, "不超过上课时间"),
        ({"hours": "many"}, "请填写数字"),
        ({"day": "2026-11-20"}, "开始时间要晚于现在"),
    ],
)
def test_a_form_with_something_wrong_says_it_and_keeps_what_was_typed(house, owner, changes, said):
    answer = owner.post("/console/classes/new", posted(house, **changes))
    page = answer.content.decode()
    assert (answer.status_code, OfflineClass.objects.count()) == (422, 0)
    assert said in page
    assert "气体检测、通风、监护。" in page


def test_the_list_finds_filters_and_says_what_to_do_when_empty(house, owner):
    assert "安排第一节课" in owner.get("/console/classes").content.decode()
    row = house.arrange()
    for query in ("", "?q=灭火器", "?q=教师甲", "?state=UPCOMING", f"?plan={house.plan}", "?sort=-people"):
        assert row.topic in owner.get(f"/console/classes{query}").content.decode(), query
    for query in ("?q=没有的", "?state=CONFIRMED", "?state=RUNNING"):
        assert "没有符合条件的课" in owner.get(f"/console/classes{query}").content.decode(), query
    assert owner.get("/console/classes?plan=nonsense&page=99&sort=x&state=y").status_code == 200


def test_the_list_and_a_class_cost_the_same_queries_however_long(house, owner):
    def cost(path):
        owner.get(path)
        with CaptureQueriesContext(connection) as seen:
            assert owner.get(path).status_code == 200
        return len(seen)

    row = house.arrange(seated=False)
    house_list, page = cost("/console/classes"), cost(url(row))
    for day in range(1, 6):
        house.arrange(starts_at=STARTS + timedelta(days=day), ends_at=ENDS + timedelta(days=day))
    assert cost("/console/classes") == house_list
    arranging.seat(uuid=row.uuid, learners=[house.learners[0].uuid], at=NOON)
    one = cost(url(row))
    arranging.seat(uuid=row.uuid, learners=None, at=NOON)
    assert cost(url(row)) == one
    assert one <= page + 4


def test_a_full_room_is_said_on_the_page(house, owner):
    small = resources.write_room(uuid=None, name="小间", place="", seats=1, at=NOON)
    row = house.arrange(room=small.uuid, seated=False)
    answer = owner.post(url(row, "/seats"), {"all": "1"}, follow=True)
    assert "小间只有 1 个座位" in answer.content.decode()
    owner.post(url(row, "/seats"), {"ids": [house.learners[0].uuid]})
    assert row.seats.count() == 1
    assert owner.post(url(row, "/seats"), {"ids": ["nonsense"]}).status_code == 404
    owner.post(url(row, f"/seats/{house.seat(row).uuid}/remove"))
    assert row.seats.count() == 0


@pytest.mark.req("R2.9")
def test_from_the_screen_to_the_hours(house, row, owner, jia, time_machine):
    phone = plans_ground.learner_browser(jia, house.learners[0])
    mine = f"/learn/classes/{row.uuid}"
    assert row.topic in phone.get("/learn/classes").content.decode()
    time_machine.move_to(STARTS, tick=False)
    screen = owner.get(url(row, "/screen"))
    code = codes.code_at(row.uuid, STARTS)
    assert code in screen.content.decode()
    assert "<svg" in screen.content.decode()
    assert "<h1" not in owner.get(url(row, "/screen"), headers={"HX-Request": "true"}).content.decode()
    assert code in phone.get(f"{mine}?c={code}").content.decode()
    assert phone.post(mine, {"code": "000000" if code != "000000" else "1", "do": "in"}).status_code == 422
    assert phone.post(mine, {"code": code, "do": "in"}).status_code == 302
    time_machine.move_to(ENDS, tick=False)
    assert phone.post(mine, {"code": codes.code_at(row.uuid, ENDS), "do": "out"}).status_code == 302
    time_machine.move_to(AFTER, tick=False)
    owner.post(url(row, "/submit"), {"summary": "顺利", "cost_yuan": "1200"})
    owner.post(url(row, "/decide"), {"do": "confirm"})
    row.refresh_from_db()
    assert row.state == "SUBMITTED", "who submitted it may not confirm"
    signed_in(jia, house.second).post(url(row, "/decide"), {"do": "confirm"})
    row.refresh_from_db()
    assert (row.state, house.seat(row).credit_ms) == ("CONFIRMED", 4 * ground.HOUR_MS)
    assert "计入 4 学时" in phone.get("/learn/classes").content.decode()
    assert "参加线下课《车间防火与灭火器实操》" in phone.get("/learn/archive").content.decode()


def test_a_wrong_code_is_not_guessed(house, row, jia, time_machine):
    time_machine.move_to(STARTS, tick=False)
    phone = plans_ground.learner_browser(jia, house.learners[0])
    phone.get(f"/learn/classes/{row.uuid}")
    for n in range(12):
        assert phone.post(f"/learn/classes/{row.uuid}", {"code": f"{n:06d}", "do": "in"}).status_code == 422
    assert phone.post(f"/learn/classes/{row.uuid}", {"code": codes.code_at(row.uuid, STARTS), "do": "in"}).status_code == 422
    assert not Attendance.objects.exists()


def test_presence_is_written_down_and_corrected_on_its_pages(house, row, owner, jia, time_machine):
    time_machine.move_to(AFTER, tick=False)
    seat = house.seat(row).uuid
    words = {"how": "there", "since": "14:00", "until": "17:00", "reason": "手机没电，本人到课"}
    assert owner.post(url(row, f"/seats/{seat}/mark"), words | {"reason": ""}).status_code == 422
    assert owner.post(url(row, f"/seats/{seat}/mark"), words | {"until": "18:00"}).status_code == 422
    teacher = signed_in(jia, house.teacher)
    assert teacher.post(url(row, f"/seats/{seat}/mark"), words).status_code == 302
    house.confirmed(row)
    second = signed_in(jia, house.second)
    assert owner.post(url(row, f"/seats/{seat}/correct"), words | {"how": "absent"}).status_code == 422
    assert second.post(url(row, f"/seats/{seat}/correct"), words | {"how": "absent", "reason": "代签"}).status_code == 302
    assert house.seat(row).credit_ms == 0
    assert "确认后更正：代签" in owner.get(url(row)).content.decode()


def test_files_go_in_and_come_out_with_their_own_type(house, row, owner):
    wrong = owner.post(url(row, "/files"), {"kind": "PHOTO", "file": SimpleUploadedFile("a.png", b"<svg></svg>")})
    assert (wrong.status_code, ClassFile.objects.count()) == (422, 0)
    assert owner.post(url(row, "/files"), {"kind": "PHOTO"}).status_code == 422
    owner.post(url(row, "/files"), {"kind": "PHOTO", "file": SimpleUploadedFile("现场.png", picture(), "text/html")})
    kept = ClassFile.objects.get()
    answer = owner.get(url(row, f"/files/{kept.uuid}"))
    assert (answer["Content-Type"], answer.content) == ("image/png", picture())
    owner.post(url(row, f"/files/{kept.uuid}/remove"))
    assert owner.get(url(row, f"/files/{kept.uuid}")).status_code == 404


@pytest.mark.req("R4.1")
def test_the_record_of_a_class_is_a_page_a_pdf_and_a_workbook(house, row, owner):
    house.attend(row)
    OfflineClass.objects.filter(pk=row.pk).update(topic="=HYPERLINK(1)")
    house.confirmed(row)
    page = owner.get(url(row, "/record")).content.decode()
    for word in ("期号", "2026-001", "培训教师", "学员名册与到课学时", "成绩与发证清单", "签到表、教材与现场资料", "管理员乙"):
        assert word in page, word
    printed = pypdfium2.PdfDocument(owner.get(url(row, "/record?as=pdf")).content)
    assert "一期一档" in printed[0].get_textpage().get_text_bounded()
    book = CalamineWorkbook.from_filelike(io.BytesIO(owner.get(url(row, "/record?as=xlsx")).content))
    cells = {cell for name in book.sheet_names for line in book.get_sheet_by_name(name).to_python() for cell in line}
    assert {house.learners[0].masked_id, "'=HYPERLINK(1)"} <= cells, "what looks like a formula leaves as text"
    sheet = pypdfium2.PdfDocument(owner.get(url(row, "/sheet.pdf")).content)
    assert house.learners[0].name in sheet[0].get_textpage().get_text_bounded()


def test_a_trainer_sees_and_runs_the_own_classes_only(house, row, jia):
    other = house.arrange(
        trainer=ground.add_trainer("教师乙").uuid, topic="别人的课", starts_at=ENDS, ends_at=ENDS + timedelta(hours=3)
    )
    teacher = signed_in(jia, house.teacher)
    page = teacher.get("/console/classes").content.decode()
    assert row.topic in page
    assert "别人的课" not in page
    assert teacher.get(url(row)).status_code == 200
    for path in ("", "/screen", "/record", "/sheet.pdf"):
        assert teacher.get(url(other, path)).status_code == 404, path
    assert teacher.post(url(other, "/submit"), {}).status_code == 404
    for path in ("/change", "/seats"):
        assert teacher.get(url(row, path)).status_code == 403, path
    assert teacher.post(url(row, "/decide"), {"do": "confirm"}).status_code == 403


def test_a_supervisor_sees_classes_and_people_of_the_own_units(house, row, jia):
    mine, theirs = services.unit_of_path("生产部"), services.unit_of_path("仓储部")
    Learner.objects.filter(pk=house.learners[0].id).update(unit=mine)
    rows = [
        managing.invite(name="主管", mobile=f"1390000001{n}", role="UNIT", unit_id=unit.pk, by=house.owner, at=NOON)
        for n, unit in enumerate((mine, theirs))
    ]
    inside, outside = (signed_in(jia, manager.pk) for manager in rows)
    page = inside.get(url(row)).content.decode()
    assert house.learners[0].name in page
    assert house.learners[1].name not in page
    assert house.learners[1].name not in inside.get(url(row, "/record")).content.decode()
    assert outside.get(url(row)).status_code == 404
    assert row.topic not in outside.get("/console/classes").content.decode()


def test_the_neighbour_sees_nothing(house, row, jia, yi):
    neighbour = plans_ground.manager_browser(yi)
    for path in ("/console/classes", "/console/classes/trainers", "/console/classes/rooms"):
        page = neighbour.get(path).content.decode()
        assert row.topic not in page
        assert "行政楼 301" not in page
    for path in (url(row), url(row, "/record"), url(row, "/screen"), f"/console/classes/trainers/{house.trainer.uuid}",
                 f"/console/classes/rooms/{house.room.uuid}"):  # fmt: skip
        assert neighbour.get(path).status_code == 404, path
    with enterprise_scope(yi):
        stranger = plans_ground.learner(5)
    assert plans_ground.learner_browser(yi, stranger).get(f"/learn/classes/{row.uuid}").status_code == 404


def test_a_learner_sees_only_classes_with_a_seat(house, jia):
    row = house.arrange(seated=False)
    phone = plans_ground.learner_browser(jia, house.learners[0])
    assert phone.get(f"/learn/classes/{row.uuid}").status_code == 404
    assert "还没有线下课" in phone.get("/learn/classes").content.decode()


def test_trainers_and_rooms_are_written_down_archived_and_brought_back(house, owner, jia):
    words = {"name": "教师乙", "origin": "OUTSIDE", "employer": "", "qualification": "讲师", "expires_on": "2026-12-01"}
    assert "外聘教师请填写所在单位" in owner.post("/console/classes/trainers/add", words).content.decode()
    words["employer"], scan = "安培中心", pdf()
    broken = owner.post("/console/classes/trainers/add", words | {"file": SimpleUploadedFile("a.pdf", b"MZ")})
    assert (broken.status_code, ClassTrainer.objects.count()) == (422, 1)
    assert owner.post("/console/classes/trainers/add", words | {"file": SimpleUploadedFile("证.pdf", scan)}).status_code == 302
    made = ClassTrainer.objects.get(name="教师乙")
    assert owner.get(f"/console/classes/trainers/{made.uuid}/files/{made.files.get().uuid}").content == scan
    assert "教师乙" in owner.get("/console/classes/trainers?show=soon").content.decode()
    auditor = managing.invite(name="审计员", mobile="13900000021", role="AUDITOR", unit_id=None, by=house.owner, at=NOON)
    scan_url = f"/console/classes/trainers/{made.uuid}/files/{made.files.get().uuid}"
    assert scan_url in signed_in(jia, auditor.pk).get("/console/classes/trainers").content.decode()
    assert signed_in(jia, auditor.pk).get(scan_url).status_code == 200
    assert signed_in(jia, house.teacher).get(scan_url).status_code == 404, "another trainer's"
    owner.post(f"/console/classes/trainers/{made.uuid}/archive", {"do": "archive"})
    assert made.qualification not in owner.get("/console/classes/trainers").content.decode()
    owner.post(f"/console/classes/trainers/{made.uuid}/archive", {"do": "restore"})
    assert "教师乙" in owner.get("/console/classes/trainers?q=安培").content.decode()
    assert owner.post("/console/classes/rooms/add", {"name": "培训室", "seats": "9"}).status_code == 422
    assert owner.post("/console/classes/rooms/add", {"name": "二号室", "seats": "0"}).status_code == 422
    assert owner.post("/console/classes/rooms/add", {"name": "二号室", "seats": "9"}).status_code == 302
    assert "二号室" in owner.get("/console/classes/rooms").content.decode()
