"""Reads of the review: where each version stands, what waits for whom."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from infra.kit.errors import DomainError
from public.catalogue.models import CourseVersion  # author and dates of a version; the catalogue's door does not show them
from public.review.models import Decision


@dataclass(frozen=True, slots=True)
class Standing:
    """What decides who may do what to a version."""

    version_id: int
    author_id: int
    state: str
    submitted_at: datetime | None

    @property
    def in_review(self) -> bool:
        """Whether reviewers have it."""
        return self.state == CourseVersion.State.IN_REVIEW


@dataclass(frozen=True, slots=True)
class Line:
    """One angle with its latest verdict since the submission (None: nobody has judged yet)."""

    angle: str
    name: Any
    question: Any
    latest: Decision | None

    @property
    def passed(self) -> bool:
        """Whether the latest verdict is a pass."""
        return self.latest is not None and self.latest.verdict == Decision.Verdict.PASS


@dataclass(frozen=True, slots=True)
class Board:
    """One version on the table: four lines, the whole history, who wrote it."""

    standing: Standing
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


QUESTIONS = {
    Decision.Angle.POLITICAL: _("政治方向、价值导向和表述是否正确？"),
    Decision.Angle.COMPLIANCE: _("引用的法律法规和标准是否现行有效、准确？"),
    Decision.Angle.COMPLETENESS: _("内容是否覆盖培训大纲要点，课件和题目是否齐全？"),
    Decision.Angle.FIT: _("是否适合所面向的人员、行业和岗位？"),
}


def _standing(version: CourseVersion | None) -> Standing:
    if version is None:
        raise DomainError("not_found", _("没有找到课程版本，它可能已下架。"), status=404)
    return Standing(version.pk, version.author_id, version.state, version.submitted_at)


def locked(version_id: int) -> Standing:
    """Return a version's standing and hold it for the transaction, so that two people do not decide past each other.

    :raises DomainError: ``not_found``
    """
    return _standing(CourseVersion.objects.select_for_update().filter(pk=version_id).first())


def board(version_id: int) -> Board:
    """Return everything the review page shows.

    :raises DomainError: ``not_found``
    """
    standing = _standing(CourseVersion.objects.filter(pk=version_id).first())
    history = list(Decision.objects.filter(version_id=version_id).order_by("-at", "-id"))
    since = standing.submitted_at
    fresh = [row for row in history if since is not None and row.at >= since]
    return Board(standing, [_line(angle, fresh) for angle in Decision.Angle], history)


def _line(angle: Decision.Angle, fresh: list[Decision]) -> Line:
    return Line(angle.value, angle.label, QUESTIONS[angle], next((row for row in fresh if row.angle == angle), None))


def own_version_ids(author_id: int) -> set[int]:
    """Return the versions a person wrote."""
    return set(CourseVersion.objects.filter(author_id=author_id).values_list("pk", flat=True))


def ready_version_ids() -> set[int]:
    """Return the versions in review whose four angles have passed."""
    waiting = CourseVersion.objects.filter(state=CourseVersion.State.IN_REVIEW).values_list("pk", flat=True)
    return {pk for pk in waiting if board(pk).may_publish}


def drafts_of(author_id: int) -> dict[str, int]:
    """Return how many drafts a person has, and how many of them came back from review."""
    mine = CourseVersion.objects.filter(author_id=author_id, state=CourseVersion.State.DRAFT)
    return mine.aggregate(drafts=Count("pk"), returned=Count("pk", filter=Q(submitted_at__isnull=False)))


def waiting_for(reviewer_id: int) -> int:
    """Return how many versions in review a person may judge."""
    rows = CourseVersion.objects.filter(state=CourseVersion.State.IN_REVIEW).exclude(author_id=reviewer_id)
    return rows.exclude(pk__in=ready_version_ids()).count()
