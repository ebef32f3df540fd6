"""Signatures of a version, for audits."""

from dataclasses import dataclass
from datetime import datetime

from public.review import signing
from public.review.models import Angle
from public.review.queries.board import board


@dataclass(frozen=True, slots=True)
class Signature:
    """The newest verdict on one angle. ``is_whole``: a pass whose signature and content were checked just now."""

    angle: str
    angle_name: str
    reviewer: str
    at: datetime | None
    digest: str
    is_whole: bool


def signatures(version_id: int) -> list[Signature]:
    """Return the four angles of a version's newest submission; ``is_whole`` is False where nobody passed it.

    :raises DomainError: ``not_found``
    """
    return [
        Signature(
            line.angle,
            str(line.name),
            line.latest.reviewer_name if line.latest else "",
            line.latest.at if line.latest else None,
            line.latest.digest if line.latest else "",
            line.passed and line.latest is not None and signing.verify(line.latest),
        )
        for line in board(version_id).lines
    ]


ANGLE_COUNT = len(Angle.values)
"""How many signatures a published version needs."""
