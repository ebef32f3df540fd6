"""The shared banks: drawing, exact versions, what enterprises see, what never changes."""

from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from infra.kit.errors import DomainError
from public.questions import api as questions
from public.questions.models import Question, QuestionVersion
from public.questions.rows import columns
from tenants.scope import enterprise_scope
from tests.conftest import NOON
from tests.public.questions.ground import content, published

State = QuestionVersion.State


@pytest.fixture
def seeded(platform):
    """The hundred questions that come with the product."""
    questions.load_seed(at=NOON)


def _draft(code, number, state=State.DRAFT, **changes):
    question = Question.objects.get(code=code)
    return QuestionVersion.objects.create(
        question=question, number=number, state=state, author_id=1, created_at=NOON, **columns(content(**changes))
    )


def test_the_seed_holds_100_questions_and_loads_twice_without_doubling(seeded):
    questions.load_seed(at=NOON)
    assert len(questions.pool()) == 100
    assert len(questions.topics()) == 15


def test_the_same_seed_draws_the_same_questions_and_never_one_twice(seeded):
    first = questions.draw(topics=["安全生产法", "消防安全"], count=20, seed=7)
    again = questions.draw(topics=["安全生产法", "消防安全"], count=20, seed=7)
    assert [q["code"] for q in first] == [q["code"] for q in again]
    assert len({q["code"] for q in first}) == 20
    assert {q["topic"] for q in first} <= {"安全生产法", "消防安全"}


def test_refuses_a_paper_larger_than_the_bank_and_says_how_many_there_are(seeded):
    with pytest.raises(DomainError) as refusal:
        questions.draw(topics=["粉尘防爆"], count=10, seed=1)
    assert (refusal.value.code, refusal.value.details) == ("bank_too_small", {"have": 2, "want": 10})


def test_nothing_that_a_person_must_mark_is_drawn_unasked(platform):
    for kind in ("text", "case", "order"):
        published(f"Z-{kind}", kind)
    with pytest.raises(DomainError):
        questions.draw(topics=["有限空间作业"], count=1, seed=1)
    assert questions.draw(topics=["有限空间作业"], count=3, seed=1, kinds=questions.KINDS)


def test_the_pool_tells_how_many_questions_a_case_becomes(platform):
    published("Z-1", "case")
    published("Z-2")
    found = questions.pool(topics=["有限空间作业"])
    assert [(entry.kind, entry.items, entry.points, entry.difficulty) for entry in found] == [
        ("case", 2, ("作业审批",), 2),
        ("single", 1, ("作业审批",), 2),
    ]


def test_a_ref_finds_exactly_its_version_also_when_it_was_replaced(platform):
    published("Z-1")
    former = questions.pool()[0].ref
    QuestionVersion.objects.update(state=State.RETIRED)
    newer = _draft("Z-1", 2, stem="新的题干（　）。")
    QuestionVersion.objects.filter(pk=newer.pk).update(state=State.PUBLISHED, published_at=NOON)
    current = questions.pool()[0].ref
    found = questions.items([former, current, questions.Ref("own", former.question, 1), questions.Ref("shared", uuid4(), 1)])
    assert {ref.version: item["stem"] for ref, item in found.items()} == {1: content()["stem"], 2: "新的题干（　）。"}
    assert found[former]["bank"] == "shared"
    assert [item["version"] for item in questions.draw(topics=[], count=1, seed=1)] == [2]


def test_an_enterprise_reads_what_was_published_and_nothing_in_work(platform, jia):
    published("Z-1")
    _draft("Z-1", 2, stem="还在写（　）。")
    hidden = Question.objects.create(bank=Question.objects.get(code="Z-1").bank, code="Z-2", created_at=NOON)
    _draft("Z-2", 1, State.IN_REVIEW)
    with enterprise_scope(jia):
        assert [row.number for row in QuestionVersion.objects.filter(question__code="Z-1")] == [1]
        assert not QuestionVersion.objects.filter(question=hidden).exists()
        assert not Question.objects.filter(pk=hidden.pk).exists()
        assert not questions.is_question("Z-2")
        with pytest.raises(ProgrammingError), transaction.atomic():
            QuestionVersion.objects.update(topic="改")
    assert questions.is_question("Z-1")


@pytest.mark.parametrize("change", ["topic = '改'", "content = '{}'", "state = 'DRAFT'", None])
def test_a_published_version_never_changes_whoever_tries(platform, change):
    published("Z-1")
    statement = f"UPDATE questions_questionversion SET {change}" if change else "DELETE FROM questions_questionversion"
    with pytest.raises(ProgrammingError, match="question version"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert questions.pool()[0].topic == "有限空间作业"


def test_drawing_and_reading_take_a_constant_number_of_queries(seeded, django_assert_num_queries):
    with django_assert_num_queries(1):
        refs = [entry.ref for entry in questions.pool()]
    with django_assert_num_queries(1):
        assert len(questions.items(refs)) == 100
    with django_assert_num_queries(2):
        first = questions.draw(topics=[], count=50, seed=1)
    with django_assert_num_queries(1):
        assert questions.draw(topics=[], count=50, seed=1) == first, "what was published never changes and is read once"


@pytest.mark.req("R2.8")
def test_what_is_kept_at_hand_is_drawn_no_more_once_it_is_retired(platform):
    published("Z-1")
    published("Z-2")
    assert len(questions.draw(topics=["有限空间作业"], count=2, seed=1, kinds=questions.KINDS)) == 2
    QuestionVersion.objects.filter(question__code="Z-1").update(state="RETIRED", retired_at=NOON)
    (left,) = questions.draw(topics=["有限空间作业"], count=1, seed=1, kinds=questions.KINDS)
    assert left["code"] == "Z-2"
    with pytest.raises(DomainError):
        questions.draw(topics=["有限空间作业"], count=2, seed=1, kinds=questions.KINDS)
