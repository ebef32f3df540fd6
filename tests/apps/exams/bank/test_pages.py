"""Pages of own banks: what a manager sees and does, and what the neighbour does not."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from apps.exams.bank import editing, importing, queries, writing
from apps.exams.bank.models import Bank, BankImport, Question
from apps.people.models import Manager
from public.questions import reading
from public.uploads.models import Upload
from tenants.scope import platform_scope
from tests.conftest import NOON
from tests.public.uploads.ground import png, uploaded

from .conftest import SAMPLES, choice


def shown(answer):
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


@pytest.fixture
def seven(bank, by):
    return [writing.add(bank=bank.uuid, content=content, by=by, at=NOON) for content in SAMPLES]


@pytest.mark.req("R2.8")
def test_a_bank_is_opened_named_and_archived(manager):
    answer = manager.post("/console/banks/new", {"title": "消防题库", "topic": "消防", "about": ""})
    row = Bank.objects.get(title="消防题库")
    assert answer.url == f"/console/banks/{row.uuid}"
    assert "题库里还没有题" in shown(manager.get(answer.url))
    again = manager.post("/console/banks/new", {"title": "消防题库", "topic": "消防"})
    assert again.status_code == 422
    assert "已有同名的题库" in again.content.decode()
    manager.post(f"{answer.url}/archive")
    assert "消防题库" not in shown(manager.get("/console/banks"))
    assert "消防题库" in shown(manager.get("/console/banks?state=archived"))
    manager.post(f"{answer.url}/archive", {"do": "restore"})
    assert "消防题库" in shown(manager.get("/console/banks"))


@pytest.mark.req("R2.8")
@pytest.mark.parametrize("content", SAMPLES, ids=lambda content: content["kind"])
def test_every_kind_is_written_and_changed_in_its_form(manager, bank, content):
    kind = content["kind"]
    fields = filled(content)
    answer = manager.post(f"/console/banks/{bank.uuid}/add", {**fields, "do": "save"})
    assert answer.status_code == 302, answer.content.decode()
    row = Question.objects.get()
    said = queries.newest(row).content
    order = [option["text"] for option in said["options"]]
    if kind == "order":  # the form shuffles what was written in its right order
        assert [order["ABC".index(key)] for key in said["answer"]] == ["审批", "通风", "检测"]
    else:
        assert said == content
    form = shown(manager.get(f"/console/banks/questions/{row.uuid}/change"))
    assert 'name="seen" value="1"' in form
    changed = manager.post(
        f"/console/banks/questions/{row.uuid}/change", {**fields, "seen": "1", "difficulty": "5", "do": "save"}
    )
    assert changed.status_code == 302, changed.content.decode()
    page = shown(manager.get(changed.url))
    assert "第 2 版" in page
    assert "这是第 1 版" in shown(manager.get(f"{changed.url}?version=1"))


def filled(content, prefix=""):
    """Return what a browser sends of a question's form."""
    part = {f"{prefix}{name}": content[name] for name in ("kind", "stem", "explanation", "basis")}
    kind, answer = content["kind"], content["answer"]
    texts = {option["key"]: option["text"] for option in content["options"]}
    if kind in {"single", "multiple"}:
        part |= {f"{prefix}option-{key}": text for key, text in texts.items()} | {f"{prefix}right": answer}
    elif kind == "judge":
        part[f"{prefix}right"] = answer
    elif kind == "blank":
        part[f"{prefix}gaps"] = "\r\n".join("|".join(gap) for gap in answer)
    elif kind == "order":
        part[f"{prefix}order"] = "\n".join(texts[key] for key in answer)
    elif kind == "text":
        part[f"{prefix}model"] = answer[0]
    elif kind == "case":
        part["parts"] = len(content["parts"])
        for no, one in enumerate(content["parts"]):
            part |= filled(one, f"p{no}-")
    if not prefix:
        part |= {"topic": content["topic"], "points": "、".join(content["points"]), "difficulty": content["difficulty"]}
    return part


