"""What authors do in the shared banks, and the life of a version."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError

from infra.kit.errors import DomainError
from public.questions import api as questions
from public.questions.api import bank
from public.questions.models import Citation, Question, QuestionVersion, Recheck, SharedBank
from tests.conftest import NOON
from tests.public.desk import operator
from tests.public.questions.ground import content, published
from tests.public.review.ground import refused

State = QuestionVersion.State
LAW = "安全生产法"


@pytest.fixture
def author(platform: None) -> Any:
    from public.operators.api import Me

    return Me(operator("AUTHOR"), "课程作者甲", "AUTHOR")


@pytest.fixture
def other(author: Any) -> Any:
    from public.operators.api import Me

    return Me(operator("AUTHOR", login="author2"), "课程作者甲", "AUTHOR")


@pytest.fixture
def shelf(author: Any) -> SharedBank:
    return questions.open_bank(title="测试题库", about="", me=author, at=NOON)


def draft(author: Any, shelf: SharedBank, kind: str = "single", **changes: Any) -> QuestionVersion:
    return questions.add(bank=shelf.uuid, contents=[content(kind, **changes)], me=author, at=NOON)[0]


def publish(author: Any, *rows: QuestionVersion) -> None:
    ids = [row.pk for row in rows]
    questions.submit(version_ids=ids, me=author, at=NOON)
    questions.publish(version_ids=ids, me=author, at=NOON)


def test_a_bank_has_a_name_of_its_own(author, shelf):
    with refused("bank_exists"):
        questions.open_bank(title=" 测试题库 ", about="", me=author, at=NOON)
    with refused("bank_title"):
        questions.open_bank(title="", about="", me=author, at=NOON)
    assert SharedBank.objects.count() == 1


def test_new_questions_are_drafts_with_codes_that_follow_one_another(author, shelf):
    rows = questions.add(bank=shelf.uuid, contents=[content(), content("judge")], me=author, at=NOON)
    assert [row.state for row in rows] == [State.DRAFT, State.DRAFT]
    assert rows[0].question.code < rows[1].question.code
    assert questions.pool() == []
    with refused("no_bank"):
        questions.add(bank=uuid4(), contents=[content()], me=author, at=NOON)


def test_only_the_author_writes_a_draft_and_nobody_a_submitted_one(author, other, shelf):
    row = draft(author, shelf)
    with refused("not_author"):
        questions.save(version_id=row.pk, content=content(stem="改（　）。"), me=other)
    questions.save(version_id=row.pk, content=content(stem="改（　）。"), me=author)
    questions.submit(version_ids=[row.pk], me=author, at=NOON)
    with refused("not_draft"):
        questions.save(version_id=row.pk, content=content(), me=author)
    row.refresh_from_db()
    assert (row.state, row.content["stem"]) == (State.IN_REVIEW, "改（　）。")


@pytest.mark.parametrize(
    ("changes", "said"), [({"answer": []}, "正确选项"), ({"basis": "　"}, "法规依据"), ({"explanation": ""}, "解析")]
)
def test_what_is_not_ready_is_not_submitted_and_says_why(author, shelf, changes, said):
    good, bad = draft(author, shelf), draft(author, shelf, "judge", **changes)
    with pytest.raises(DomainError) as refusal:
        questions.submit(version_ids=[good.pk, bad.pk], me=author, at=NOON)
    assert refusal.value.code == "not_ready"
    ((code, words),) = refusal.value.details["questions"].items()
    assert (code, said in "".join(words)) == (bad.question.code, True)
    assert set(QuestionVersion.objects.values_list("state", flat=True)) == {State.DRAFT}


def test_a_copy_is_not_submitted_neither_beside_a_published_one_nor_together(author, shelf):
    published("Z-1", "judge")
    copy, one, two = draft(author, shelf, "judge"), draft(author, shelf), draft(author, shelf)
    for ids in ([copy.pk], [one.pk, two.pk]):
        with refused("not_ready"):
            questions.submit(version_ids=ids, me=author, at=NOON)
    publish(author, one)
    assert not QuestionVersion.objects.filter(pk__in=[copy.pk, two.pk]).exclude(state=State.DRAFT).exists()


def test_nobody_submits_what_is_not_theirs_or_nothing(author, other, shelf):
    row = draft(author, shelf)
    with refused("not_found"):
        questions.submit(version_ids=[row.pk], me=other, at=NOON)
    with refused("nothing_chosen"):
        questions.submit(version_ids=[], me=author, at=NOON)
    with refused("too_many"):
        questions.submit(version_ids=range(201), me=author, at=NOON)
    row.refresh_from_db()
    assert row.state == State.DRAFT


def test_a_new_version_takes_the_place_of_the_former_which_papers_keep(author, other, shelf):
    row = draft(author, shelf)
    publish(author, row)
    former = questions.pool()[0].ref
    with refused("note_missing"):
        questions.revise(question=row.question.uuid, note="改", me=other, at=NOON)
    newer = questions.revise(question=row.question.uuid, note="条款号变了", me=other, at=NOON)
    with refused("in_work"):
        questions.revise(question=row.question.uuid, note="条款号变了", me=author, at=NOON)
    questions.save(version_id=newer.pk, content=content(stem="新题干（　）。"), me=other)
    assert [entry.ref for entry in questions.pool()] == [former]
    publish(other, newer)
    assert [entry.ref.version for entry in questions.pool()] == [2]
    assert questions.items([former])[former]["stem"] == content()["stem"]


def test_a_draft_that_reviewers_have_read_is_not_thrown_away(author, shelf):
    fresh, read = draft(author, shelf), draft(author, shelf, "judge")
    questions.submit(version_ids=[read.pk], me=author, at=NOON)
    questions.give_back(version_ids=[read.pk])
    with refused("was_submitted"):
        questions.discard(version_id=read.pk, me=author, at=NOON)
    questions.discard(version_id=fresh.pk, me=author, at=NOON)
    assert list(Question.objects.values_list("pk", flat=True)) == [read.question_id]


def test_a_retired_question_is_drawn_no_more_and_stays_readable(author, shelf):
    row = draft(author, shelf)
    publish(author, row)
    ref = questions.pool()[0].ref
    with refused("reason_missing"):
        questions.retire(question=row.question.uuid, reason="旧", me=author, at=NOON)
    questions.retire(question=row.question.uuid, reason="标准已废止", me=author, at=NOON)
    assert questions.pool() == []
    assert ref in questions.items([ref])
    for act in (questions.retire, questions.revise):
        words = {"reason": "标准已废止"} if act is questions.retire else {"note": "标准已废止"}
        with refused("retired"):
            act(question=row.question.uuid, me=author, at=NOON, **words)
    assert [one.pk for one in bank.lines(bank.Wanted(state="RETIRED"))] == [row.pk]


@pytest.mark.req("R3.1")
@pytest.mark.parametrize(
    ("law", "article", "concerned"),
    [(LAW, "43", 2), (LAW, "44", 1), (LAW, "", 2), ("消防法", "", 1), ("消防法", "16", 1), ("职业病防治法", "", 0)],
)
def test_a_change_of_law_finds_the_published_questions_that_name_it(author, shelf, law, article, concerned):
    bases = {
        "single": "《中华人民共和国安全生产法》第四十三条",
        "judge": "安全生产法",
        "order": "《消防法》第十六条",
        "multiple": "安全生产法第四十三条",
    }
    rows = [draft(author, shelf, kind, basis=basis) for kind, basis in bases.items()]
    publish(author, *rows[:3])  # the fourth is a draft only
    assert bank.naming(law, article) == concerned
    assert questions.law_changed(law=law, article=article, changed_on=date(2027, 1, 1), note="条文修改", at=NOON) == concerned
    questions.law_changed(law=law, article=article, changed_on=date(2027, 2, 1), note="再次修改", at=NOON)
    assert Recheck.objects.count() == concerned == bank.to_check()
    assert len(bank.lines(bank.Wanted(to_check=True))) == concerned


def test_a_look_after_a_change_of_law_ends_by_words_by_a_new_version_or_by_retirement(author, other, shelf):
    rows = [draft(author, shelf, kind) for kind in ("single", "judge", "order")]
    publish(author, *rows)
    questions.law_changed(law=LAW, article="43", changed_on=date(2027, 1, 1), note="条文修改", at=NOON)
    first = Recheck.objects.get(question=rows[0].question)
    with refused("own_work"):
        questions.keep(recheck_id=first.pk, words="逐字核对过", me=author, at=NOON)
    with refused("words_missing"):
        questions.keep(recheck_id=first.pk, words="对", me=other, at=NOON)
    questions.keep(recheck_id=first.pk, words="逐字核对过", me=other, at=NOON)
    with refused("closed"):
        questions.keep(recheck_id=first.pk, words="逐字核对过", me=other, at=NOON)
    newer = questions.revise(question=rows[1].question.uuid, note="按新条文改", me=author, at=NOON)
    questions.save(version_id=newer.pk, content=content("judge", stem="进入有限空间前必须检测。", answer=["A"]), me=author)
    publish(author, newer)
    questions.retire(question=rows[2].question.uuid, reason="条文已删除", me=author, at=NOON)
    found = dict(Recheck.objects.values_list("question_id", "outcome"))
    assert [found[row.question_id] for row in rows] == ["KEPT", "RENEWED", "RETIRED"]


def test_the_laws_of_a_returned_draft_are_read_again(author, shelf):
    row = draft(author, shelf)
    questions.submit(version_ids=[row.pk], me=author, at=NOON)
    questions.give_back(version_ids=[row.pk])
    questions.save(version_id=row.pk, content=content(basis="《消防法》第十六条、第十七条"), me=author)
    questions.submit(version_ids=[row.pk], me=author, at=NOON)
    assert set(Citation.objects.values_list("law", "article")) == {("消防法", "16"), ("消防法", "17")}


def test_near_copies_are_found_by_their_words(author, shelf):
    one = draft(author, shelf, stem="动火作业前应当先办理作业票，并清除周围（　）的可燃物。")
    two = draft(author, shelf, stem="动火作业以前应当先办理作业票，并清除周围（　）的可燃物品。")
    far = draft(author, shelf, "order")
    assert [(row.pk, percent > 60) for row, percent in bank.similar(one)] == [(two.pk, True)]
    pairs = bank.twins()
    assert [(pair.one.pk, pair.other.pk) for pair in pairs] == [(one.pk, two.pk)]
    assert pairs[0].percent < 100
    assert bank.twins(topic="用电安全") == []
    assert bank.similar(far) == []
    three = draft(author, shelf, stem=one.content["stem"])
    assert (bank.twins()[0].one.pk, bank.twins()[0].other.pk, bank.twins()[0].percent) == (one.pk, three.pk, 100)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"search": "灭火器"}, {"order"}),
        ({"search": "灭火 步骤"}, {"order"}),
        ({"search": "作业审批"}, {"single", "judge", "order", "blank"}),
        ({"kind": "judge"}, {"judge"}),
        ({"difficulty": "2"}, {"single", "judge", "order", "blank"}),
        ({"difficulty": "5"}, set()),
        ({"topic": "有限空间作业", "state": "DRAFT"}, {"judge", "order", "blank"}),
        ({"state": "PUBLISHED"}, {"single"}),
        ({"law": LAW, "article": "43"}, {"single"}),
        ({"bank": "no-such-bank"}, set()),
    ],
)  # fmt: skip
def test_the_list_is_narrowed_down(author, shelf, wanted, found):
    rows = {kind: draft(author, shelf, kind) for kind in ("single", "judge", "order", "blank")}
    publish(author, rows["single"])
    assert {row.kind for row in bank.lines(bank.Wanted(**wanted))} == found
    assert {row.kind for row in bank.lines(bank.Wanted(author_id=author.credential_id, **wanted))} == found
    assert not bank.lines(bank.Wanted(author_id=0, **wanted))


def test_the_database_keeps_one_version_in_work(author, shelf):
    row = draft(author, shelf)
    with pytest.raises(IntegrityError), transaction.atomic():
        QuestionVersion.objects.create(
            question=row.question, number=2, author_id=1, created_at=NOON, **{k: getattr(row, k) for k in
            ("kind", "topic", "points", "difficulty", "basis", "content", "words", "fingerprint")},
        )  # fmt: skip


def test_a_submitted_version_is_kept_by_the_database_also_in_review(author, shelf):
    row = draft(author, shelf)
    questions.submit(version_ids=[row.pk], me=author, at=NOON)
    with pytest.raises(Exception, match="was submitted"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE questions_questionversion SET content = '{}' WHERE id = %s", [row.pk])
