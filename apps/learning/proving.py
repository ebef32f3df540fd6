"""The seam to people's identity: how a learner proves who is there. Everything else of learning asks here."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.people import api as people
from infra.kit.errors import DomainError

_ABOUT = "learning.check:"


def kind_of(learner_id: int, *, at: datetime) -> str:
    """Return how a learner answers checks: ``face`` where it was chosen, enrolled and does not rest, else ``code``."""
    view = people.identity_of(learner_id, at=at)
    return "face" if view.method == "face" and view.is_enrolled and view.locked_until is None else "code"


def require(*, learner_id: int, terminal: str, lesson: tuple[UUID, int], at: datetime) -> None:
    """Refuse to open a lesson to somebody who has not proved within 12 hours on this terminal who is there.

    :param lesson: assignment and courseware, to come back to
    :raises DomainError: 403 ``identity_required`` with ``url`` and ``needs``
    """
    page = reverse("learn-player", args=lesson, urlconf=settings.ENTERPRISE_URLCONF)
    people.require_identity(learner_id=learner_id, terminal=terminal, at=at, back=page)


def challenge(learner_id: int, *, at: datetime) -> dict[str, Any]:
    """Return poses to hold: ``{actions, challenge}``; good once and for seconds."""
    view = people.start_liveness(learner_id=learner_id, purpose="presence", at=at)
    return {"actions": view.actions, "challenge": str(view.uuid)}


def hand_in(*, learner_id: int, check: UUID, frames: Sequence[bytes], answers: UUID | None, at: datetime) -> people.FaceCheckView:
    """Have a burst of frames judged for a presence check; outside a transaction, or the answer is always ``pending``.

    A plain snapshot is not enough: without held poses a photo before the camera would do.

    :raises DomainError: 422 ``challenge_missing``, ``frames_invalid``; 409 ``challenge_spent``, ``not_enrolled``; 429 ``face_rests``
    """
    if answers is None:
        raise DomainError("challenge_missing", _("请按提示转头拍摄，不能直接上传照片。"), status=422)
    return people.check_face(
        learner_id=learner_id, purpose="presence", frames=frames, challenge=answers, about=f"{_ABOUT}{check}", at=at
    )


def check_named(about: str) -> UUID | None:
    """Return the presence check that a face check was about, None for any other."""
    name = about.removeprefix(_ABOUT)
    try:
        return UUID(name) if name != about else None
    except ValueError:
        return None
