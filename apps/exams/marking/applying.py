"""Carrying out what was approved: for each try a new entry, its line in the ledger, and what follows for the assignment.

Each try in a transaction of its own, so that a worker may be cut off and begin again; what is done is passed over.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists
from django.utils.translation import gettext as _

from apps.exams.marking import booking, newest
from apps.exams.marking.models import ScoreChange, ScoreEntry, ScoreProposal
from apps.exams.marking.results import result_of
from apps.exams.models import Attempt
from apps.people import api as people
from apps.plans import api as plans
from apps.records import api as records
from infra.kit import canonical, identity


def carry_out(proposal_id: int, *, at: datetime) -> int:
    """Correct the tries of an approved proposal that are not corrected yet; returns how many were."""
    todo = list(ScoreChange.objects.filter(proposal=proposal_id, applied_at=None).order_by("id").values_list("pk", flat=True))
    done = sum(_apply(pk, at=at) for pk in todo)
    rest = ScoreChange.objects.filter(proposal=proposal_id, applied_at=None)
    finished = ScoreProposal.objects.filter(~Exists(rest), pk=proposal_id, state="APPROVED", done_at=None)
    for proposal in finished:
        booking.correct_books(proposal)  # cut off before the next line, it is done again and changes nothing more
    finished.update(done_at=at)
    return done


def carry_out_all(*, at: datetime) -> int:
    """Go on with every approved proposal that is not done; returns how many tries were corrected."""
    open_ones = ScoreProposal.objects.filter(state="APPROVED", done_at=None).order_by("pk")
    return sum(carry_out(pk, at=at) for pk in list(open_ones.values_list("pk", flat=True)))


@transaction.atomic
def _apply(change_id: int, *, at: datetime) -> bool:
    """Correct one try. What another proposal has changed meanwhile is left as it is, and said so."""
    found = ScoreChange.objects.select_for_update(of=("self",)).select_related("proposal").filter(pk=change_id).first()
    if found is None or found.applied_at is not None or found.proposal.state != "APPROVED":
        return False
    row = Attempt.objects.select_for_update(of=("self",)).get(pk=found.attempt_id)
    now = result_of(row)
    found.applied_at = at
    stands = all(now.points.get(int(no), pair[0]) == pair[0] for no, pair in found.points.items())
    if (now.score, now.passed) != (found.before_score, found.before_passed) or not stands:
        found.problem = "changed_meanwhile"
        found.save(update_fields=["applied_at", "problem"])
        return False
    entry = _enter(row, found, at=at)
    found.save(update_fields=["applied_at"])
    _follow(row, entry, at=at)
    booking.tell_book(row, found, at=at)
    return True


def _enter(row: Attempt, change: ScoreChange, *, at: datetime) -> ScoreEntry:
    last = ScoreEntry.objects.filter(attempt=row).order_by("-n").first()
    proposal = ScoreProposal.objects.select_related("proposed_by", "decided_by").get(pk=change.proposal_id)
    points = {**(last.points if last else {}), **{no: pair[1] for no, pair in change.points.items()}}
    return ScoreEntry.objects.create(
        attempt=row,
        n=last.n + 1 if last else 1,
        points=points,
        left_out=sorted({*(last.left_out if last else []), *change.left_out}),
        before_score=change.before_score,
        before_passed=change.before_passed,
        score=change.after_score,
        passed=change.after_passed,
        proposal=proposal,
        reason=proposal.reason,
        proposed_by=proposal.proposed_by.name,
        approved_by=proposal.decided_by.name if proposal.decided_by else "",
        at=at,
    )


def _other_pass(row: Attempt) -> tuple[UUID, int] | None:
    """Return another try of the same duty that is passed as results stand now, with its score."""
    others = newest.annotated(Attempt.objects.filter(assignment_id=row.assignment_id)).exclude(pk=row.pk)
    found: tuple[UUID, int] | None = (
        others.filter(result_passed=True).order_by("number").values_list("uuid", "result_score").first()
    )
    return found


def _follow(row: Attempt, entry: ScoreEntry, *, at: datetime) -> None:
    """Write the ledger, then what the new result means for the assignment and its certificate, then tell the learner."""
    learner = people.learner(row.learner_id)
    duty = plans.assignment_by_id(row.assignment_id)
    records.append_entry(kind="CORRECTION", subject=learner.uuid, body=_body(row, entry, learner, duty), at=at)
    plans.correct_exam(
        assignment_id=row.assignment_id, attempt=row.uuid, score=entry.score, passed=entry.passed, at=at, instead=_other_pass(row)
    )
    if entry.passed:
        plans.review_completion(learner_id=row.learner_id, at=at)
    context: dict[str, str | int] = {
        "plan": duty.plan_title,
        "before": entry.before_score,
        "after": entry.score,
        "attempt": str(row.uuid),
    }
    people.notify(
        kind="exam.score_corrected", learner_id=row.learner_id, context=context, at=at, about=f"score:{row.uuid}/{entry.n}"
    )


def _body(row: Attempt, entry: ScoreEntry, learner: people.LearnerView, duty: plans.AssignmentView) -> dict[str, Any]:
    """Return what the ledger is told; ``effective_ms`` is 0, for no learning time changes."""
    return {
        "event": "score_correction",
        "attempt": str(row.uuid),
        "number": row.number,
        "assignment": str(duty.uuid),
        "plan": duty.plan_title,
        "name": identity.mask_name(learner.name),
        "masked_id": learner.masked_id,
        "correction": entry.n,
        "before_score": entry.before_score,
        "before_passed": entry.before_passed,
        "score": entry.score,
        "passed": entry.passed,
        "pass_score": row.pass_score,
        "points": entry.points,
        "left_out": entry.left_out,
        "reason": entry.reason,
        "proposed_by": entry.proposed_by,
        "approved_by": entry.approved_by,
        "effective_ms": 0,
        "paper_sha256": canonical.digest({"paper": row.paper, "answers": row.answers}).hex(),
    }


def tell_declined(row: ScoreProposal, *, at: datetime) -> None:
    """Tell the learner whose appeal led to a proposal that a second person did not approve it, with the reason."""
    change = row.changes.select_related("attempt").first()
    if change is None or row.appeal is None:
        return
    context: dict[str, str | int] = {"attempt": str(change.attempt.uuid)}
    people.notify(
        kind="exam.appeal_answered",
        learner_id=change.attempt.learner_id,
        context=context,
        at=at,
        about=f"score-appeal:{row.appeal.uuid}/declined",
    )


def in_words(effect: dict[str, Any]) -> list[str]:
    """Return the effect of a proposal as sentences, what matters most first."""
    lines = [
        (effect.get("to_pass", 0), _("%(n)d 份从不及格变为及格：学员的考试记为通过，学时和课程也完成的，会发培训证明。")),
        (effect.get("to_fail", 0), _("%(n)d 份从及格变为不及格：还没有证明的任务，要重新考试。")),
        (effect.get("kept", 0), _("其中 %(n)d 份已发培训证明：证明不撤销，档案会记下更正，请安排补考。")),
        (effect.get("up", 0), _("%(n)d 份分数提高。")),
        (effect.get("down", 0), _("%(n)d 份分数降低。")),
        (effect.get("unfinished", 0), _("另有 %(n)d 份用了这道题的试卷还没有成绩，不在这次重判里，出成绩后请再提一次。")),
    ]
    found = [words % {"n": n} for n, words in lines if n]
    return found or [_("没有人的成绩改变，只改每题的得分。")]
