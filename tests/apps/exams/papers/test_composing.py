"""The paper of one person: from both banks, with points that sum up, cases together, another order for everybody, a snapshot."""

import pytest

from apps.exams.papers import composing, services
from apps.exams.papers.shapes import Chosen, Row
from infra.kit.errors import DomainError
from public.questions import api as questions
from tests.apps.exams.papers import ground


@pytest.fixture
def banks(in_jia):
    ground.fill(8)
    ground.fill(4, "multiple", difficulty=4)
    ground.fill(4, "judge", topic="消防")
    ground.fill(2, "case")
    ground.fill(1, "text")
    ground.fill_own(3)


def code_of(call, *args, **kwargs):
    with pytest.raises(DomainError) as caught:
        call(*args, **kwargs)
    return caught.value.code, str(caught.value.message)


@pytest.mark.req("R2.8")
def test_a_drawn_paper_meets_its_rows_and_sums_up(banks):
    rows = (
        Row(count=4, score=2, kind="single", bank="shared", topics=(ground.TOPIC,)),
        Row(count=2, score=5, kind="multiple", low=4),
        Row(count=3, score=1, topics=("消防",)),
        Row(count=2, score=3, bank="own"),
        Row(count=1, score=7, kind="case"),
        Row(count=1, score=10, kind="text"),
    )
    paper = ground.write(ground.drawn(*rows))
    items = services.compose(rule=ground.rule(paper.uuid), seed=7)
    assert (paper.questions, paper.points) == (13, 8 + 10 + 3 + 6 + 7 + 10)
    assert sum(map(questions.worth, items)) == paper.points
    assert [item["no"] for item in items] == list(range(1, len(items) + 1))
    assert sum(item["bank"] == "own" for item in items) == 2
    case = [item for item in items if item["case"]]
    assert [item["case"]["no"] for item in case] == [1, 2]
    assert case[0]["no"] + 1 == case[1]["no"]
    assert [item["score"] for item in case] == [4, 3]
    kinds = [item["kind"] for item in items if not item["case"]]
    assert kinds == sorted(kinds, key=[*questions.KINDS].index)
    assert items == services.compose(rule=ground.rule(paper.uuid), seed=7)
    assert items != services.compose(rule=ground.rule(paper.uuid), seed=8)


def test_the_key_follows_the_shuffled_options(banks):
    paper = ground.write(ground.drawn(Row(count=8, score=1, kind="single", bank="shared")))
    orders = set()
    for seed in range(6):
        for item in services.compose(rule=ground.rule(paper.uuid), seed=seed):
            (key,) = item["answer"]
            assert next(one["text"] for one in item["options"] if one["key"] == key) == "办作业票"
            orders.add(key)
    assert len(orders) > 1


def test_a_fixed_paper_asks_everybody_the_same_and_its_versions_stay(banks):
    refs = ground.refs(6, "single")
    paper = ground.write(ground.fixed(*refs))
    first, second = (services.compose(rule=ground.rule(paper.uuid), seed=seed) for seed in (1, 2))
    assert {item["code"] for item in first} == {item["code"] for item in second}
    assert [item["code"] for item in first] != [item["code"] for item in second]
    assert {(item["question"], item["version"]) for item in first} == {(str(ref.question), ref.version) for ref in refs}
    still = ground.write(ground.fixed(*refs, title="不换顺序", is_shuffled=False))
    codes = [item["code"] for item in services.compose(rule=ground.rule(still.uuid), seed=3)]
    assert codes == [questions.items(refs)[ref]["code"] for ref in refs]
    printed = composing.composed(composing.draft_of(still), seed=3, in_order=True)
    assert [item["options"] for item in printed] == [questions.items(refs)[ref]["options"] for ref in refs]


def test_without_a_paper_the_topics_of_the_courses_are_drawn_from(banks):
    items = services.compose(rule=ground.rule(None, question_topics=["消防"], questions=3), seed=5)
    assert [item["topic"] for item in items] == ["消防"] * 3
    assert [item["score"] for item in items] == [1, 1, 1]
    assert code_of(services.check, rule=ground.rule(None, question_topics=["消防"], questions=5))[0] == "bank_too_small"


@pytest.mark.req("R2.8")
def test_refuses_in_words_before_anybody_starts_what_the_banks_cannot_fill(banks):
    short = ground.write(ground.drawn(Row(count=9, score=2, kind="multiple")))
    code, words = code_of(services.check, rule=ground.rule(short.uuid))
    assert (code, "第 1 行（多选题）要抽 9 题" in words, "只有 4 题" in words) == ("bank_too_small", True, True)
    rivals = ground.drawn(Row(count=3, score=2, topics=("消防",)), Row(count=2, score=1, kind="judge"))
    code, words = code_of(services.check, rule=ground.rule(ground.write(rivals).uuid))
    assert "第 1、2 行抽的是同一批题：一共要 5 题，符合条件的只有 4 题" in words
    assert code_of(services.compose, rule=ground.rule(short.uuid), seed=1)[0] == "bank_too_small"
    fits = ground.write(ground.drawn(Row(count=3, score=2, topics=("消防",)), Row(count=1, score=1, kind="judge")))
    services.check(rule=ground.rule(fits.uuid))


def test_refuses_a_fixed_paper_with_a_question_that_is_gone_or_a_case_with_too_few_points(banks):
    (case,) = ground.refs(1, "case")
    poor = ground.write(ground.fixed(is_drawn=False, chosen=(Chosen(case, 1),)))
    code, words = code_of(services.check, rule=ground.rule(poor.uuid))
    assert (code, "2 道小题" in words) == ("score_too_small", True)
    gone = ground.write(ground.fixed(case._replace(version=9)))
    assert code_of(services.check, rule=ground.rule(gone.uuid))[0] == "paper_gone"
    assert code_of(services.compose, rule=ground.rule(gone.uuid), seed=1)[0] == "paper_gone"


def test_one_bank_of_the_enterprise_can_be_drawn_from_alone(banks):
    other = ground.fill_own(2, title="二车间题库")
    paper = ground.write(ground.drawn(Row(count=2, score=1, bank=str(other.uuid))))
    items = services.compose(rule=ground.rule(paper.uuid), seed=1)
    assert all("二车间题库" in item["stem"] for item in items)
    more = ground.write(ground.drawn(Row(count=3, score=1, bank=str(other.uuid))))
    assert code_of(services.check, rule=ground.rule(more.uuid))[0] == "bank_too_small"
