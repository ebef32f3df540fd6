"""What others may know of an identity."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from apps.people.identity.models import FaceCheck, Liveness

Need = Literal["consent", "enrol", "proof"]


@dataclass(frozen=True, slots=True)
class IdentityView:
    """How a learner proves who is there. ``needs``: what is missing before a lesson may open (None: nothing, or nobody asked
    about a terminal). ``locked_until``: the face rests after too many failures; the code still works."""

    method: Literal["face", "code"] | None
    is_enrolled: bool
    needs: Need | None
    locked_until: datetime | None
    notice_version: str
    chosen_at: datetime | None
    enrolled_at: datetime | None


@dataclass(frozen=True, slots=True)
class LivenessView:
    """A challenge: hold these poses in this order; ``left`` is the person's own left."""

    uuid: UUID
    actions: list[str]
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class FaceCheckView:
    """One check. ``score`` is the likeness with the enrolled face, -1 to 1; ``digests`` are SHA-256 of the frames in hex."""

    uuid: UUID
    outcome: Literal["pass", "retry", "review", "fail", "pending"]
    score: float | None
    provider: str
    flags: list[str]
    digests: list[str]
    purpose: str
    about: str
    at: datetime


def liveness_view(row: Liveness) -> LivenessView:
    """Return the view of a row."""
    return LivenessView(row.uuid, list(row.actions), row.expires_at)


def check_view(row: FaceCheck) -> FaceCheckView:
    """Return the view of a row."""
    return FaceCheckView(
        uuid=row.uuid,
        outcome=row.outcome,  # type: ignore[arg-type]  # one of Outcome
        score=row.score,
        provider=row.provider,
        flags=list(row.flags),
        digests=list(row.digests),
        purpose=row.purpose,
        about=row.about,
        at=row.at,
    )
