"""Reads of marking: what waits, appeals, corrections. Lists take a constant number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Case, Count, Max, Min, Q, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _

from apps.exams.marking import results
from apps.exams.marking.models import MarkTask, ScoreAppeal, ScoreChange, ScoreEntry, ScoreProposal
from apps.exams.models import Attempt
from apps.people import api as people
from infra.kit.errors import DomainError
from public.questions import api as questions


def questions_waiting(*, text: str = "", within: people.Units = None) -> QuerySet[Any, Any]:
    """Return the questions with written answers: how many wait, are taken and are done, the earliest due first. One query.

    :param text: part of the question
    """
    rows = MarkTask.objects.filter(people.belongs(within, "learner"))
    for word in text.split()[:5]:
        rows = rows.filter(stem__icontains=word)
    open_ones = Q(points=None)
    grouped = rows.values("bank", "question", "version", "part").annotate(
        words=Max("stem"),
        most=Max("most"),
        waiting=Count("pk", filter=open_ones),
        taken=Count("pk", filter=open_ones & Q(claimed_by__isnull=False)),
        done=Count("pk", filter=~open_ones),
        due=Min("due_at", filter=open_ones),
    )
    return grouped.order_by(Case(When(waiting=0, then=Value(1)), default=Value(0)), "due", "question", "part")


def counts() -> dict[str, int]:
    """Return what waits for managers, in one query: ``marking`` answers, ``appeals``, ``corrections``."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM exams_marktask WHERE points IS NULL),"
            " (SELECT count(*) FROM exams_scoreappeal WHERE state = 'WAITING'),"
            " (SELECT count(*) FROM exams_scoreproposal WHERE state = 'PROPOSED')"
        )
        marking, appeals, corrections = cursor.fetchone()
    return {"marking": marking, "appeals": appeals, "corrections": corrections}


def waiting_count() -> int:
    """Return how much waits for managers altogether: for the menu."""
    return sum(counts().values())


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer as a marker sees it; ``name`` is "" while names are hidden. ``model``: what the question's author would write."""

    task: MarkTask
    text: str
    model: str
    item: dict[str, Any]
    name: str = ""


def answers(tasks: Sequence[MarkTask], *, names: bool = False) -> list[Answer]:
    """Return what there is to read about answers that were taken; two queries."""
    rows = {row.pk: row for row in Attempt.objects.filter(pk__in=[task.attempt_id for task in tasks])}
    known = people.learners([task.learner_id for task in tasks]) if names else {}
    return [_answer(task, rows[task.attempt_id], known[task.learner_id].name if names else "") for task in tasks]


def _answer(task: MarkTask, row: Attempt, name: str) -> Answer:
    item = next(item for item in row.paper if item["no"] == task.no)
    return Answer(task, "\n".join(row.answers.get(str(task.no), [])), "\n".join(item["answer"]), item, name)


def appeals(*, text: str = "", state: str = "", within: people.Units = None) -> QuerySet[ScoreAppeal]:
    """Return appeals that fit, those that wait first, by deadline.

    :param text: part of a learner's, a unit's or a plan's name
    :param state: a value of ``ScoreAppeal.State``, ``ALL``, or "" for those that wait
    """
    rows = ScoreAppeal.objects.select_related("learner__unit", "attempt__assignment__plan", "decided_by")
    rows = rows.filter(people.belongs(within, "learner"))
    for word in text.split()[:5]:
        about = Q(learner__name__icontains=word) | Q(learner__unit__name__icontains=word)
        rows = rows.filter(about | Q(attempt__assignment__plan__title__icontains=word))
    if state in ScoreAppeal.State.values:
        rows = rows.filter(state=state)
    elif state != "ALL":
        rows = rows.filter(state=ScoreAppeal.State.WAITING)
    return rows.order_by(*(("due_at", "id") if state in {"", "WAITING"} else ("-at", "-id")))


def appeal(uuid: UUID, *, within: people.Units = None) -> ScoreAppeal:
    """Return one appeal.

    :raises DomainError: 404 ``not_found``
    """
    row = appeals(state="ALL", within=within).filter(uuid=uuid).first()
    if row is None:
        raise DomainError("not_found", _("没有找到这件申诉，请从列表重新进入。"), status=404)
    return row


