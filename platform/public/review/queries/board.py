"""Where one version stands: four lines, submissions, what changed, findings, history."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from public.catalogue import api as catalogue
from public.catalogue.api import Standing
from public.operators.api import Role, colleagues
from public.review import rules
from public.review.models import Angle, Decision, Finding, ReReview, ReviewTask, Submission

IN_REVIEW = "IN_REVIEW"
QUESTIONS = {
    Angle.POLITICAL: _("政治方向、价值导向和表述是否正确？"),
    Angle.COMPLIANCE: _("引用的法律法规和标准是否现行有效、准确？"),
    Angle.COMPLETENESS: _("内容是否覆盖培训大纲要点，课件和题目是否齐全？"),
    Angle.FIT: _("是否适合所面向的人员、行业和岗位？"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One angle with its task and its verdict in the newest submission (None: nobody has judged yet)."""

    angle: str
    name: Any
    question: Any
    latest: Decision | None
    task: ReviewTask | None
    assignee: str

    @property
    def passed(self) -> bool:
        """Whether the verdict is a pass."""
        return self.latest is not None and self.latest.verdict == Decision.Verdict.PASS

    @property
    def waits(self) -> bool:
        """Whether somebody has still to judge."""
        return self.task is not None and self.task.state in {ReviewTask.State.OPEN, ReviewTask.State.CLAIMED}

    def may_judge(self, person: int) -> bool:
        """Whether this person may work on it: it waits, and is theirs or nobody's."""
        return self.task is not None and self.waits and self.task.assignee_id in {None, person}

    def is_overdue(self, at: datetime) -> bool:
        """Whether it waits longer than it should."""
        return self.task is not None and self.waits and self.task.due_at < at


@dataclass(frozen=True, slots=True)
class Board:
    """One version on the table: four lines, the submission they belong to, the whole history."""

    standing: Standing
    submission: Submission | None
    lines: list[Line]
    history: list[Decision]

    @property
    def may_publish(self) -> bool:
        """Whether all four angles have passed and the version still waits."""
        return self.standing.in_review and all(line.passed for line in self.lines)

    @property
    def passed_count(self) -> int:
        """How many of the four have passed."""
        return sum(line.passed for line in self.lines)


def board(version_id: int) -> Board:
    """Return everything about verdicts on a version.

    :raises DomainError: ``not_found``
    """
    standing = catalogue.standing(version_id)
    submission = newest(version_id)
    history = list(Decision.objects.filter(version_id=version_id).select_related("submission").order_by("-at", "-id"))
    tasks = {row.angle: row for row in ReviewTask.objects.filter(submission=submission)} if submission else {}
    fresh = {row.angle: row for row in history if submission and row.submission_id == submission.pk}
    names = {one.credential_id: one.name for one in colleagues(Role.REVIEWER)}
    return Board(standing, submission, [_line(angle, fresh, tasks, names) for angle in Angle], history)


def _line(angle: Angle, fresh: Mapping[str, Decision], tasks: Mapping[str, ReviewTask], names: Mapping[int, str]) -> Line:
    task = tasks.get(angle)
    assignee = names.get(task.assignee_id, f"#{task.assignee_id}") if task and task.assignee_id else ""
    return Line(angle.value, angle.label, QUESTIONS[angle], fresh.get(angle), task, assignee)


def newest(version_id: int) -> Submission | None:
    """Return the newest submission of a version."""
    return Submission.objects.filter(version_id=version_id).order_by("-number").first()


def compared_with(submission: Submission) -> Submission | None:
    """Return what a submission is compared with: the former one of the version, else the newest one of the course's versions
    before it.
    """
    former = Submission.objects.filter(version_id=submission.version_id, number__lt=submission.number).order_by("-number").first()
    if former is not None:
        return former
    ids = catalogue.version_ids_of(submission.content["code"])
    earlier = [pk for pk in ids[: ids.index(submission.version_id)] if pk] if submission.version_id in ids else []
    return Submission.objects.filter(version_id__in=earlier).order_by("-at", "-pk").first()


def changes(submission: Submission) -> tuple[Submission | None, rules.Difference | None]:
    """Return what a submission is compared with and what differs; (None, None) for the first of its course."""
    former = compared_with(submission)
    return (former, rules.difference(former.content, submission.content)) if former else (None, None)


def last_checks(version_id: int, angle: str) -> dict[str, str]:
    """Return the newest answers on an angle of this version, without its noes: those are looked at again from nothing."""
    row = Decision.objects.filter(version_id=version_id, angle=angle).order_by("-at", "-id").first()
    return {key: answer for key, answer in row.checks.items() if answer != "no"} if row else {}


def findings(version_id: int, *, angle: str = "") -> list[Finding]:
    """Return a version's findings with what was said, open ones first, then in the order of the film."""
    rows = Finding.objects.filter(version_id=version_id).prefetch_related("entries")
    if angle:
        rows = rows.filter(angle=angle)
    order = {state: n for n, state in enumerate(Finding.State.values)}
    found = list(rows.order_by("lesson_no", "at_ms", "page", "id"))
    return sorted(found, key=lambda row: order[row.state])


def finding(finding_id: int) -> Finding | None:
    """Return one finding, or None."""
    return Finding.objects.filter(pk=finding_id).first()


def rereview(rereview_id: int) -> ReReview | None:
    """Return one re-review, or None."""
    return ReReview.objects.select_related("article").filter(pk=rereview_id).first()


def rereviews_of(version_id: int) -> list[ReReview]:
    """Return the re-reviews of a version, newest first."""
    return list(ReReview.objects.filter(version_id=version_id).select_related("article").order_by("-opened_at", "-id"))
