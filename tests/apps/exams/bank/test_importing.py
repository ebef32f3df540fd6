"""A file of questions between upload and commit: judged, mended, written whole or what is right of it."""

from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.exams.bank import duplicates, importing, queries, writing
from apps.exams.bank.models import BankImport, ImportLine, Question, QuestionVersion
from infra.kit.errors import DomainError
from public.questions import api as questions
from public.questions import reading
from tenants.scope import enterprise_scope, platform_scope
from tests.conftest import NOON

from .conftest import SAMPLES, choice

MIXED = "1. 甲？\nA. 一 B. 二\n答案：A\n2. 乙？\nA. 一 B. 二\n3. 甲？\nA. 二 B. 一\n答案：B\n"
"""One right, one without an answer, one that repeats the first with its options in another order."""


def receive(bank, by, text="", data=b""):
    return importing.receive(bank=bank.uuid, file_name="题.docx", by=by, at=NOON, text=text, data=data)


def counts(job):
    return {outcome: n for outcome, n in importing.counts(job).items() if n}


def refused(act, **kwargs):
    with pytest.raises(DomainError) as caught:
        act(**kwargs)
    return caught.value.code


def commit(job, by, whole=True):
    return importing.commit(job_uuid=job.uuid, whole=whole, by=by, at=NOON)


@pytest.mark.req("R2.8")
@pytest.mark.parametrize("form", ["docx", "xlsx"])
def test_every_kind_comes_in_from_a_file_and_goes_out_the_same(bank, by, form):
    data = reading.document(SAMPLES, title="题") if form == "docx" else reading.workbook(SAMPLES, title="题")
    job = receive(bank, by, data=data)
    assert counts(job) == {"NEW": 7}
    assert Question.objects.count() == 0, "nothing is in the bank before somebody has looked"
    done = commit(job, by)
    assert (done.state, done.added, done.left_out, done.lines.count()) == ("DONE", 7, 0, 0)
    items = queries.items(entry.ref for entry in queries.pool())
    assert [{name: item[name] for name in content} for item, content in zip(items.values(), SAMPLES, strict=True)] == SAMPLES


@pytest.mark.req("R2.8")
def test_all_or_nothing_and_only_what_is_right(bank, by):
    job = receive(bank, by, MIXED)
    assert counts(job) == {"NEW": 1, "WRONG": 1, "TWIN": 1}
    assert importing.line_of(job, 3).twin == {"line": 1}
    assert refused(commit, job=job, by=by) == "not_all_right"
    assert (Question.objects.count(), counts(job)) == (0, {"NEW": 1, "WRONG": 1, "TWIN": 1})
    done = commit(job, by, whole=False)
    assert (done.added, done.left_out, Question.objects.get().stem) == (1, 2, "甲？")
    assert refused(commit, job=job, by=by) == "not_waiting"
    assert Question.objects.count() == 1


@pytest.mark.req("R2.8")
def test_an_error_is_told_with_its_line_and_mended_in_the_browser(bank, by):
    job = receive(bank, by, MIXED)
    line = importing.line_of(job, 2)
    assert line.line == 4
    assert importing.complaints(line) == ["没有找到答案。请写一行“答案：”，或在题干的括号里写出答案。"]
    assert importing.mend(job_uuid=job.uuid, place=2, content={**line.content, "answer": ["A", "B"]}) != []
    assert counts(job)["WRONG"] == 1
    assert importing.mend(job_uuid=job.uuid, place=2, content={**line.content, "answer": ["B"]}) == []
    assert counts(job) == {"NEW": 2, "TWIN": 1}
    commit(job, by)
    assert {row.stem for row in Question.objects.all()} == {"甲？", "乙？"}


@pytest.mark.req("R2.8")
def test_an_eleventh_option_is_refused_in_words_until_somebody_has_mended_it(bank, by):
    options = "\n".join(f"{sign}. 第{sign}项" for sign in "ABCDEFGHIJK")
    job = receive(bank, by, f"1. 甲？\n{options}\n答案：K\n2. 乙？\nA. 一 B. 二\n答案：A\n")
    assert counts(job) == {"WRONG": 1, "NEW": 1}
    line = importing.line_of(job, 1)
    assert "这道题写了 11 个选项，一道题最多 10 个" in importing.complaints(line)[0]
    assert commit(job, by, whole=False).added == 1
    assert Question.objects.get().stem == "乙？"


def test_lines_are_taken_out_put_back_and_kept_although_they_repeat(bank, by):
    job = receive(bank, by, MIXED)
    importing.decide(job_uuid=job.uuid, place=2, dropped=True)
    assert importing.decide(job_uuid=job.uuid, place=1, dropped=True).outcome == "DROPPED"
    assert counts(job) == {"NEW": 1, "DROPPED": 2}, "the third repeats nothing any more"
    importing.decide(job_uuid=job.uuid, place=1)
    assert counts(job) == {"NEW": 1, "TWIN": 1, "DROPPED": 1}
    importing.decide(job_uuid=job.uuid, place=3, kept=True)
    assert counts(job) == {"NEW": 2, "DROPPED": 1}
    assert commit(job, by).added == 2


