"""Where a person must mark, the result waits for the marks; then it is made once, with everything that follows."""

import pytest

from apps.exams import api as exams
from apps.exams.models import Attempt, AttemptStep
from apps.people import api as people
from apps.plans import api as plans
from apps.records import api as records
from infra.kit import identity
from tests.apps.exams.sitting.ground import MINUTE, code_of, duty, put, start, submit
from tests.apps.plans.ground import NOON

LATER = NOON + 60 * MINUTE


@pytest.fixture
def ready(in_jia):
    return duty(1)


@pytest.fixture
def waiting(ready):
    """A try with one choice of 4 points and two texts of 8 each, one of them left empty."""
    attempt = start(ready)
    row = Attempt.objects.get()
    text = {**row.paper[0], "kind": "text", "options": [], "answer": ["先断电，再救人"], "score": 8}
    row.paper = [{**row.paper[0], "score": 4}, {**text, "no": 2}, {**text, "no": 3}]
    row.save(update_fields=["paper"])
    put(attempt, 1, row.paper[0]["answer"], learner_id=ready.learner_id)
    put(attempt, 2, ["  先断电  "], learner_id=ready.learner_id)
    submit(attempt, ready)
    return attempt


def settle(points, at=LATER):
    exams.settle(attempt_id=Attempt.objects.get().pk, points=points, at=at)


def entries(view):
    return [entry.kind for entry in records.entries_of(people.learner(view.learner_id).uuid)[1:]]


@pytest.mark.req("R2.8")
def test_a_text_waits_for_marking_and_nothing_is_entered_before(ready, waiting):
    row = Attempt.objects.get()
    assert (row.state, row.score, row.passed) == ("MARKING", None, None)
    assert row.answers["2"] == ["先断电"]
    assert entries(ready) == []
    assert exams.wrong_answers(row) == []
    assert code_of(start, ready, at=LATER) == "exam_blocked", "the result comes first"


@pytest.mark.req("R2.8")
def test_the_marks_make_the_result_once(ready, waiting):
    settle({2: 8})
    settle({2: 0}, at=LATER + MINUTE)
    row = Attempt.objects.get()
    assert (row.state, row.score, row.passed, row.points) == ("DONE", 60, False, {"1": 4, "2": 8, "3": 0})
    assert entries(ready) == ["EXAM"]
    body = records.entries_of(people.learner(ready.learner_id).uuid)[1].body
    assert (body["points"], body["points_of"], body["right"], body["questions"]) == (12, 20, 2, 3)
    assert body["name"] == identity.mask_name(people.learner(ready.learner_id).name), "the ledger outlives an erasure"
    assert AttemptStep.objects.filter(kind="SETTLED").count() == 1
    assert [item.no for item in exams.wrong_answers(row)] == [3]
    assert start(ready, at=LATER + 2 * MINUTE).number == 2


def test_a_pass_by_marks_completes_the_training(ready, waiting):
    settle({2: 8, 3: 8})
    assert plans.assignments_of(ready.learner_id)[0].state == "COMPLETED"
    assert entries(ready) == ["EXAM", "CERTIFICATE"]


@pytest.mark.parametrize(
    ("points", "code"), [({}, "unmarked"), ({2: 9}, "bad_points"), ({2: -1}, "bad_points"), ({7: 1, 2: 1}, "bad_points")]
)
def test_refuses_marks_that_are_missing_or_do_not_fit_and_enters_nothing(ready, waiting, points, code):
    assert code_of(settle, points) == code
    assert Attempt.objects.get().state == "MARKING"
    assert entries(ready) == []


def test_refuses_to_settle_what_is_still_being_sat(ready):
    start(ready)
    assert code_of(settle, {}) == "not_submitted"
    assert code_of(exams.settle, attempt_id=987_654, points={}, at=NOON) == "not_found"


def test_papers_of_before_scores_keep_their_result_and_can_be_read(ready):
    attempt = start(ready)
    old = [{key: item[key] for key in ("no", "kind", "topic", "stem", "options", "answer", "explanation", "basis")}
           for item in Attempt.objects.get().paper]  # fmt: skip
    answers = {str(item["no"]): item["answer"] for item in old[:4]}
    Attempt.objects.update(
        paper=old, answers=answers, submitted_at=NOON + MINUTE, score=80, passed=True, points={}, policy={}, terminal=""
    )
    row = Attempt.objects.get(uuid=attempt.uuid)
    assert row.state == "DONE"
    assert [(item.no, item.points, item.worth) for item in exams.wrong_answers(row)] == [(5, 0, 1)]
