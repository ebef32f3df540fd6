"""What a try's result is now: the first result, or the newest correction. One place for pages, figures and statistics."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from apps.exams.marking.models import MarkTask, ScoreEntry
from apps.exams.marking.newest import annotated
from apps.exams.models import Attempt
from apps.exams.sitting.queries import points_of


@dataclass(frozen=True, slots=True)
class Result:
    """How a try went. ``points``: question number -> points, without those left out; ``corrected``: how many corrections."""

    score: int
    passed: bool
    points: dict[int, int]
    left_out: list[int]
    told_at: datetime
    corrected: int


def with_result(rows: QuerySet[Attempt]) -> QuerySet[Any]:
    """Return finished tries with ``result_score`` and ``result_passed`` as they are now; what is open or being marked is left out."""
    return annotated(rows.filter(score__isnull=False))


def result_of(row: Attempt) -> Result:
    """Return the result of one finished try; two queries."""
    return results_of([row])[row.pk]


def results_of(rows: Sequence[Attempt]) -> dict[int, Result]:
    """Return the results of finished tries by id, in two queries however many they are."""
    ids = [row.pk for row in rows]
    entries: dict[int, ScoreEntry] = {}
    for entry in ScoreEntry.objects.filter(attempt__in=ids).order_by("attempt_id", "n"):
        entries[entry.attempt_id] = entry
    marks: dict[int, list[MarkTask]] = {}
    for task in MarkTask.objects.filter(attempt__in=ids, points__isnull=False):
        marks.setdefault(task.attempt_id, []).append(task)
    return {row.pk: _result(row, entries.get(row.pk), marks.get(row.pk, [])) for row in rows}


def _result(row: Attempt, entry: ScoreEntry | None, marks: Iterable[MarkTask]) -> Result:
    told_at = max([row.submitted_at or row.due_at, *(task.marked_at for task in marks if task.marked_at)])
    points = points_of(row)
    if entry is None:
        return Result(int(row.score or 0), bool(row.passed), points, [], told_at, 0)
    points |= {int(no): value for no, value in entry.points.items()}
    out = [int(no) for no in entry.left_out]
    kept = {no: value for no, value in points.items() if no not in out}
    return Result(entry.score, entry.passed, kept, out, max(told_at, entry.at), entry.n)


def history(row: Attempt) -> list[ScoreEntry]:
    """Return the corrections of a try, newest first."""
    return list(ScoreEntry.objects.filter(attempt=row).select_related("proposal").order_by("-n"))


def told(entry: ScoreEntry) -> dict[str, Any]:
    """Return a correction as an entry of a timeline."""
    words = _("%(before)s 分改为 %(after)s 分。%(reason)s") % {
        "before": entry.before_score,
        "after": entry.score,
        "reason": entry.reason,
    }
    people = _("%(proposed)s提出，%(approved)s批准") % {"proposed": entry.proposed_by, "approved": entry.approved_by}
    tone = "proven" if entry.passed else "attention"
    return {"at": entry.at, "title": _("成绩更正"), "text": f"{words} {people}", "tone": tone, "icon": "gavel"}
