"""Own questions: written, changed into new versions, archived, drawn; nothing is lost."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction

from apps.exams.bank import finding, queries, writing
from apps.exams.bank.models import Bank, Question, QuestionVersion
from infra.kit.errors import DomainError
from public.questions import api as questions
from tenants.scope import enterprise_scope
from tests.conftest import NOON

from .conftest import SAMPLES, choice

LATER = NOON + timedelta(hours=1)


def refused(act, **kwargs):
    with pytest.raises(DomainError) as caught:
        act(**kwargs)
    return caught.value.code


def add(bank, by, content=None):
    return writing.add(bank=bank.uuid, content=content or choice("甲（　）？"), by=by, at=NOON)


def change(row, by, content, seen=1):
    return writing.change(uuid=row.uuid, content=content, seen=seen, note="改正", by=by, at=LATER)


@pytest.mark.req("R2.8")
@pytest.mark.parametrize("content", SAMPLES, ids=lambda content: content["kind"])
def test_every_kind_is_kept_as_it_was_written_and_can_be_drawn(bank, by, content):
    row = add(bank, by, content)
    (entry,) = queries.pool(["安全生产法"])
    assert (entry.kind, entry.difficulty, entry.points) == (content["kind"], content["difficulty"], tuple(content["points"]))
    assert entry.items == (2 if content["kind"] == "case" else 1)
    item = queries.items([entry.ref])[entry.ref]
    assert (item["bank"], item["question"], item["version"], item["code"]) == ("own", str(row.uuid), 1, row.code)
    assert {name: item[name] for name in content} == content
    assert len(questions.lay_out([item], seed=1)) == entry.items


@pytest.mark.req("R2.8")
def test_a_change_is_a_new_version_and_papers_keep_the_former_one(bank, by):
    row = add(bank, by)
    old = queries.pool()[0].ref
    changed = change(row, by, choice("乙（　）？", right="B", difficulty=5))
    assert (changed.version, changed.stem, changed.difficulty, changed.changed_at) == (2, "乙（　）？", 5, LATER)
    new = queries.pool()[0].ref
    found = queries.items([old, new])
    assert [(found[ref]["stem"], found[ref]["answer"]) for ref in (old, new)] == [("甲（　）？", ["A"]), ("乙（　）？", ["B"])]
    assert list(row.versions.order_by("number").values_list("number", "note")) == [(1, ""), (2, "改正")]


def test_saying_the_same_again_makes_no_version(bank, by):
    row = add(bank, by)
    assert change(row, by, {**choice("甲（　）？"), "stem": "  甲（　）？ "}).version == 1
    assert QuestionVersion.objects.count() == 1


def test_two_at_once_do_not_overwrite_each_other(bank, by):
    row = add(bank, by)
    change(row, by, choice("乙？"))
    assert refused(change, row=row, by=by, content=choice("丙？"), seen=1) == "changed_meanwhile"
    assert (QuestionVersion.objects.count(), queries.question(row.uuid).stem) == (2, "乙？")


@pytest.mark.req("R2.8")
def test_the_database_refuses_to_change_a_version(bank, by):
    add(bank, by)
    for act in (lambda: QuestionVersion.objects.update(note="x"), lambda: QuestionVersion.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    assert QuestionVersion.objects.get().note == ""


def test_what_is_no_question_is_refused_with_all_complaints(bank, by):
    with pytest.raises(DomainError) as caught:
        add(bank, by, choice("甲？", answer=["A", "B"], difficulty=9))
    assert caught.value.code == "question_unfit"
    assert len(caught.value.details["complaints"]) == 2
    assert Question.objects.count() == 0


@pytest.mark.req("R2.8")
def test_archived_questions_and_banks_are_drawn_no_more_but_old_papers_keep_them(bank, by):
    row = add(bank, by)
    ref = queries.pool()[0].ref
    assert writing.archive(uuids=[row.uuid], at=LATER) == 1
    assert queries.pool() == []
    assert ref in queries.items([ref])
    writing.restore(uuids=[row.uuid])
    writing.archive_bank(uuid=bank.uuid, at=LATER)
    assert queries.pool() == []
    assert refused(writing.add, bank=bank.uuid, content=choice("丁？"), by=by, at=LATER) == "bank_archived"
    assert refused(change, row=row, by=by, content=choice("丁？")) == "bank_archived"
    writing.restore_bank(uuid=bank.uuid)
    assert [entry.ref for entry in queries.pool()] == [ref]


def test_names_of_banks_are_unique_among_those_in_use(bank, by):
    again = {"title": " 车间题库 ", "topic": "甲", "about": "", "by": by, "at": NOON}
    assert refused(writing.open_bank, **again) == "bank_title_twice"
    writing.archive_bank(uuid=bank.uuid, at=LATER)
    assert writing.open_bank(**again).title == "车间题库"
    assert refused(writing.restore_bank, uuid=bank.uuid) == "bank_title_twice"
    assert Bank.objects.get(pk=bank.pk).archived_at == LATER


def test_moving_takes_questions_into_another_bank(bank, by):
    row = add(bank, by)
    other = writing.open_bank(title="另一个", topic="消防", about="", by=by, at=NOON)
    assert writing.move(uuids=[row.uuid, uuid4()], bank=other.uuid) == 1
    assert queries.question(row.uuid).bank == other
    assert refused(writing.move, uuids=[], bank=other.uuid) == "nothing_chosen"


def test_a_code_of_ours_that_came_in_with_a_file_is_passed_over(bank, by):
    first = add(bank, by)
    ahead = [f"E{first.pk + n:05d}" for n in (2, 4)]
    with transaction.atomic():
        rows = [(ahead[0], choice("乙（　）？")), ("", choice("丙（　）？")), (ahead[1], choice("丁（　）？"))]
        made = writing.add_all(bank=bank, rows=rows, by=by, at=NOON)
    last = add(bank, by, choice("戊（　）？"))
    assert [made[0].code, made[2].code] == ahead
    codes = [first.code, *(row.code for row in made), last.code]
    assert len(set(codes)) == 5 == Question.objects.filter(code__in=codes).count()


@pytest.mark.req("R2.8")
def test_a_change_of_law_finds_the_questions_that_name_the_article(bank, by):
    law = "《中华人民共和国安全生产法》"
    wanted = [
        add(bank, by, choice("一", basis=f"{law}第二十一条")),
        add(bank, by, choice("二", basis=f"{law}（2021年修正）第十九条至第二十三条")),
        add(bank, by, choice("三", basis=f"{law}第5条；{law}第21条")),
        add(bank, by, choice("四", basis=law)),
    ]
    add(bank, by, choice("五", basis=f"{law}第二十条"))
    add(bank, by, choice("六", basis="《消防法》第二十一条"))
    for article in ("21", "第二十一条", "二十一"):
        found = finding.questions_of(finding.Wanted(law="安全生产法", article=article))
        assert {row.pk for row in found} == {row.pk for row in wanted}, article
    assert finding.questions_of(finding.Wanted(law="安全生产法")).count() == 5
    assert finding.questions_of(finding.Wanted(article="21")).count() == 4
    assert finding.laws() == [("安全生产法", 5), ("消防法", 1)]


def test_search_and_filters(bank, by):
    one = add(bank, by, choice("有限空间作业（　）？", points=["检测"], difficulty=5, topic="有限空间"))
    add(bank, by, choice("高处作业（　）？", points=["检测", "绳"], difficulty=1))
    for wanted in (
        finding.Wanted(q="有限 空间"),
        finding.Wanted(q="有限，空间作业"),
        finding.Wanted(q=one.code),
        finding.Wanted(topic="有限空间"),
        finding.Wanted(difficulty="5"),
    ):
        assert [row.pk for row in finding.questions_of(wanted)] == [one.pk], wanted
    assert finding.questions_of(finding.Wanted(point="检测", kind="single", bank=str(bank.uuid))).count() == 2
    assert finding.questions_of(finding.Wanted(bank="nothing")).count() == 0
    assert finding.questions_of(finding.Wanted(state="archived")).count() == 0
    assert finding.choices() == {"topics": ["安全生产法", "有限空间"], "points": ["检测", "绳"]}


def test_the_neighbour_draws_nothing_of_it(bank, by, yi):
    add(bank, by)
    ref = queries.pool()[0].ref
    with enterprise_scope(yi):
        assert queries.pool() == []
        assert queries.items([ref]) == {}
        assert refused(queries.bank, uuid=bank.uuid) == "not_found"
        assert refused(queries.question, uuid=ref.question) == "not_found"
