"""The desk's pages: by time left, found by number, one action a form, exported without formulas; others see nothing."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from infra.kit import clock
from public.audit.models import AuditEvent
from public.complaints import access, extending
from public.complaints.models import Complaint
from public.operators.api import Me
from public.uploads.models import Upload
from public.uploads.stores import name_of
from tests.apps.plans.ground import make_course
from tests.public.complaints.ground import OTHER, accepted, file, kinds, row
from tests.public.complaints.ground import desk as worker
from tests.public.desk import desk

pytestmark = pytest.mark.req("R6.1.6")


@pytest.fixture
def browser(platform: None) -> Client:
    return desk("OPERATIONS")


def test_lists_by_time_left_and_finds_by_number_title_and_enterprise(browser, jia):
    at = clock.now()
    slow, fast = file(at=at, title="建议增加字幕"), file(at=at, category="FAULT", schema_name=jia.schema_name)
    page = browser.get("/desk/complaints")
    assert [line.row.uuid for line in page.context["lines"]] == [fast.uuid, slow.uuid]
    for query, found in ((slow.number, slow), ("字幕", slow), (jia.name, fast)):
        got = browser.get("/desk/complaints", {"q": query}).context["lines"]
        assert [line.row.uuid for line in got] == [found.uuid], query
    assert "没有符合条件的投诉" in browser.get("/desk/complaints?q=没有的").content.decode()
    assert "没有符合条件的投诉" in browser.get("/desk/complaints?state=DECIDED").content.decode()


def test_the_list_takes_the_same_queries_however_long(browser, jia, yi):
    browser.get("/desk/complaints")  # what is cached once is cached now
    counts = []
    for schemas in ((jia,), (jia, yi, jia)):
        for site in schemas:
            file(at=clock.now(), schema_name=site.schema_name)
        with CaptureQueriesContext(connection) as seen:
            browser.get("/desk/complaints")
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_the_export_holds_no_formula_and_no_contact_and_is_logged(browser):
    file(at=clock.now(), title='=HYPERLINK("http://x")')
    answer = browser.get("/desk/complaints?export=xlsx")
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert sheet[1][2].startswith("'=")
    assert "13800000001" not in str(sheet)
    assert AuditEvent.objects.filter(action="complaint.exported").count() == 1


def test_accepting_and_deciding_on_the_page(browser):
    uuid = file(at=clock.now()).uuid
    page = browser.get(f"/desk/complaints/{uuid}").content.decode()
    assert "受理并答复" in page
    assert "138****0001" in page
    assert "13800000001" not in page
    act = f"/desk/complaints/{uuid}/do"
    assert browser.post(f"{act}/accept", {"accept-category": "GENERAL", "accept-reply": ""}).status_code == 422
    assert browser.post(f"{act}/accept", {"accept-category": "GENERAL", "accept-reply": "已受理，正在核对。"}).status_code == 302
    assert browser.post(f"{act}/decide", {"decide-outcome": "UPHELD", "decide-reason": "太短"}).status_code == 422
    assert row(uuid).state == "OPEN"
    said = {"decide-outcome": "UPHELD", "decide-reason": "已核对学习记录，学时补记。"}
    assert browser.post(f"{act}/decide", said).status_code == 302
    assert browser.post(f"{act}/decide", said).status_code == 409
    assert row(uuid).state == "DECIDED"
    assert browser.post(f"{act}/else").status_code == 404


def test_the_course_that_is_complained_about_is_named(browser):
    version = make_course("AQ-CY-K1", title="用电安全")
    uuid = file(at=clock.now(), category="CONTENT", version_id=version).uuid
    assert "AQ-CY-K1 用电安全" in browser.get(f"/desk/complaints/{uuid}").content.decode()
    said = {"accept-category": "CONTENT", "accept-reply": "已受理并核实。", "accept-kept_because": ""}
    assert browser.post(f"/desk/complaints/{uuid}/do/accept", said).status_code == 302
    assert "核实期间已隐藏" in browser.get(f"/desk/complaints/{uuid}").content.decode()


def test_the_contact_is_shown_on_request_and_that_is_kept(browser):
    uuid = file(at=clock.now()).uuid
    assert "13800000001" in browser.post(f"/desk/complaints/{uuid}/contact").content.decode()
    assert kinds(uuid)[-1] == "CONTACT"
    assert AuditEvent.objects.filter(action="complaint.contact", target=f"complaint:{uuid}").exists()


def test_a_call_is_written_down_and_its_code_shown_once(browser):
    said = {
        "category": "FAULT",
        "title": "不能播放",
        "text": "打开课程一直转圈，换了网络也一样。",
        "name": "",
        "mobile": "",
        "mail": "",
    }
    assert browser.post("/desk/complaints/new", {**said, "mobile": "123"}).status_code == 422
    answer = browser.post("/desk/complaints/new", said)
    found = Complaint.objects.get()
    assert answer["Location"] == f"/desk/complaints/{found.uuid}"
    assert "请念给来电人" in browser.get(answer["Location"]).content.decode()
    assert "请念给来电人" not in browser.get(answer["Location"]).content.decode()
    assert (found.channel, found.text) == ("PHONE", said["text"])


def test_what_waits_for_a_second_person_is_offered_to_that_one_only(browser, jia):
    uuid = accepted(at=clock.now(), schema_name=jia.schema_name)
    other = Me(OTHER.credential_id, OTHER.name, OTHER.role)
    extending.ask(complaint=uuid, reason="需要企业配合核对。", desk=worker(other, clock.now()))
    grant = access.ask(complaint=uuid, reason="需要核对学时记录", hours=24, desk=worker(other, clock.now()))
    page = browser.get(f"/desk/complaints/{uuid}")
    assert "consent" in [one.action.name for one in page.context["offered"]]
    assert browser.get("/desk/complaints?show=approve").context["lines"][0].row.uuid == uuid
    assert browser.post(f"/desk/complaints/{uuid}/record/{grant}/allow").status_code == 302
    assert browser.get(f"/desk/complaints/{uuid}/record/{grant}").status_code == 403, "only who asked may read"
    assert browser.post(f"/desk/complaints/{uuid}/do/consent", {"consent-decision": "grant"}).status_code == 302
    assert row(uuid).extension == "GRANTED"


def test_other_times_are_published_on_their_page(browser):
    tomorrow = clock.shanghai_date(clock.now()) + timedelta(days=1)
    said = {
        "category": "GENERAL",
        "answer_minutes": "60",
        "settle_days": "2",
        "extend_days": "1",
        "valid_from": tomorrow.isoformat(),
    }
    assert browser.post("/desk/complaints/times", {**said, "settle_hours": "5"}).status_code == 422
    assert browser.post("/desk/complaints/times", said).status_code == 302
    assert tomorrow.isoformat() in browser.get("/desk/complaints/times").content.decode()


def test_an_operator_adds_only_the_own_upload(browser):
    receipt, at = file(at=clock.now()), clock.now()
    me = int(browser.session["second_factor"])
    made = {
        "provider_schema": "", "purpose": "complaint", "file_name": "来信.pdf", "size": 10, "part_size": 10, "kind": "document",
        "content_type": "application/pdf", "sha256": "0" * 64, "state": "READY", "created_at": at, "touched_at": at,
    }  # fmt: skip
    own, foreign = Upload.objects.create(owner_id=me, **made), Upload.objects.create(owner_id=me + 1, **made)
    in_clear = Upload.objects.create(owner_id=me, **{**made, "purpose": "document"})
    path = f"/desk/complaints/{receipt.uuid}/files"
    assert browser.post(path, {"upload": str(foreign.uuid)}).status_code == 404
    assert browser.post(path, {"upload": str(in_clear.uuid)}).status_code == 404, "it lies in clear"
    assert browser.post(path, {"upload": "x"}).status_code == 400
    assert browser.post(path, {"upload": str(own.uuid)}).status_code == 200
    assert "来信.pdf" in browser.get(f"/desk/complaints/{receipt.uuid}").content.decode()
    assert kinds(receipt.uuid) == ["FILED", "ATTACHED"]


@pytest.mark.parametrize("role", ["AUTHOR", "REVIEWER"])
def test_other_roles_see_no_complaint(platform, role):
    uuid = file(at=clock.now()).uuid
    browser = desk(role)
    for path in ("", "/new", "/times", f"/{uuid}"):
        assert browser.get(f"/desk/complaints{path}").status_code == 403
    assert browser.post(f"/desk/complaints/{uuid}/contact").status_code == 403
    assert browser.post(f"/desk/complaints/{uuid}/do/note", {"note-text": "好"}).status_code == 403
    assert kinds(uuid) == ["FILED"]


def test_figures_stand_by_category_with_a_total_and_as_a_workbook(browser):
    file(at=clock.now())
    file(at=clock.now(), category="FAULT")
    page = browser.get("/desk/complaints/figures?days=30")
    assert [(label, line[0][1]) for label, line in page.context["rows"]] == [
        ("故障（不能学习或考试）", "1"),
        ("一般投诉、建议", "1"),
    ]
    assert page.context["total"][0] == ("收到", "2")
    answer = browser.get("/desk/complaints/figures?days=7&export=xlsx")
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert [line[0] for line in sheet] == ["类别", "故障（不能学习或考试）", "一般投诉、建议", "合计"]


def test_what_was_typed_and_why_it_was_refused_stay_where_a_colleague_was_quicker(browser):
    uuid = file(at=clock.now()).uuid
    accepted_by = {"accept-category": "GENERAL", "accept-reply": "已受理，正在核对。"}
    assert browser.post(f"/desk/complaints/{uuid}/do/accept", accepted_by).status_code == 302
    late = browser.post(f"/desk/complaints/{uuid}/do/accept", {**accepted_by, "accept-reply": "我写了很久的答复。"})
    page = late.content.decode()
    assert (late.status_code, row(uuid).state) == (409, "OPEN")
    assert "我写了很久的答复。" in page
    assert "可能刚刚有人处理过" in page


def test_pictures_are_looked_at_in_the_browser_and_files_come_one_after_another(browser):
    uuid = file(at=clock.now()).uuid
    me = Complaint.objects.get(uuid=uuid)
    mine = int(browser.session["_auth_user_id"])
    shown = []
    for name, kind in (("现场一.png", "image"), ("来信.pdf", "document")):
        upload = Upload.objects.create(
            owner_id=mine, provider_schema="", purpose="complaint", file_name=name, size=7, part_size=7, kind=kind, content_type="image/png",
            sha256="0" * 64, state="READY", created_at=clock.now(), touched_at=clock.now(),
        )  # fmt: skip
        default_storage.save(name_of(upload), ContentFile(b"picture"))
        answer = browser.post(f"/desk/complaints/{uuid}/files", {"upload": str(upload.uuid)})
        assert "HX-Refresh" not in answer.headers  # the page would lose the files that are still on their way
        assert name in answer.content.decode()
        shown.append(browser.get(f"/desk/complaints/{uuid}/files/{upload.uuid}?show"))
    assert (shown[0].content, shown[0]["Content-Type"], "attachment" in shown[0].get("Content-Disposition", "")) == (
        b"picture",
        "image/png",
        False,
    )
    assert "sandbox" in shown[0]["Content-Security-Policy"]
    assert shown[1]["Content-Disposition"].startswith("attachment")
    assert AuditEvent.objects.filter(action="file.shown").count() == 1
    assert me.attachments.count() == 2


def test_an_export_leaves_nothing_out_without_a_word(browser, monkeypatch):
    from public.complaints.views import desk as pages

    monkeypatch.setattr(pages, "MOST_LISTED", 1)
    for _n in range(2):
        file(at=clock.now())
    answer = browser.get("/desk/complaints?export=xlsx")
    assert (answer.status_code, "缩小筛选范围" in answer.content.decode()) == (422, True)
    assert not AuditEvent.objects.filter(action="complaint.exported").exists()


def test_why_nothing_is_hidden_is_asked_only_where_something_is_to_be(browser):
    plain, reported = (file(at=clock.now(), category=one).uuid for one in ("GENERAL", "CONTENT"))
    assert "不先行隐藏的理由" not in browser.get(f"/desk/complaints/{plain}").content.decode()
    assert "不先行隐藏的理由" in browser.get(f"/desk/complaints/{reported}").content.decode()
    turned = browser.post(
        f"/desk/complaints/{plain}/do/accept", {"accept-category": "CONTENT", "accept-reply": "已受理，正在核实。"}
    )
    assert (turned.status_code, row(plain).state) == (422, "FILED")
    assert "不先行隐藏的理由" in turned.content.decode()
    assert "已受理，正在核实。" in turned.content.decode()