@pytest.mark.req("R2.8")
def test_what_the_banks_say_already_is_a_twin(bank, by):
    with platform_scope():
        questions.load_seed(at=NOON)
    shared = questions.published()[0]
    own = writing.add(bank=bank.uuid, content=choice("甲？"), by=by, at=NOON)
    data = reading.workbook(
        [choice("甲？"), {**choice("乙？"), **{n: shared[n] for n in ("kind", "stem", "options", "answer")}}], title="题"
    )
    job = receive(bank, by, data=data)
    assert counts(job) == {"TWIN": 2}
    twins = [line.twin for line in job.lines.order_by("place")]
    assert [(twin["bank"], twin["code"]) for twin in twins] == [("own", own.code), ("shared", shared["code"])]
    assert refused(commit, job=job, by=by) == "nothing_right"
    importing.decide(job_uuid=job.uuid, place=1, kept=True)
    commit(job, by)
    (group,) = duplicates.groups()
    assert ([row.stem for row in group.rows], group.shared) == (["甲？", "甲？"], None)


def test_a_shared_copy_is_found_without_reading_the_shared_banks(bank, by):
    with platform_scope():
        questions.load_seed(at=NOON)
    shared = questions.published()[0]
    with CaptureQueriesContext(connection) as asked:
        found = duplicates.shared_twin(questions.fingerprint(shared))
    assert found is not None
    assert (found.code, found.ref, found.stem) == (shared["code"], shared["question"], shared["stem"])
    assert "fingerprint" in asked[-1]["sql"].partition("WHERE")[2], "by the index, not by reading every question"
    assert duplicates.shared_twin("0" * 64) is None


@pytest.mark.req("R2.8")
def test_a_file_that_was_exported_and_changed_makes_new_versions(bank, by):
    one = writing.add(bank=bank.uuid, content=choice("甲？"), by=by, at=NOON)
    two = writing.add(bank=bank.uuid, content=choice("乙？"), by=by, at=NOON)
    items = [{**queries.item(queries.newest(row)), "difficulty": level} for row, level in ((one, 3), (two, 5))]
    job = receive(bank, by, data=reading.workbook(items, title="题"))
    assert counts(job) == {"SAME": 1, "UPDATE": 1}
    done = commit(job, by)
    assert (done.added, done.changed) == (0, 1)
    assert list(Question.objects.order_by("pk").values_list("version", "difficulty")) == [(1, 3), (2, 5)]
    assert QuestionVersion.objects.order_by("-pk")[0].note == "从“题.docx”导入"


def test_one_code_twice_in_a_file_is_wrong(bank, by):
    items = [{**choice(stem), "code": "甲-1"} for stem in ("甲？", "乙？")]
    job = receive(bank, by, data=reading.workbook(items, title="题"))
    assert counts(job) == {"NEW": 1, "WRONG": 1}
    assert "第 2 行" in importing.complaints(importing.line_of(job, 2))[0]
    commit(job, by, whole=False)
    assert Question.objects.get().code == "甲-1"


def test_a_code_of_another_bank_gets_a_new_one(bank, by):
    own = writing.add(bank=bank.uuid, content=choice("甲？"), by=by, at=NOON)
    other = writing.open_bank(title="另一个", topic="消防", about="", by=by, at=NOON)
    job = receive(other, by, data=reading.workbook([{**choice("乙？"), "code": own.code}], title="题"))
    commit(job, by)
    assert other.questions.get().code != own.code


def test_giving_up_forgets_what_was_read(bank, by):
    job = receive(bank, by, MIXED)
    importing.give_up(job_uuid=job.uuid, at=NOON)
    assert (BankImport.objects.get().state, ImportLine.objects.count(), Question.objects.count()) == ("GIVEN_UP", 0, 0)
    assert refused(importing.mend, job_uuid=job.uuid, place=1, content=choice("甲？")) == "not_waiting"


def test_a_file_that_cannot_be_read_leaves_nothing(bank, by):
    assert refused(receive, bank=bank, by=by, data=b"%PDF-1.7") == "other_kind"
    writing.archive_bank(uuid=bank.uuid, at=NOON)
    assert refused(receive, bank=bank, by=by, text=MIXED) == "bank_archived"
    assert BankImport.objects.count() == 0


def test_the_neighbour_sees_no_import(bank, by, yi):
    job = receive(bank, by, MIXED)
    with enterprise_scope(yi):
        assert refused(importing.job_of, uuid=UUID(str(job.uuid))) == "not_found"
        assert refused(commit, job=job, by=by, whole=False) == "not_found"
    assert counts(job) == {"NEW": 1, "WRONG": 1, "TWIN": 1}


def test_a_large_file_is_judged_with_few_queries(bank, by):
    items = [choice(f"第{n}问？") for n in range(300)]
    with CaptureQueriesContext(connection) as seen:
        job = receive(bank, by, data=reading.workbook(items, title="题"))
        commit(job, by)
    assert len(seen) < 60, "the number of queries does not follow the number of questions"
    assert Question.objects.count() == 300
