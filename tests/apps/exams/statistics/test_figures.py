"""Difficulty, discrimination, reliability and options: against figures worked out by hand and by plain Python."""

import io
import random
import statistics

import pytest
from python_calamine import CalamineWorkbook

from apps.exams.marking import regrading
from apps.exams.marking.rules import key_of
from apps.exams.models import Attempt
from apps.exams.statistics import counting, facts, items, pairs, papers, rules
from apps.exams.statistics.models import AnswerFact, SimilarPair
from apps.exams.statistics.scope import Scope
from apps.people import services as people_services
from apps.people.models import Learner
from apps.plans.models import TrainingPlan
from tests.apps.exams.marking.ground import choice
from tests.apps.exams.statistics.ground import WRONG, crowd, tried
from tests.apps.plans import ground
from tests.apps.plans.ground import NOON

N = 40


@pytest.fixture
def plan(in_jia):
    return crowd(N)


@pytest.fixture
def steady(plan):
    """Person n of 40 answers the first n // 4 of ten questions rightly: an ideal scale. Question 11 is answered rightly by the weak alone."""
    said, numbers = {}, {}
    for n in range(N):
        right = n // 4 + (n % 2)
        texts = ["对的" if q < right else WRONG[n % 3] for q in range(10)]
        texts.append("对的" if n < 12 else "错的一")
        said[n], numbers[n] = texts, list(range(1, 12))
    tried(said, numbers)
    facts.catch_up()
    return Scope(plan_id=plan)


def line(scope, n):
    found = items.one(scope, key_of(choice(n, no=1)))
    assert found is not None
    return found


@pytest.mark.req("R2.8")
def test_difficulty_discrimination_and_correlation_agree_with_plain_python(steady):
    rows = list(Attempt.objects.order_by("learner_id"))
    for n in (1, 5, 11):
        points = [row.points[str(n)] for row in rows]
        rest = [(sum(row.points.values()) - row.points[str(n)]) / 10 for row in rows]
        found = line(steady, n).figures
        assert found.n == N
        assert found.p == pytest.approx(statistics.mean(points))
        assert found.r == pytest.approx(statistics.correlation(points, rest))
        order = sorted(range(N), key=lambda i: (-rest[i], rows[i].pk))
        tail = 11  # 27 % of 40, rounded up
        best, weak = order[:tail], order[-tail:]
        expected = statistics.mean(points[i] for i in best) - statistics.mean(points[i] for i in weak)
        assert found.d == pytest.approx(expected)


def test_the_figures_are_taken_away_as_a_workbook(steady, in_jia):
    manager = ground.manager_browser(in_jia)
    for page in ("questions", f"plans/{TrainingPlan.objects.get(pk=steady.plan_id).uuid}"):
        answer = manager.get(f"/console/exams/statistics/{page}", {"export": "xlsx"})
        assert answer.status_code == 200
        first = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
        assert len(first) > 1


def test_a_question_that_the_good_get_wrong_is_flagged_as_doubtful(steady):
    odd = line(steady, 11)
    assert odd.figures.d is not None
    assert odd.figures.d < 0
    assert next(flag.wrong for flag in odd.flags) is True
    assert items.chosen(items.lines(steady), flagged=True)[0].key == odd.key, "the gravest first"
    assert not any(flag.wrong for flag in line(steady, 5).flags)


def test_options_tell_who_chose_what(steady):
    key, item = key_of(choice(11, no=1)), choice(11, no=11)
    found = {option.text: option for option in items.options(steady, key, item)}
    assert {text: option.count for text, option in found.items()} == {"对的": 12, "错的一": 28, "错的二": 0, "错的三": 0}
    assert found["对的"].right
    assert found["错的一"].draws_the_best
    assert found["错的二"].dead
    assert found["错的一"].best == 1
    assert found["错的一"].weak < 0.5


def test_one_paper_for_all_is_kr20_and_agrees_with_the_formula(steady):
    rows = list(Attempt.objects.order_by("pk"))
    found = papers.reliability(steady, 20.0)
    variances = sum(statistics.variance([row.points[str(n)] for row in rows]) for n in range(1, 12))
    total = statistics.variance([sum(row.points.values()) for row in rows])
    assert (found.method, found.tries, found.items) == ("kr20", N, 11)
    assert found.value == pytest.approx(11 / 10 * (1 - variances / total))
    assert found.error == pytest.approx(20 * (1 - found.value) ** 0.5)