def test_a_form_keeps_what_was_typed_and_says_what_is_wrong(manager, bank):
    answer = manager.post(
        f"/console/banks/{bank.uuid}/add",
        {"kind": "single", "stem": "甲在哪里？", "option-A": "这里", "topic": "甲", "difficulty": "3"},
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "单选题应有 2 到 10 个选项。" in page
    assert "甲在哪里？" in page
    assert "这里" in page
    assert Question.objects.count() == 0


def test_parts_of_a_case_are_added_and_taken_out_without_saving(manager, bank):
    fields = filled(SAMPLES[6])
    more = manager.post(f"/console/banks/{bank.uuid}/add", {**fields, "do": "add-blank"})
    assert "第 3 小题" in shown(more)
    less = manager.post(f"/console/banks/{bank.uuid}/add", {**fields, "do": "drop-0"})
    assert "第 2 小题" not in shown(less)
    assert "轻伤事故可以不报告。" in less.content.decode()
    assert Question.objects.count() == 0
    assert editing.reshaped(QueryDict("do=drop-²"), {"parts": []}) is None


@pytest.mark.req("R2.8")
def test_a_file_is_uploaded_mended_and_committed(manager, bank):
    text = "1. 甲？\nA. 一 B. 二\n答案：A\n2. 乙？\nA. 一 B. 二\n"
    url = f"/console/banks/{bank.uuid}/import"
    answer = manager.post(url, {"file": SimpleUploadedFile("题.txt", text.encode())})
    assert answer.status_code == 302
    page = shown(manager.get(answer.url))
    assert "还有 1 题有错" in page
    assert "第 4 行" in page
    assert "没有找到答案" in page
    refused = manager.post(f"{answer.url}/commit", {"what": "whole"})
    assert refused.status_code == 409
    assert Question.objects.count() == 0
    form = shown(manager.get(f"{answer.url}/2"))
    assert "乙？" in form
    line = importing.line_of(BankImport.objects.get(), 2)
    mended = manager.post(f"{answer.url}/2", {**filled({**line.content, "answer": ["B"]}), "do": "save"})
    assert mended.url == answer.url
    assert "全部正确" in shown(manager.get(answer.url))
    done = manager.post(f"{answer.url}/commit", {"what": "whole"})
    assert done.url == f"/console/banks/{bank.uuid}"
    assert "新增 2 题" in shown(manager.get(done.url))
    assert "已导入" in shown(manager.get(answer.url))


def test_pasted_text_and_refusals_in_words(manager, bank):
    url = f"/console/banks/{bank.uuid}/import"
    assert "请选择文件" in manager.post(url).content.decode()
    pasted = manager.post(url, {"text": "只是一段话"})
    assert pasted.status_code == 422
    assert "没有找到试题" in pasted.content.decode()
    assert "只是一段话" in pasted.content.decode()
    assert BankImport.objects.count() == 0
    kept = manager.post(url, {"text": "1. 甲。（√）\n"})
    assert manager.post(f"{kept.url}/give-up").url == url
    assert Question.objects.count() == 0


@pytest.mark.req("R2.8")
@pytest.mark.parametrize("form", ["xlsx", "docx"])
def test_lists_and_templates_are_given_as_files_that_read_back(manager, bank, seven, form):
    for url in (f"/console/banks/{bank.uuid}?export={form}&sort=code", f"/console/banks/template.{form}"):
        answer = manager.get(url)
        assert "attachment" in answer["Content-Disposition"]
        assert [draft.content for draft in reading.read(answer.content).drafts] == SAMPLES


def test_the_list_asks_the_database_as_often_for_many_as_for_few(manager, bank, by):
    def queries_of(url):
        with CaptureQueriesContext(connection) as seen:
            shown(manager.get(url))
        return len(seen)

    urls = [f"/console/banks/{bank.uuid}", "/console/banks/questions", "/console/banks", "/console/banks/duplicates"]
    writing.add(bank=bank.uuid, content=choice("甲？"), by=by, at=NOON)
    writing.add(bank=bank.uuid, content=choice("甲？"), by=by, at=NOON)
    manager.get(urls[0])
    few = [queries_of(url) for url in urls]
    for n in range(12):
        writing.add(bank=bank.uuid, content=choice(f"第{n // 2}问？", points=[f"点{n}"]), by=by, at=NOON)
    assert [queries_of(url) for url in urls] == few


def test_ticked_questions_are_archived_and_moved(manager, bank, by, seven):
    ids = [str(row.uuid) for row in seven[:2]]
    answer = manager.post(
        "/console/banks/questions/act", {"ids": ids, "do": "archive", "home": str(bank.uuid), "back": "kind=single&evil=1"}
    )
    assert answer.url == f"/console/banks/{bank.uuid}?kind=single"
    assert len(queries.pool()) == 5
    manager.post("/console/banks/questions/act", {"ids": ids, "do": "restore"})
    other = writing.open_bank(title="另一个", topic="消防", about="", by=by, at=NOON)
    manager.post("/console/banks/questions/act", {"ids": ids, "do": "move", "to_bank": str(other.uuid)})
    assert other.questions.count() == 2
    assert manager.post("/console/banks/questions/act", {"ids": ["x"], "do": "archive"}).status_code == 404


def test_filters_duplicates_and_laws_show_what_they_say(manager, bank, by, seven):
    writing.add(bank=bank.uuid, content={**SAMPLES[2], "difficulty": 1}, by=by, at=NOON)
    page = shown(manager.get("/console/banks/questions?kind=judge"))
    assert "共 2 道题" in page
    twins = shown(manager.get("/console/banks/duplicates"))
    assert twins.count("从业人员发现事故隐患") == 1
    assert len(re.findall(r'name="ids" value="[0-9a-f-]+"', twins)) == 2
    laws = shown(manager.get("/console/banks/laws"))
    assert "安全生产法" in laws
    assert "共 1 道题" in shown(manager.get("/console/banks/questions?law=安全生产法&article=54"))
    assert "没有符合条件的题" in shown(manager.get("/console/banks/questions?q=没有这样的"))


def test_the_neighbour_sees_nothing(manager, neighbour, bank, by, seven):
    job = importing.receive(bank=bank.uuid, file_name="题.txt", text="1. 甲？\nA. 一 B. 二\n", by=by, at=NOON)
    key = seven[0].uuid
    for url in (f"/{bank.uuid}", f"/{bank.uuid}/change", f"/{bank.uuid}/add", f"/{bank.uuid}/import", f"/questions/{key}",
                f"/questions/{key}/change", f"/imports/{job.uuid}", f"/imports/{job.uuid}/1"):  # fmt: skip
        assert manager.get(f"/console/banks{url}").status_code == 200, url
        assert neighbour.get(f"/console/banks{url}").status_code == 404, url
    for url in ("", "/questions", "/duplicates", "/laws", "?state=archived"):
        page = shown(neighbour.get(f"/console/banks{url}"))
        assert "车间题库" not in page
        assert seven[0].code not in page
    neighbour.post("/console/banks/questions/act", {"ids": [str(key)], "do": "archive"})
    assert neighbour.post(f"/console/banks/imports/{job.uuid}/commit", {"what": "right"}).status_code == 404
    assert len(queries.pool()) == 7


def test_a_picture_goes_into_the_stem_and_former_versions_do_without(manager, neighbour, bank, by, in_jia):
    row = writing.add(bank=bank.uuid, content=choice("见图（　）？"), by=by, at=NOON)
    url = f"/console/banks/questions/{row.uuid}"
    owner = Manager.objects.get().credential_id
    with platform_scope():
        found = uploaded(png(2000, 40), purpose="question", name="图.png", owner=owner)
        Upload.objects.filter(uuid=found.uuid).update(provider_schema=in_jia.schema_name)
    manager.post(f"{url}/media", {"upload": str(found.uuid), "alt": ""})
    assert queries.newest(row).content["media"] == []
    manager.post(f"{url}/media", {"upload": str(found.uuid), "alt": "三号阀门"})
    (one,) = queries.newest(queries.question(row.uuid)).content["media"]
    assert (one["kind"], one["alt"]) == ("picture", "三号阀门")
    assert f"/console/banks/media/{one['key']}" in shown(manager.get(url))
    assert manager.get(f"/console/banks/media/{one['key']}")["Content-Type"] == "image/webp"
    assert neighbour.get(f"/console/banks/media/{one['key']}").status_code == 404
    edited = manager.post(f"{url}/change", {**filled(choice("见图（　）？", difficulty=5)), "seen": "2", "do": "save"})
    assert edited.status_code == 302
    assert queries.newest(queries.question(row.uuid)).content["media"] == [one], "editing words keeps the picture"
    manager.post(f"{url}/media/1/drop")
    assert queries.newest(queries.question(row.uuid)).content["media"] == []
    assert row.versions.get(number=2).content["media"] == [one]