def proposals(*, state: str = "", text: str = "", within: people.Units = None) -> QuerySet[ScoreProposal]:
    """Return corrections, those that wait first, then the newest. ``text``: part of the reason or the question."""
    rows = ScoreProposal.objects.select_related("proposed_by", "decided_by", "appeal")
    if within is not None:
        theirs = ScoreChange.objects.filter(people.belongs(within, "attempt__learner"))
        rows = rows.filter(pk__in=theirs.values("proposal_id"))
    if state in ScoreProposal.State.values:
        rows = rows.filter(state=state)
    for word in text.split()[:5]:
        rows = rows.filter(Q(reason__icontains=word) | Q(stem__icontains=word))
    waiting_first = Case(When(state=ScoreProposal.State.PROPOSED, then=Value(0)), default=Value(1))
    return rows.order_by(waiting_first, "-proposed_at", "-pk")


def proposal(uuid: UUID, *, within: people.Units = None) -> ScoreProposal:
    """Return one correction.

    :raises DomainError: 404 ``not_found``
    """
    row = proposals(within=within).filter(uuid=uuid).first()
    if row is None:
        raise DomainError("not_found", _("没有找到这条改分，请从列表重新进入。"), status=404)
    return row


def changes(row: ScoreProposal, *, within: people.Units = None) -> QuerySet[ScoreChange]:
    """Return the tries of a proposal with their people, whose result changes most first."""
    rows = row.changes.select_related("attempt__learner__unit", "attempt__assignment__plan")
    return rows.filter(people.belongs(within, "attempt__learner")).order_by("before_passed", "-after_passed", "pk")


@dataclass(frozen=True, slots=True)
class Line:
    """One question of a try as somebody reads it who looks into a result."""

    item: dict[str, Any]
    no: int
    said: list[str]
    right: list[str]
    points: int
    worth: int
    left_out: bool
    mark: MarkTask | None
    appeal: ScoreAppeal | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """One finished try: result, questions, corrections and appeals. ``first``: score before any correction."""

    attempt: Attempt
    result: results.Result
    first: int
    lines: list[Line]
    entries: list[ScoreEntry]
    appeals: list[ScoreAppeal]


def sheet(row: Attempt) -> Sheet:
    """Return a finished try for reading, in seven queries at most."""
    result = results.result_of(row)
    marks = {task.no: task for task in MarkTask.objects.filter(attempt=row).select_related("marked_by")}
    appeals_of = ScoreAppeal.objects.filter(attempt=row).select_related("decided_by").prefetch_related("proposals__decided_by")
    filed = list(appeals_of.order_by("at"))
    by_no = {one.no: one for one in filed}
    lines = [_line(row, item, result, marks, by_no) for item in row.paper]
    return Sheet(row, result, int(row.score or 0), lines, results.history(row), filed)


def _line(
    row: Attempt,
    item: dict[str, Any],
    result: results.Result,
    marks: dict[int, MarkTask],
    filed: dict[int | None, ScoreAppeal],
) -> Line:
    no = int(item["no"])
    response = row.answers.get(str(no), [])
    return Line(
        item, no, _told(item, response), _right(item), result.points.get(no, 0), questions.worth(item), no in result.left_out,
        marks.get(no), filed.get(no),
    )  # fmt: skip


def _told(item: dict[str, Any], response: list[str]) -> list[str]:
    known = {option["key"]: option["text"] for option in item.get("options") or ()}
    return [f"{key}. {known[key]}" if key in known else key for key in response]


def _right(item: dict[str, Any]) -> list[str]:
    if item["kind"] == "blank":
        return [" / ".join(ways) for ways in item["answer"]]
    return _told(item, list(item["answer"]))


def own_sheet(attempt: UUID, *, learner_id: int) -> Sheet:
    """Return an own finished try.

    :raises DomainError: 404 ``not_found``, also for somebody else's; 409 ``no_result``
    """
    row = Attempt.objects.filter(uuid=attempt, learner_id=learner_id).first()
    if row is None:
        raise DomainError("not_found", _("没有找到这场考试，请从培训任务重新进入。"), status=404)
    if row.score is None:
        raise DomainError("no_result", _("还没有成绩，判完卷后可以在这里看到。"), status=409)
    return sheet(row)
