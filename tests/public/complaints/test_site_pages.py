"""The complainant's pages on the platform's host and on an enterprise's; nobody sees a case without number and code."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client

from infra.kit import clock
from infra.wiring.settings.services import _storage
from public.audit.models import AuditEvent
from public.complaints import deciding, following, handling
from public.complaints.models import Attachment, Complaint
from public.uploads import services
from public.uploads.models import Upload
from public.uploads.stores import name_of
from tenants.scope import enterprise_scope, platform_scope
from tests.apps.plans import ground as plans
from tests.public.complaints.ground import REASON, desk, file, kinds
from tests.public.desk import HOST

pytestmark = pytest.mark.req("R6.1.6")
FORM = {
    "category": "GENERAL",
    "title": "学完一课没有记学时",
    "text": "昨天晚上学完第一课，今天看学时还是 0。",
    "mobile": "13800000001",
}


@pytest.fixture
def stranger(db: None, jia: Any) -> Client:
    return Client(HTTP_HOST=jia.host)


def filed(browser: Client, **changes: str) -> Complaint:
    """File through the page and return the row."""
    answer = browser.post("/complaints/new", {**FORM, **changes})
    assert (answer.status_code, answer["Location"]) == (302, "/complaints/case"), answer.content.decode()[:3000]
    with platform_scope():
        return Complaint.objects.order_by("-pk")[0]


def test_a_stranger_files_on_an_enterprises_site_and_follows_by_number_and_code(stranger, jia):
    row = filed(stranger)
    assert (row.schema_name, row.filer, row.subject) == (jia.schema_name, "PUBLIC", None)
    page = stranger.get("/complaints/case").content.decode()
    code = re.search(r"data-code>(\d{8})<", page)
    assert code is not None
    assert row.number in page
    assert stranger.post("/complaints/case/noted").status_code == 302
    assert code[1] not in stranger.get("/complaints/case").content.decode()
    another = Client(HTTP_HOST=jia.host)
    assert another.get("/complaints/case")["Location"] == "/complaints/track"
    assert another.post("/complaints/track", {"number": row.number, "code": "00000000"}).status_code == 422
    assert another.get("/complaints/case").status_code == 302
    assert another.post("/complaints/track", {"number": row.number, "code": code[1]}).status_code == 302
    assert FORM["title"] in another.get("/complaints/case").content.decode()
    assert another.post("/complaints/case/leave").status_code == 302
    assert another.get("/complaints/case").status_code == 302


def test_a_learner_is_known_and_stays_signed_in_here(db, jia):
    with enterprise_scope(jia):
        view = plans.learner(1, "学员甲")
    browser = plans.learner_browser(jia, view)
    row = filed(browser)
    assert (row.filer, row.subject, row.schema_name) == ("LEARNER", view.uuid, jia.schema_name)
    assert "/sign-in" not in browser.get("/learn/me").headers.get("Location", "")


def test_the_platforms_site_takes_complaints_too_and_keeps_the_company_that_is_named(platform):
    row = filed(Client(HTTP_HOST=HOST), company="某某建设有限公司")
    assert row.schema_name == ""
    assert row.text.startswith("涉及企业：某某建设有限公司\n")


def test_a_form_that_lacks_something_keeps_what_was_typed(stranger):
    answer = stranger.post("/complaints/new", {**FORM, "text": ""})
    assert answer.status_code == 422
    assert FORM["title"] in answer.content.decode()
    with platform_scope():
        assert not Complaint.objects.exists()


def test_a_course_that_was_named_is_linked_and_another_enterprises_own_is_not(stranger, jia, yi):
    version = plans.make_course("AQ-CY-K2", title="用电安全")
    assert "用电安全" in stranger.get(f"/complaints/new?course={version}").content.decode()
    assert filed(stranger, course=str(version)).version_id == version
    assert stranger.get("/complaints/new?course=987654").status_code == 404


def test_the_platforms_host_tells_no_title_of_a_course_by_its_number(platform):
    draft = plans.make_course("AQ-CY-K3", title="还没发布的课", state="DRAFT")
    answer = Client(HTTP_HOST=HOST).get(f"/complaints/new?course={draft}")
    assert (answer.status_code, "还没发布的课" in answer.content.decode()) == (200, False)


def test_the_neighbours_site_opens_nothing_by_this_sites_session(stranger, yi):
    filed(stranger)
    neighbour = Client(HTTP_HOST=yi.host)
    neighbour.cookies = stranger.cookies
    assert neighbour.get("/complaints/case")["Location"] == "/complaints/track"


def test_replying_rating_and_reopening_on_the_page(stranger):
    row = filed(stranger)
    with platform_scope():
        handling.accept(complaint=row.uuid, reply="已受理，正在核对。", category="GENERAL", desk=desk(at=clock.now()))
        handling.ask(complaint=row.uuid, question="请说明是哪一门课。", desk=desk(at=clock.now()))
    assert "请说明是哪一门课。" in stranger.get("/complaints/case").content.decode()
    assert stranger.post("/complaints/case/do/reply", {"text": ""}).status_code == 422
    assert stranger.post("/complaints/case/do/reply", {"text": "班组安全第一课"}).status_code == 302
    with platform_scope():
        deciding.decide(complaint=row.uuid, outcome="UPHELD", reason=REASON, desk=desk(at=clock.now()))
    page = stranger.get("/complaints/case").content.decode()
    assert REASON in page
    assert "运营甲" not in page
    assert stranger.post("/complaints/case/do/rate", {"stars": "4", "words": ""}).status_code == 302
    assert stranger.post("/complaints/case/do/rate", {"stars": "1", "words": ""}).status_code == 409
    assert stranger.post("/complaints/case/do/reopen", {"reason": "学时还是没有补上。"}).status_code == 302
    assert stranger.post("/complaints/case/do/else").status_code == 404
    with platform_scope():
        row.refresh_from_db()
        assert (row.state, row.round) == ("FILED", 2)


def test_what_was_typed_stays_when_it_is_too_often(stranger):
    row = filed(stranger)
    with platform_scope():
        for n in range(20):
            following.reply(complaint=row.uuid, text=f"补充第 {n + 1} 点", at=clock.now())
    answer = stranger.post("/complaints/case/do/reply", {"text": "这一段写了很久，不能丢。"})
    assert answer.status_code == 429
    assert "这一段写了很久，不能丢。" in answer.content.decode()
    assert "操作太频繁" in answer.content.decode()
    assert kinds(row.uuid).count("REPLIED") == 20


def upload_of(row: Complaint, schema: str, **changes: Any) -> Upload:
    values = {
        "owner_id": -row.pk, "provider_schema": schema, "purpose": "complaint", "file_name": "截图.png", "size": 10, "part_size": 10, "kind": "image",
        "content_type": "image/png", "sha256": "0" * 64, "state": "READY", "created_at": clock.now(), "touched_at": clock.now(), **changes,
    }  # fmt: skip
    with platform_scope():
        return Upload.objects.create(**values)


def test_files_are_the_complainants_own_and_for_this_purpose_alone(stranger, jia):
    row = filed(stranger)
    begin = {"file_name": "录像.mp4", "size": 60 << 20, "purpose": "complaint", "fingerprint": ""}
    ask = {"content_type": "application/json"}
    assert Client(HTTP_HOST=jia.host).post("/api/complaint-files", begin, **ask).status_code == 401
    assert stranger.post("/api/complaint-files", begin, **ask).status_code == 413
    assert stranger.post("/api/complaint-files", {**begin, "size": 10, "purpose": "video"}, **ask).status_code == 422
    assert stranger.post("/api/complaint-files", {**begin, "size": 10}, **ask).status_code == 201
    own, foreign = upload_of(row, jia.schema_name), upload_of(row, jia.schema_name, owner_id=-row.pk - 1)
    assert stranger.post("/complaints/case/files", {"upload": str(foreign.uuid)}).status_code == 404
    answer = stranger.post("/complaints/case/files", {"upload": str(own.uuid)})
    assert "截图.png" in answer.content.decode()
    with platform_scope():
        assert [one.upload for one in Attachment.objects.all()] == [own.uuid]
    assert Client(HTTP_HOST=jia.host).get(f"/complaints/case/files/{own.uuid}").status_code == 302
    assert stranger.get(f"/complaints/case/files/{foreign.uuid}").status_code == 404


def test_the_enterprises_log_knows_nothing_of_a_complainants_files(db, jia, settings, tmp_path):
    settings.STORAGES = {**settings.STORAGES, "default": _storage(tmp_path.as_uri())}
    with enterprise_scope(jia):
        browser = plans.learner_browser(jia, plans.learner(1, "学员甲"))
    row, at = filed(browser), clock.now()
    with enterprise_scope(jia):
        sent = services.begin(
            owner_id=-row.pk, provider_schema=jia.schema_name, purpose="complaint", file_name="截图.png", size=4, at=at
        )
        services.accept_part(upload=sent.uuid, number=1, body=io.BytesIO(b"1234"), declared=4, at=at)
        services.complete(upload=sent.uuid, at=at)
    own = upload_of(row, jia.schema_name)
    with platform_scope():
        default_storage.save(name_of(own), ContentFile(b"1234"))
    assert browser.post("/complaints/case/files", {"upload": str(own.uuid)}).status_code == 200
    answer = browser.get(f"/complaints/case/files/{own.uuid}")
    assert b"".join(answer.streaming_content) == b"1234"
    with enterprise_scope(jia):
        assert not AuditEvent.objects.filter(action__startswith="file.").exists()
    with platform_scope():
        # From then on: other tests leave rows in a log that only grows.
        rows = AuditEvent.objects.filter(action__startswith="file.", at__gte=at)
        told = rows.order_by("at").values_list("action", "actor", "schema_name")
        assert list(told) == [("file.received", "filer", "public"), ("file.sent", "filer", "public")]


@pytest.mark.req("R6.1.5")
def test_every_site_shows_how_to_complain_the_times_and_the_figures(stranger, jia, yi):
    with platform_scope():
        for _n in range(2):
            file(at=clock.now(), schema_name=jia.schema_name)
        file(at=clock.now(), schema_name=yi.schema_name)
    for browser in (stranger, Client(HTTP_HOST=yi.host), Client(HTTP_HOST=HOST)):
        answer = browser.get("/supervision")
        page = answer.content.decode()
        assert answer.context["totals"].filed == 3, "figures of its own would tell an enterprise that somebody complained"
        for text in ("/complaints/new", "/complaints/track", "12350", "3 个工作日内", "2 小时内", "赣应急字〔2024〕24号"):
            assert text in page, text


@pytest.mark.req("R6.1.5")
def test_every_page_of_an_enterprise_leads_there(stranger):
    assert 'href="/supervision"' in stranger.get("/sign-in").content.decode()


def test_all_that_is_wrong_is_said_at_once(stranger):
    page = stranger.post("/complaints/new", {**FORM, "text": "短", "mobile": "123"})
    html = page.content.decode()
    assert page.status_code == 422
    assert "至少 10 个字" in html
    assert "请输入 11 位手机号码" in html


def test_words_for_a_case_that_has_gone_on_meanwhile_come_back_with_the_reason(stranger):
    uuid = filed(stranger).uuid
    with platform_scope():
        handling.accept(complaint=uuid, reply="已受理，正在核对。", category="GENERAL", desk=desk(at=clock.now()))
        deciding.decide(complaint=uuid, outcome="ANSWERED", reason=REASON, desk=desk(at=clock.now()))
    late = stranger.post("/complaints/case/do/reply", {"text": "我还想补充一段很长的话。"})
    html = late.content.decode()
    assert late.status_code == 409
    assert "我还想补充一段很长的话。" in html
    assert "可能刚刚有人处理过" in html
    assert REASON in html
    assert "REPLIED" not in kinds(uuid)


def test_whoever_has_just_filed_is_led_to_the_files(stranger):
    filed(stranger)
    html = stranger.get("/complaints/case").content.decode()
    assert 'href="#files"' in html
    assert 'id="files"' in html
    assert "multiple" in html
