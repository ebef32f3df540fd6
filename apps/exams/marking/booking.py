"""What corrections tell the book of wrong answers: of one try, and of a question whose key was wrong."""

from datetime import datetime
from functools import partial

from apps.exams.marking import rules
from apps.exams.marking.models import ScoreChange, ScoreProposal
from apps.exams.mistakes import correcting
from apps.exams.mistakes.shapes import Answered
from apps.exams.models import Attempt
from apps.plans import api as plans
from public.questions import api as questions


def tell_book(row: Attempt, change: ScoreChange, *, at: datetime) -> None:
    """Judge in the learner's book what a change of points has turned; last in the caller's transaction, for the book's lock is.

    A question that counts no more was no mistake.
    """
    now = {int(no): after for no, (_before, after) in change.points.items()}
    touched = {*now, *map(int, change.left_out)}
    answers = [
        Answered(
            item=_as_it_is_now(item, change.proposal),
            response=row.answers.get(str(item["no"]), []),
            right=now.get(item["no"], questions.worth(item)) == questions.worth(item),
        )
        for item in row.paper
        if item["no"] in touched
    ]
    in_book = plans.ExamPolicy.read(row.policy).reveal == "wrong"
    correcting.judge_again(learner_id=row.learner_id, ref=row.uuid, answers=answers, at=at, in_book=in_book)


def _as_it_is_now(item: dict[str, object], proposal: ScoreProposal) -> dict[str, object]:
    if proposal.kind != ScoreProposal.Kind.QUESTION:
        return item
    return rules.corrected(item, mode=proposal.mode, answer=proposal.answer) or item


def correct_books(proposal: ScoreProposal) -> None:
    """Put a question that was marked anew right in everybody's book, or take it out where no one key is left."""
    if proposal.kind != ScoreProposal.Kind.QUESTION:
        return
    part = f":{proposal.part}" if proposal.part else ""
    keys = {f"{proposal.bank}:{proposal.question}{part}", f"code:{proposal.question}"[:80]}
    correct = partial(rules.corrected, mode=proposal.mode, answer=proposal.answer)
    correcting.correct_question(keys=keys, version=proposal.version or 1, correct=correct)