def test_drawn_papers_are_told_by_icc(plan):
    said, numbers = {}, {}
    for n in range(N):
        numbers[n] = [1 + (n + q) % 20 for q in range(10)]
        said[n] = ["对的" if q <= n // 4 else WRONG[q % 3] for q in range(10)]
    tried(said, numbers)
    facts.catch_up()
    found = papers.reliability(Scope(plan_id=plan), 20.0)
    assert (found.method, found.items) == ("icc", 10)
    shares = [[float(text == "对的") for text in said[n]] for n in range(N)]
    grand = statistics.mean(x for row in shares for x in row)
    msb = sum(10 * (statistics.mean(row) - grand) ** 2 for row in shares) / (N - 1)
    msw = sum((x - statistics.mean(row)) ** 2 for row in shares for x in row) / (N * 9)
    assert found.value == pytest.approx((msb - msw) / msb)


def test_too_few_tries_say_nothing(plan):
    tried({n: ["对的", "错的一", "对的", "对的", "对的"] for n in range(9)}, {n: [1, 2, 3, 4, 5] for n in range(9)})
    facts.catch_up()
    scope = Scope(plan_id=plan)
    found = line(scope, 1)
    assert (found.figures.tells_p, found.figures.tells_d, found.flags) == (False, False, [])
    assert papers.reliability(scope, 0.0).value is None
    assert rules.reliability_words(None)[0] == "neutral"


def test_blanks_and_later_tries_and_samples_and_other_units(plan):
    unit = people_services.unit_of_path("生产部/一车间")
    tried({n: ["对的", "", "错的一"] for n in range(12)}, {n: [1, 2, 3] for n in range(12)})
    tried({n: ["对的", "对的", "对的"] for n in range(12)}, {n: [1, 2, 3] for n in range(12)}, number=2)
    ids = list(Learner.objects.order_by("pk").values_list("pk", flat=True)[:12])
    Learner.objects.filter(pk=ids[1]).update(sample=True)
    facts.catch_up()
    assert line(Scope(plan_id=plan), 2).figures.blank == 1
    assert line(Scope(plan_id=plan), 2).figures.n == 11
    assert line(Scope(plan_id=plan, firsts=False), 2).figures.blank == 0.5
    Learner.objects.filter(pk=ids[0]).update(unit=unit)
    mine = Scope(frozenset({unit.pk}), plan)
    assert line(mine, 1).figures.n == 1
    assert papers.tries(mine).count() == 1


def test_counting_again_changes_nothing_and_corrections_are_counted_anew(plan):
    (row,) = tried({0: ["对的", "错的一"]}, {0: [1, 2]})
    assert facts.catch_up() == 1
    assert facts.catch_up() == 0
    from apps.exams.marking import correcting
    from tests.apps.exams.marking.ground import LATER, REASON, managers

    me, other = managers()
    made = correcting.propose(attempt=row.uuid, points={2: 1}, reason=REASON, by=me, own=None, at=LATER)
    correcting.decide(proposal=made.uuid, approve=True, by=other, own=None, at=LATER)
    assert facts.catch_up() == 1
    assert list(AnswerFact.objects.order_by("no").values_list("points", flat=True)) == [1, 1]


def _two_alike():
    dice = random.Random(2)
    said = {n: ["对的" if dice.random() < 0.6 else dice.choice(WRONG) for _ in range(30)] for n in range(N)}
    said[5] = [dice.choice(WRONG) if q < 14 else "对的" for q in range(30)]
    said[9] = list(said[5])
    tried(said, {n: list(range(1, 31)) for n in range(N)})


def test_counting_one_plan_at_once_keeps_no_other_from_being_compared(plan):
    _two_alike()
    assert counting.count(plan_id=plan + 1, at=NOON) == N
    assert SimilarPair.objects.count() == 1


def test_a_look_at_marking_anew_asks_for_the_comparison(plan, django_capture_on_commit_callbacks):
    _two_alike()
    with django_capture_on_commit_callbacks() as asked:
        regrading.preview(regrading.Order(key_of(choice(1, no=1)), "ALL"))
    assert (facts.is_up_to_date(), len(asked)) == (True, 1)


@pytest.mark.req("R2.8")
def test_two_alike_tries_are_kept_as_a_pair_with_what_else_they_share(plan):
    dice = random.Random(2)
    numbers = {n: list(range(1, 31)) for n in range(N)}
    said = {n: ["对的" if dice.random() < 0.6 else dice.choice(WRONG) for _ in range(30)] for n in range(N)}
    said[5] = [dice.choice(WRONG) if q < 14 else "对的" for q in range(30)]
    said[9] = list(said[5])
    rows = tried(said, numbers)
    Attempt.objects.filter(pk__in=[rows[5].pk, rows[9].pk]).update(terminal="t" * 32)
    assert counting.count(at=NOON) == N
    row = SimilarPair.objects.get()
    assert {row.one_id, row.other_id} == {rows[5].pk, rows[9].pk}
    assert (row.common, row.same_wrong, row.both_wrong, row.different) == (30, 14, 14, 0)
    assert row.circumstances == {"terminal": True, "together_s": 1200, "close": 0, "close_of": 0}
    assert [one["same"] for one in pairs.beside(row)].count(True) == 14
    SimilarPair.objects.update(note="已找两人了解。")
    Attempt.objects.filter(pk=rows[9].pk).update(terminal="")
    counting.count(plan_id=plan, at=NOON)
    assert SimilarPair.objects.get().note == "已找两人了解。"
    assert counting.count(at=NOON) == 0
