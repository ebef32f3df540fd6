"""The shared banks on the desk: writing every kind, what each role may do, importing, the way to publication."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from public.questions import api as questions
from public.questions.models import ImportJob, Question, QuestionVersion, Recheck
from public.review import api as review
from public.review import checklists
from public.review.models import QuestionBatch
from tests.conftest import NOON
from tests.public.desk import inside, operator
from tests.public.questions.ground import content
from tests.public.review.ground import House, house

pytestmark = pytest.mark.req("R2.8")
BASE = {
    "stem": "动火作业前应当先（　）。", "explanation": "要先审批。", "basis": "安全生产法第四十三条", "topic": "动火作业",
    "points": "审批、监护", "difficulty": "2",
}  # fmt: skip
TYPED: dict[str, tuple[dict[str, Any], Any]] = {
    "single": ({"option-0": "关灯", "option-2": "办作业票", "right": "2"}, ["B"]),
    "multiple": ({"option-0": "甲", "option-1": "乙", "option-4": "丙", "right": ["0", "4"]}, ["A", "C"]),
    "judge": ({"right": "B"}, ["B"]),
    "order": ({"steps": "审批\n通风\n\n检测"}, ["A", "B", "C"]),
    "blank": ({"gaps": "作业票/动火票"}, [["作业票", "动火票"]]),
    "text": ({"model": "先断电。"}, ["先断电。"]),
}


@pytest.fixture
def people(platform: None) -> House:
    return house()


@pytest.fixture
def author(people: House) -> Client:
    return inside(people.author.credential_id)


@pytest.fixture
def shelf(people: House) -> Any:
    return questions.open_bank(title="测试题库", about="", me=people.author, at=NOON)


def draft(people: House, shelf: Any, kind: str = "single", **changes: Any) -> QuestionVersion:
    return questions.add(bank=shelf.uuid, contents=[content(kind, **changes)], me=people.author, at=NOON)[0]


def publish(people: House, *rows: QuestionVersion) -> None:
    ids = [row.pk for row in rows]
    questions.submit(version_ids=ids, me=people.author, at=NOON)
    questions.publish(version_ids=ids, me=people.author, at=NOON)


def page(browser: Client, name: str, *args: Any, status: int = 200, **get: Any) -> str:
    answer = browser.get(reverse(name, args=args), get)
    assert answer.status_code == status, answer.content.decode()[-3000:]
    return str(answer.content.decode())


@pytest.mark.parametrize("kind", TYPED)
def test_every_kind_is_written_in_its_form_and_read_back_by_it(author, shelf, kind):
    typed, answer = TYPED[kind]
    done = author.post(f"{reverse('desk-question-new')}?kind={kind}", {**BASE, **typed, "bank": str(shelf.uuid)})
    assert done.status_code == 302, done.content.decode()[-3000:]
    row = QuestionVersion.objects.get()
    assert (row.kind, row.content["answer"], row.points) == (kind, answer, ["审批", "监护"])
    assert questions.complaints(row) == []
    edit = reverse("desk-question-edit", args=[row.question.uuid])
    shown = author.get(edit).context["form"]
    again = {name: shown[name].value() for name in shown.fields if shown[name].value() not in (None, "")}
    assert author.post(edit, again).status_code == 302
    row.refresh_from_db()
    assert row.content["answer"] == answer
    assert row.content["stem"] in page(author, "desk-question", row.question.uuid)


def test_a_case_is_written_part_by_part(author, shelf):
    done = author.post(f"{reverse('desk-question-new')}?kind=case", {**BASE, "bank": str(shelf.uuid)})
    row = QuestionVersion.objects.get()
    assert done.url == reverse("desk-question-edit", args=[row.question.uuid])
    assert "小题" in page(author, "desk-question", row.question.uuid)
    for no, kind in enumerate(("judge", "text"), 1):
        url = reverse("desk-question-part", args=[row.question.uuid, no])
        part = {key: BASE[key] for key in ("stem", "explanation", "basis")}
        assert author.post(f"{url}?kind={kind}", {**part, **TYPED[kind][0]}).status_code == 302
    row.refresh_from_db()
    assert [part["kind"] for part in row.content["parts"]] == ["judge", "text"]
    assert questions.complaints(row) == []
    assert author.get(reverse("desk-question-part", args=[row.question.uuid, 4])).status_code == 404
    assert author.post(reverse("desk-question-part-drop", args=[row.question.uuid, 1])).status_code == 302
    author.post(reverse("desk-question-edit", args=[row.question.uuid]), {**BASE, "stem": "另一个案例"})
    row.refresh_from_db()
    assert ([part["kind"] for part in row.content["parts"]], row.content["stem"]) == (["text"], "另一个案例")


def test_what_is_missing_is_said_beside_the_field_and_nothing_is_written(author, shelf):
    answer = author.post(f"{reverse('desk-question-new')}?kind=single", {**BASE, "topic": "", "bank": str(shelf.uuid)})
    assert answer.status_code == 422
    assert not Question.objects.exists()
    assert author.get(f"{reverse('desk-question-new')}?kind=riddle").status_code == 404


def test_the_whole_way_from_draft_to_papers_by_pages(author, people, shelf):
    rows = [draft(people, shelf, kind) for kind in ("single", "order")]
    assert "2" in page(author, "desk-question-hand-in")
    done = author.post(reverse("desk-question-hand-in"), {"ids": [row.pk for row in rows], "title": "第一批试题"})
    assert done.status_code == 302
    batch = QuestionBatch.objects.get()
    for angle, me in zip(review.ANGLES, people.reviewers, strict=True):
        browser = inside(me.credential_id)
        assert "第一批试题" in page(browser, "desk-question-batches", state="IN_REVIEW")
        url = reverse("desk-question-judge", args=[batch.uuid, angle])
        assert url in page(browser, "desk-question-batch", batch.uuid)
        assert rows[0].content["stem"] in browser.get(url).content.decode()
        assert browser.post(url, {"verdict": "PASS"}).status_code == 422
        answers = {f"check-{key}": value for key, value in review.every_check(checklists.for_questions(angle)).items()}
        assert browser.post(url, {**answers, "verdict": "PASS"}).status_code == 302
    operations = inside(people.operations.credential_id)
    assert "发布试题" in page(operations, "desk-question-batch", batch.uuid)
    assert operations.post(reverse("desk-question-batch-publish", args=[batch.uuid])).status_code == 302
    assert {entry.kind for entry in questions.pool()} == {"single", "order"}
    assert "签名有效" in page(operations, "desk-question-batch", batch.uuid)


def test_a_returned_question_shows_what_was_said_of_it(author, people, shelf):
    row = draft(people, shelf)
    batch = review.submit_questions(title="第一批试题", version_ids=[row.pk], me=people.author, at=NOON)
    browser = inside(people.reviewers[0].credential_id)
    url = reverse("desk-question-judge", args=[batch.uuid, "FIT"])
    answers = {f"check-{key}": value for key, value in review.every_check(checklists.for_questions("FIT")).items()}
    refused = browser.post(url, {**answers, "verdict": "RETURN"})
    assert refused.status_code == 422
    done = browser.post(url, {**answers, "verdict": "RETURN", f"remark-{row.question.code}": "选项一眼可辨"})
    assert done.status_code == 302
    assert "选项一眼可辨" in page(author, "desk-question", row.question.uuid)
    assert "退回的试题" in page(author, "desk")


def test_what_cannot_be_handed_in_is_named_by_code(author, people, shelf):
    good, bad = draft(people, shelf), draft(people, shelf, "judge", basis="")
    answer = author.post(reverse("desk-question-hand-in"), {"ids": [good.pk, bad.pk], "title": "第一批试题"})
    assert answer.status_code == 422
    assert bad.question.code in answer.context["refused"]
    assert not QuestionBatch.objects.exists()


def test_each_role_does_its_own_part_only(people, shelf, author):
    row, mine = draft(people, shelf), draft(people, shelf, "judge")
    publish(people, row)
    other, key = inside(operator("AUTHOR", login="author2")), row.question.uuid
    reviewer, operations = inside(people.reviewers[0].credential_id), inside(people.operations.credential_id)
    for browser in (author, other, reviewer, operations):
        assert row.question.code in page(browser, "desk-questions")
        page(browser, "desk-question", key)
        page(browser, "desk-question-twins")
    for browser in (reviewer, operations):
        for name in ("desk-question-new", "desk-question-banks", "desk-question-import", "desk-question-hand-in"):
            page(browser, name, status=403)
    assert other.get(reverse("desk-question-edit", args=[mine.question.uuid])).status_code == 403
    assert other.post(reverse("desk-question-discard", args=[mine.question.uuid])).status_code == 403
    assert author.post(reverse("desk-question-retire", args=[key]), {"reason": "标准已废止"}).status_code == 403
    assert reviewer.post(reverse("desk-question-retire", args=[key]), {"reason": "标准已废止"}).status_code == 403
    assert len(questions.pool()) == 1
    assert operations.post(reverse("desk-question-retire", args=[key]), {"reason": "标准已废止"}).status_code == 302
    assert questions.pool() == []
    assert Client(HTTP_HOST="anxue.localhost:8000").get(reverse("desk-questions")).status_code == 302


def test_a_published_question_is_revised_and_the_new_draft_thrown_away(author, people, shelf):
    row = draft(people, shelf)
    publish(people, row)
    key = row.question.uuid
    assert author.post(reverse("desk-question-revise", args=[key]), {"reason": ""}).status_code == 422
    assert author.post(reverse("desk-question-revise", args=[key]), {"reason": "条款号变了"}).url == reverse(
        "desk-question-edit", args=[key]
    )
    assert "以前的版本" in page(author, "desk-question", key)
    assert author.post(reverse("desk-question-discard", args=[key])).status_code == 302
    assert [one.number for one in QuestionVersion.objects.filter(question__uuid=key)] == [1]


def test_a_change_of_law_is_seen_and_answered_on_the_page(people, shelf):
    row = draft(people, shelf)
    batch = review.submit_questions(title="第一批试题", version_ids=[row.pk], me=people.author, at=NOON)
    questions.publish(version_ids=[row.pk], me=people.operations, at=NOON)
    operations, reviewer = inside(people.operations.credential_id), inside(people.reviewers[0].credential_id)
    from public.review.models import LawArticle

    article = LawArticle.objects.get(law="安全生产法", article="43")
    assert "1 道试题" in page(operations, "desk-law", article.pk)
    done = operations.post(reverse("desk-law", args=[article.pk]), {"changed_on": "2027-01-01", "note": "条文修改了"})
    assert done.status_code == 302
    assert "法规变化" in page(reviewer, "desk-questions", check="1")
    url = reverse("desk-question-keep", args=[row.question.uuid, Recheck.objects.get().pk])
    assert reviewer.post(url, {"reason": "对"}).status_code == 422
    assert reviewer.post(url, {"reason": "逐字核对过"}).status_code == 302
    assert Recheck.objects.get().outcome == "KEPT"
    assert batch.size == 1


WORDS = """一、单选题
1. 安全生产工作应当坚持的方针是（ C ）。
A. 效益优先
B. 群防群治
C. 安全第一、预防为主、综合治理
D. 科学救援
解析：第三条规定。
依据：《中华人民共和国安全生产法》第三条
二、判断题
2. 进入有限空间前可以不检测。
答案：错
解析：必须先检测。
依据：《工贸企业有限空间作业安全规定》第十三条
3. 这道题忘了写答案。
"""


def test_pasted_text_is_looked_at_and_then_written_as_drafts(author, people, shelf):
    done = author.post(reverse("desk-question-import"), {"text": WORDS, "topic": "安全生产法", "bank": str(shelf.uuid)})
    assert done.status_code == 302, done.content.decode()[-3000:]
    shown = author.get(done.url)
    assert (shown.context["right"], len(shown.context["job"].lines)) == (2, 3)
    assert not Question.objects.exists()
    write = reverse("desk-question-import-write", args=[shown.context["job"].uuid])
    assert inside(operator("AUTHOR", login="author2")).post(write).status_code == 404
    for _twice in range(2):
        assert author.post(write).status_code == 302
    assert QuestionVersion.objects.count() == 2
    assert all(not questions.complaints(row) for row in QuestionVersion.objects.all())
    again = author.post(reverse("desk-question-import"), {"text": WORDS, "topic": "安全生产法", "bank": str(shelf.uuid)})
    assert author.get(again.url).context["twins"] == 2


def test_a_file_that_is_none_is_refused_in_words(author, shelf):
    file = SimpleUploadedFile("a.xlsx", b"\x00\x01\x02" * 50)
    answer = author.post(reverse("desk-question-import"), {"file": file, "topic": "用电", "bank": str(shelf.uuid)})
    assert answer.status_code == 422
    assert not ImportJob.objects.exists()
    assert author.post(reverse("desk-question-import"), {"topic": "用电"}).status_code == 422


def test_what_is_exported_is_no_formula_and_can_be_imported_again(author, people, shelf):
    draft(people, shelf, stem="=HYPERLINK(1)（　）。")
    draft(people, shelf, "case")
    answer = author.get(reverse("desk-questions-export"))
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert any("'=HYPERLINK(1)（　）。" in row for row in rows)
    kept = {row.fingerprint for row in QuestionVersion.objects.all()}
    QuestionVersion.objects.all().delete()
    file = SimpleUploadedFile("a.xlsx", answer.content)
    done = author.post(reverse("desk-question-import"), {"file": file, "topic": "用电", "bank": str(shelf.uuid)})
    author.post(f"{done.url}/write")
    assert {row.fingerprint for row in QuestionVersion.objects.all()} == kept


def test_the_list_takes_the_same_number_of_queries_however_long_it_is(author, people, shelf):
    counts = []
    for n in (1, 12):
        questions.add(
            bank=shelf.uuid, contents=[content(stem=f"第 {n}-{i} 题（　）。") for i in range(n)], me=people.author, at=NOON
        )
        with CaptureQueriesContext(
            connection,
        ) as seen:
            page(author, "desk-questions")
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 16


def test_an_enterprise_has_no_such_page(jia, people):
    from django.urls import NoReverseMatch

    with pytest.raises(NoReverseMatch):
        reverse("desk-questions", urlconf="infra.wiring.urls.enterprise")
    assert Client(HTTP_HOST=jia.host).get("/desk/questions").status_code == 404
