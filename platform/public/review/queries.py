"""Reads of the review: where each version stands, what waits for whom."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from public.catalogue import api as catalogue
from public.catalogue.api import Standing
from public.review.models import Decision

IN_REVIEW = "IN_REVIEW"


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


def locked(version_id: int) -> Standing:
    """Return a version's standing and hold it for the transaction, so that two people do not decide past each other.

    :raises DomainError: ``not_found``
    """
    return catalogue.standing(version_id, hold=True)


def board(version_id: int) -> Board:
    """Return everything the review page shows.

    :raises DomainError: ``not_found``
    """
    standing = catalogue.standing(version_id)
    history = list(Decision.objects.filter(version_id=version_id).order_by("-at", "-id"))
    since = standing.submitted_at
    fresh = [row for row in history if since is not None and row.at >= since]
    return Board(standing, [_line(angle, fresh) for angle in Decision.Angle], history)


def _line(angle: Decision.Angle, fresh: list[Decision]) -> Line:
    return Line(angle.value, angle.label, QUESTIONS[angle], next((row for row in fresh if row.angle == angle), None))


def own_version_ids(author_id: int) -> set[int]:
    """Return the versions a person wrote."""
    return {row.version_id for row in catalogue.standings(author_id=author_id)}


def ready_version_ids() -> set[int]:
    """Return the versions in review whose four angles have passed."""
    return {row.version_id for row in catalogue.standings(state=IN_REVIEW) if board(row.version_id).may_publish}


def drafts_of(author_id: int) -> dict[str, int]:
    """Return how many drafts a person has, and how many of them came back from review."""
    mine = catalogue.standings(state="DRAFT", author_id=author_id)
    return {"drafts": len(mine), "returned": sum(row.submitted_at is not None for row in mine)}


def waiting_for(reviewer_id: int) -> int:
    """Return how many versions in review a person may judge."""
    ready = ready_version_ids()
    rows = catalogue.standings(state=IN_REVIEW)
    return sum(row.author_id != reviewer_id and row.version_id not in ready for row in rows)
