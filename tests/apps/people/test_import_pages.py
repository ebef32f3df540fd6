"""The pages of an import: upload, progress, outcome, refusals in words, and nothing for the neighbour."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from apps.people.models import ImportJob
from apps.people.roster import importing, workbook
from tenants.scope import enterprise_scope

from .conftest import NOON
from .rosters import A, B, xlsx


def upload(client, data, name="名单.xlsx"):
    return client.post("/console/people/import", {"file": SimpleUploadedFile(name, data)})


@pytest.mark.req("R2.9")
def test_a_manager_uploads_watches_and_sees_the_outcome(manager, jia):
    answer = upload(manager, xlsx([A, B]))
    assert answer.status_code == 302
    waiting = manager.get(answer.url).content.decode()
    assert 'hx-trigger="every 1s"' in waiting
    assert "离开这一页也会继续" in waiting
    with enterprise_scope(jia):
        job = importing.run(ImportJob.objects.get().uuid, at=NOON)
    ready = manager.get(f"{answer.url}?watch=1")
    assert ready["HX-Redirect"] == answer.url, "the page that watched goes to what is to be seen now"
    shown = manager.get(answer.url).content.decode()
    assert "将新增 1 人，更新 1 人" in shown
    assert "生产部/一车间" in shown
    assert A[1] not in shown, "numbers of right rows are masked"
    assert manager.post(f"{answer.url}/commit", {"what": "whole"}).status_code == 302
    with enterprise_scope(jia):
        importing._reporter(job, "write", 2)(1)
        assert "已写入 1 / 2 人" in manager.get(answer.url).content.decode()
        assert "正在导入一份名单" in manager.get("/console/people").content.decode()
        importing.run(job.uuid, at=NOON)
    done = manager.get(answer.url).content.decode()
    assert "every 1s" not in done
    assert "新增 1 人，更新 1 人" in done
    assert "名单.xlsx" in manager.get("/console/people/import").content.decode()


def test_a_list_with_errors_is_explained_page_by_page_and_as_a_sheet(manager, jia):
    rows = [(f"学员{'甲乙丙丁戊己庚辛壬癸'[n % 10]}", "1", "2") for n in range(60)]
    url = upload(manager, xlsx(rows)).url
    with enterprise_scope(jia):
        importing.run(ImportJob.objects.get().uuid, at=NOON)
    first = manager.get(url).content.decode()
    assert "还有 60 行有错" in first
    assert "身份证号不是 18 位" in first
    assert "第 1 / 3 页" in first
    assert "第 3 / 3 页" in manager.get(url, {"page": 3}).content.decode()
    sheet = manager.get(f"{url}/annotated")
    assert "filename*=utf-8''" in sheet["Content-Disposition"]
    assert "身份证号不是 18 位" in dict(workbook.rows(sheet.content))[2][0]


@pytest.mark.parametrize(
    ("data", "words"),
    [(b"", "文件是空的"), (b"%PDF-1.7", "不是 Excel"), (b"\xd0\xcf\x11\xe0" + b"0" * 600, "密码"), (b"PK\x03\x04", "已损坏"),
     (b"0" * (10 * 1024 * 1024 + 1), "超过 10 MB")],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_refused_in_words(manager, jia, data, words):
    answer = upload(manager, data)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    with enterprise_scope(jia):
        assert not ImportJob.objects.exists()


def test_an_upload_without_a_file_is_refused_in_words(manager):
    answer = manager.post("/console/people/import", {})
    assert answer.status_code == 422
    assert "请选择填好的名单" in answer.content.decode()


def test_a_file_name_does_no_harm(manager, jia):
    url = upload(manager, xlsx([A]), name="..\\..\\<script>alert(1)</script>.xlsx").url
    assert "<script>alert" not in manager.get(url).content.decode()
    with enterprise_scope(jia):
        assert "/" not in ImportJob.objects.get().file_name


def test_gives_the_template(manager):
    answer = manager.get("/console/people/import/template")
    assert answer["Content-Type"].endswith("spreadsheetml.sheet")
    assert next(workbook.rows(answer.content))[1][0] == "姓名"


@pytest.mark.req("R5.7")
def test_the_neighbour_sees_no_import(manager, neighbour, jia):
    url = upload(manager, xlsx([["学员甲", "1", "2"]])).url
    with enterprise_scope(jia):
        importing.run(ImportJob.objects.get().uuid, at=NOON)
    assert "名单.xlsx" not in neighbour.get("/console/people/import").content.decode()
    assert neighbour.get(url).status_code == 404
    assert neighbour.get(f"{url}/annotated").status_code == 404
    assert neighbour.get(f"{url}/columns").status_code == 404
    for act in ("cancel", "commit", "columns", "rows/2"):
        assert neighbour.post(f"{url}/{act}", {"do": "drop", "what": "right", "row": "1"}).status_code == 404
    with enterprise_scope(jia):
        assert ImportJob.objects.get().state == "READY"
