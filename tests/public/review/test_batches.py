"""Questions go through the same four signed verdicts as courses before anybody may draw them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from infra.kit import canonical
from public.questions import api as questions
from public.questions.models import QuestionVersion
from public.review import api as review
from public.review import checklists, signing
from public.review.models import BatchVerdict, LawArticle, QuestionBatch
from public.review.queries import batches as queries
from public.review.services import batches as services
from tests.public.questions.ground import content
from tests.public.review.ground import AT, House, refused

pytestmark = [pytest.mark.req("R2.8"), pytest.mark.req("R3.1")]


def drafts(people: House, *kinds: str) -> list[QuestionVersion]:
    shelf = questions.open_bank(title=f"题库{len(kinds)}", about="", me=people.author, at=AT)
    return questions.add(bank=shelf.uuid, contents=[content(kind) for kind in kinds], me=people.author, at=AT)


@pytest.fixture
def batch(people: House) -> QuestionBatch:
    rows = drafts(people, "single", "order", "case")
    return services.submit(title="有限空间第一批", version_ids=[row.pk for row in rows], me=people.author, at=AT)


def yes(angle: str) -> dict[str, str]:
    return review.every_check(checklists.for_questions(angle))


def judge(batch: QuestionBatch, angle: str, me: Any, verdict: str = "PASS", **more: Any) -> BatchVerdict:
    words = {"note": "", "checks": yes(angle), **more}
    return services.decide(batch=batch.uuid, angle=angle, verdict=verdict, me=me, at=AT + timedelta(minutes=1), **words)


def pass_all(batch: QuestionBatch, people: House) -> None:
    for angle, me in zip(review.ANGLES, people.reviewers, strict=True):
        judge(batch, angle, me)


def states() -> set[str]:
    return set(QuestionVersion.objects.values_list("state", flat=True))


def test_four_signed_verdicts_and_operations_publish_a_batch(batch, people):
    assert states() == {"IN_REVIEW"}
    assert questions.pool() == []
    pass_all(batch, people)
    batch.refresh_from_db()
    assert batch.state == "PASSED"
    services.publish(batch=batch.uuid, me=people.operations, at=AT)
    assert {entry.kind for entry in questions.pool()} == {"single", "order", "case"}
    assert all(signing.verify(row) for row in BatchVerdict.objects.all())
    assert {line.is_whole for line in queries.angles(batch, people.operations)} == {True}
    with refused("wrong_state"):
        services.publish(batch=batch.uuid, me=people.operations, at=AT)


def test_what_is_signed_is_exactly_what_was_submitted(batch, people):
    row = judge(batch, "FIT", people.reviewers[0])
    said = signing.batch_statement(row)
    assert said["content"] == canonical.digest(batch.content).hex()
    row.note = "改过"
    assert not signing.verify(row)


def test_nothing_is_published_before_all_four_have_passed(batch, people):
    for angle, me in list(zip(review.ANGLES, people.reviewers, strict=True))[:3]:
        judge(batch, angle, me)
    with refused("not_passed"):
        services.publish(batch=batch.uuid, me=people.operations, at=AT)
    assert states() == {"IN_REVIEW"}


def test_a_return_makes_all_of_them_drafts_with_words_on_the_one_that_is_wrong(batch, people):
    code = batch.content["questions"][0]["code"]
    with refused("note_missing"):
        judge(batch, "FIT", people.reviewers[0], "RETURN")
    with refused("remark_stray"):
        judge(batch, "FIT", people.reviewers[0], "RETURN", remarks={"Q99999": "写错了"})
    judge(batch, "FIT", people.reviewers[0], "RETURN", remarks={code: "选项 B 一眼可辨"})
    assert states() == {"DRAFT"}
    version = QuestionVersion.objects.get(question__code=code)
    assert queries.returned([version.pk])[version.pk].pk == batch.pk
    assert [words for _angle, words in review.remarks_on(batch, code)] == ["选项 B 一眼可辨"]
    batch.refresh_from_db()
    with refused("wrong_state"):
        judge(batch, "POLITICAL", people.reviewers[1])
    again = services.submit(
        title="有限空间第二次", version_ids=list(batch.lines.values_list("version_id", flat=True)), me=people.author, at=AT
    )
    assert (again.size, states()) == (3, {"IN_REVIEW"})


def test_nobody_judges_their_own_work_or_two_angles_or_one_twice(batch, people):
    one, two = people.reviewers[:2]
    with refused("own_work"):
        judge(batch, "FIT", people.author)
    judge(batch, "FIT", one)
    with refused("one_angle_each"):
        judge(batch, "POLITICAL", one)
    with refused("already_decided"):
        judge(batch, "FIT", two)
    assert BatchVerdict.objects.count() == 1


def test_a_no_forbids_a_pass_and_every_check_is_answered(batch, people):
    answers = yes("COMPLIANCE")
    with refused("check_no"):
        judge(batch, "COMPLIANCE", people.reviewers[0], checks={**answers, "exact": "no"})
    with refused("check_missing"):
        judge(batch, "COMPLIANCE", people.reviewers[0], checks={"exact": "yes"})
    assert not BatchVerdict.objects.exists()
    judge(batch, "COMPLIANCE", people.reviewers[0], "RETURN", note="条款号不对", checks={**answers, "exact": "no"})
    assert states() == {"DRAFT"}


def test_the_database_itself_refuses(batch, people):
    row = judge(batch, "FIT", people.reviewers[0])
    statements = [
        "UPDATE review_batchverdict SET note = '改'",
        "DELETE FROM review_batchverdict",
        "UPDATE review_questionbatch SET content = '{}'",
        "DELETE FROM review_questionbatch",
        "UPDATE review_questionbatch SET author_id = 0",
    ]
    for statement in statements:
        with pytest.raises(Exception, match=r"denied|never changes|only grows|refused|append"), transaction.atomic():
            connection.cursor().execute(statement)
    for reviewer, words in ((people.author, "own work"), (people.reviewers[0], "one angle each")):
        other = BatchVerdict(
            batch=batch, angle="POLITICAL", verdict="PASS", checklist=row.checklist, checks={}, reviewer_id=reviewer.credential_id,
            reviewer_name="", at=AT,
        )  # fmt: skip
        signing.sign(other)
        with pytest.raises(Exception, match=words), transaction.atomic():
            other.save(force_insert=True)
    assert BatchVerdict.objects.count() == 1


def test_a_batch_that_no_longer_says_what_was_signed_is_not_published(batch, people):
    pass_all(batch, people)
    QuestionVersion.objects.filter(pk=batch.lines.first().version_id).update(state="DRAFT")
    questions.save(version_id=batch.lines.first().version_id, content=content(stem="悄悄改了（　）。"), me=people.author)
    with refused("broken_signature"):
        services.publish(batch=batch.uuid, me=people.operations, at=AT)
    assert "PUBLISHED" not in states()


def test_a_law_that_only_questions_name_can_be_marked_as_changed(batch, people):
    pass_all(batch, people)
    services.publish(batch=batch.uuid, me=people.operations, at=AT)
    article = LawArticle.objects.get(law="安全生产法", article="43")
    assert (
        review.mark_changed(article_id=article.pk, changed_on=date(2027, 1, 1), note="条文修改了", me=people.operations, at=AT)
        == []
    )
    assert questions.bank.to_check() == 3


def test_an_author_sees_only_the_own_batches(batch, people):
    from public.operators.api import Me

    stranger = Me(people.author.credential_id + 999, "课程作者乙", "AUTHOR")
    assert list(queries.batches(stranger)) == []
    with refused("not_found"):
        queries.batch(batch.uuid, stranger)
    assert [row.pk for row in queries.batches(people.author)] == [batch.pk]
    assert queries.waiting(people.reviewers[0], at=AT).to_judge == 1
    assert queries.waiting(people.reviewers[0], at=batch.due_at + timedelta(seconds=1)).late == 1
