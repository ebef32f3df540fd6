"""Corrections: two people, a new entry each, never an overwrite; what follows for assignment, certificate and ledger."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from apps.exams.feedback import exam_figures
from apps.exams.figures import ExamFigures
from apps.exams.marking import appealing, applying, correcting
from apps.exams.marking.models import ScoreAppeal, ScoreChange, ScoreEntry, ScoreProposal
from apps.exams.marking.results import result_of
from apps.exams.models import Attempt
from apps.people import api as people
from apps.people.models import Learner, Notice
from apps.plans import api as plans
from apps.plans import archive
from apps.plans.models import Assignment
from apps.plans.ports import Span
from apps.records import api as records
from public.regulators.models import FeedRecord
from tenants.scope import enterprise_scope, platform_scope
from tests.apps.exams.marking.ground import LATER, REASON, choice, entries, everyone, managers, sit
from tests.apps.exams.sitting.ground import MINUTE, code_of
from tests.apps.plans.ground import NOON

PAPER = [choice(1, no=1, score=4), choice(2, no=2, score=4), choice(3, no=3, score=2)]


@pytest.fixture
def two(in_jia):
    return managers()


@pytest.fixture
def view(two):
    return everyone(1)[0]


@pytest.fixture
def failed(view):
    return sit(view, PAPER, {1: "对的", 2: "错的一", 3: "错的一"})


def propose(row, points, by, own=None, at=LATER):
    return correcting.propose(attempt=row.uuid, points=points, reason=REASON, by=by, own=own, at=at)


def decide(proposal, by, approve=True, own=None, words="", at=LATER + MINUTE):
    return correcting.decide(proposal=proposal.uuid, approve=approve, words=words, by=by, own=own, at=at)


def unchanged(code, call):
    def state():
        return [list(m.objects.order_by("pk").values()) for m in (Attempt, ScoreProposal, ScoreChange, ScoreEntry, ScoreAppeal)]

    before = state()
    assert code_of(call) == code
    assert state() == before


@pytest.mark.req("R2.8")
@pytest.mark.req("R4.2")
def test_a_correction_is_a_new_entry_by_two_people_and_a_pass_completes_the_training(two, view, failed):
    me, other = two
    made = propose(failed, {2: 4}, me)
    assert made.effect["to_pass"] == 1
    assert [one.manager_id for one in Notice.objects.filter(kind="exam.score_proposed")] == [other.id]
    assert result_of(failed).score == 40
    decide(made, other)
    row = Attempt.objects.get()
    assert (row.score, row.passed) == (40, False), "the first result stays"
    now = result_of(row)
    assert (now.score, now.passed, now.points, now.corrected) == (80, True, {1: 4, 2: 4, 3: 0}, 1)
    entry = ScoreEntry.objects.get()
    assert (entry.before_score, entry.score, entry.proposed_by, entry.approved_by) == (40, 80, "安全员", "培训管理员乙")
    assert entries(view) == ["EXAM", "CORRECTION", "CERTIFICATE"]
    duty = Assignment.objects.get()
    assert (duty.state, duty.exam_score) == ("COMPLETED", 80)
    assert Notice.objects.filter(kind="exam.score_corrected", learner_id=row.learner_id).count() == 1
    assert ScoreProposal.objects.get().done_at is not None


def test_the_ledger_and_the_authority_are_told_in_words(in_jia, two, view, failed):
    me, other = two
    decide(propose(failed, {2: 4}, me), other)
    subject = people.learner(view.learner_id).uuid
    entry = records.entries_of(subject)[2]
    assert (entry.body["before_score"], entry.body["score"], entry.body["effective_ms"]) == (40, 80, 0)
    assert people.learner(view.learner_id).name not in str(entry.body)
    (line,) = [line for line in archive.timeline(records.entries_of(subject)) if "成绩更正" in line["title"]]
    assert "40 分改为 80 分" in line["text"]
    assert records.verify_chain(subject).is_whole
    with platform_scope():
        assert FeedRecord.objects.filter(subject=subject, kind="EXAM").count() == 2


def test_nobody_approves_the_own_proposal_or_touches_the_own_result(two, view, failed):
    me, other = two
    unchanged("own_attempt", lambda: propose(failed, {2: 4}, me, own=view.learner_id))
    made = propose(failed, {2: 4}, me)
    unchanged("own_proposal", lambda: decide(made, me))
    unchanged("own_attempt", lambda: decide(made, other, own=view.learner_id))
    unchanged("already_proposed", lambda: propose(failed, {3: 2}, other))
    unchanged("reason", lambda: decide(made, other, approve=False, words="否"))
    decide(made, other, approve=False, words="复核后认为原判无误。")
    unchanged("already_decided", lambda: decide(made, other))
    assert result_of(failed).score == 40
    assert entries(view) == ["EXAM"]


def test_the_database_refuses_one_person_on_both_sides_and_changes_of_entries(two, view, failed):
    me, other = two
    made = propose(failed, {2: 4}, me)
    with pytest.raises(IntegrityError, match="score_decided_by_another"), transaction.atomic():
        ScoreProposal.objects.filter(pk=made.pk).update(decided_by=me.id, decided_at=LATER, state="APPROVED")
    decide(made, other)
    for statement in ("UPDATE exams_scoreentry SET score = 0", "DELETE FROM exams_scoreentry"):
        with (
            pytest.raises(Exception, match=r"permission denied|grows|refuse"),
            transaction.atomic(),
            connection.cursor() as c,
        ):
            c.execute(statement)
    assert ScoreEntry.objects.get().score == 80


def test_refuses_points_that_do_not_fit_and_changes_that_change_nothing(two, failed):
    me, _other = two
    unchanged("points", lambda: propose(failed, {2: 5}, me))
    unchanged("points", lambda: propose(failed, {9: 1}, me))
    unchanged("nothing_changes", lambda: propose(failed, {1: 4}, me))
    unchanged("reason", lambda: correcting.propose(attempt=failed.uuid, points={2: 4}, reason="错", by=me, own=None, at=LATER))


def test_a_certificate_stays_when_a_pass_is_taken_back_and_a_second_correction_builds_on_the_first(two, view):
    me, other = two
    row = sit(view, PAPER, {1: "对的", 2: "对的", 3: "对的"})
    made = propose(row, {2: 0}, me)
    assert (made.effect["to_fail"], made.effect["kept"]) == (1, 1)
    decide(made, other)
    duty = Assignment.objects.get()
    assert (duty.state, duty.exam_score, bool(duty.certificate_id)) == ("COMPLETED", 60, True)
    decide(propose(row, {3: 0}, other), me)
    assert [(one.n, one.before_score, one.score) for one in ScoreEntry.objects.order_by("n")] == [(1, 100, 60), (2, 60, 40)]
    assert result_of(row).points == {1: 4, 2: 0, 3: 0}


def test_a_pass_without_a_certificate_yet_is_taken_back(two, view):
    row = sit(view, PAPER, {1: "对的", 2: "对的"})
    Assignment.objects.update(state="ASSIGNED", completed_at=None, certificate=None)
    decide(propose(row, {2: 0}, two[0]), two[1])
    duty = Assignment.objects.get()
    assert (duty.exam_passed_at, duty.exam_score, duty.exam_attempt) == (None, None, None)


def test_a_pass_that_another_try_has_too_is_not_taken_back(two, view):
    first = sit(view, PAPER, {1: "对的", 2: "错的一", 3: "错的一"})
    second = sit(view, PAPER, {1: "对的", 2: "对的"})
    Assignment.objects.update(state="ASSIGNED", completed_at=None, certificate=None)
    decide(propose(first, {2: 4}, two[0]), two[1])
    decide(propose(second, {2: 0}, two[0]), two[1])
    duty = Assignment.objects.get()
    assert (duty.exam_attempt, duty.exam_score) == (first.uuid, 80)
    assert duty.exam_passed_at is not None


def test_what_changed_meanwhile_is_left_alone_and_said(two, view, failed):
    me, other = two
    made = propose(failed, {2: 4}, me)
    ScoreProposal.objects.filter(pk=made.pk).update(state="APPROVED", decided_by=other.id, decided_at=LATER)
    ScoreChange.objects.filter(proposal=made).update(before_score=39)
    assert applying.carry_out_all(at=LATER) == 0
    assert ScoreChange.objects.get().problem == "changed_meanwhile"
    assert not ScoreEntry.objects.exists()
    assert applying.carry_out_all(at=LATER) == 0


def test_figures_follow_corrections_and_leave_out_what_is_being_marked(two, view, failed):
    decide(propose(failed, {2: 4}, two[0]), two[1])
    sums = ExamFigures().sums(Span(NOON - timedelta(days=1), NOON + timedelta(days=1)))
    assert (sums.tries, sums.passed, sums.mean, dict(sums.bands)) == (1, 1, 80, {80: 1})
    assert [(one.score, one.passed) for one in ExamFigures().tries([view.id])] == [(80, True)]
    Attempt.objects.update(score=None, passed=None)
    assert ExamFigures().sums(Span(NOON - timedelta(days=1), NOON + timedelta(days=1))).tries == 0


def test_tries_of_samples_count_in_no_figure(view, failed):
    span = Span(NOON - timedelta(days=1), NOON + timedelta(days=1))
    assert (ExamFigures().sums(span).tries, bool(exam_figures(NOON.date()))) == (1, True)
    Learner.objects.filter(pk=view.learner_id).update(sample=True)
    assert (ExamFigures().sums(span).tries, exam_figures(NOON.date())) == (0, {})


@pytest.mark.req("R2.8")
def test_an_appeal_in_time_is_answered_once_and_leads_to_a_proposal(two, view, failed):
    me, other = two
    learner = people.learner(view.learner_id)
    said = {"attempt": failed.uuid, "words": "第 2 题的答案与新条例不符。", "learner": learner}
    row = appealing.file(no=2, at=LATER, **said)
    assert Notice.objects.filter(kind="exam.appeal_filed").count() == 2
    unchanged("appealed", lambda: appealing.file(no=2, at=LATER, **said))
    unchanged("no", lambda: appealing.file(no=9, at=LATER, **said))
    unchanged("words", lambda: appealing.file(attempt=failed.uuid, no=3, words="错", learner=learner, at=LATER))
    unchanged("is_party", lambda: appealing.uphold(appeal=row.uuid, reason=REASON, by=me, own=view.learner_id, at=LATER))
    appealing.grant(appeal=row.uuid, points={2: 4}, reason=REASON, by=me, own=None, at=LATER)
    unchanged("already_decided", lambda: appealing.uphold(appeal=row.uuid, reason=REASON, by=other, own=None, at=LATER))
    made = ScoreProposal.objects.get()
    assert made.appeal_id == row.pk
    unchanged("from_appeal", lambda: correcting.withdraw(proposal=made.uuid, by=me, at=LATER))
    decide(made, other)
    assert result_of(failed).passed
    assert plans.assignments_of(view.learner_id)[0].state == "COMPLETED"


def test_an_appeal_too_late_is_refused_by_the_rule_of_that_day(two, view, failed):
    learner = people.learner(view.learner_id)
    said = {"attempt": failed.uuid, "words": "整场成绩有疑问，请复核。", "learner": learner, "no": None}
    unchanged("too_late", lambda: appealing.file(at=NOON + timedelta(days=16), **said))
    row = appealing.file(at=NOON + timedelta(days=14), **said)
    appealing.uphold(appeal=row.uuid, reason="复核后维持原判。", by=two[0], own=None, at=NOON + timedelta(days=14))
    assert ScoreAppeal.objects.get().state == "UPHELD"
    assert Notice.objects.filter(kind="exam.appeal_answered", learner_id=view.learner_id).count() == 1


@pytest.mark.req("R5.7")
def test_another_learner_and_the_neighbour_find_nothing(two, view, failed, yi):
    from tests.apps.plans import ground

    someone = ground.learner(7)
    assert code_of(appealing.file, attempt=failed.uuid, no=1, words="这不是我的试卷。", learner=someone, at=LATER) == "not_found"
    with enterprise_scope(yi):
        assert code_of(correcting.finished, failed.uuid) == "not_found"
        assert not ScoreProposal.objects.exists()
