"""Challenges: poses in an order that only the server knows beforehand, good once and for seconds."""

import secrets
from datetime import datetime, timedelta
from itertools import pairwise
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from apps.people.identity import rules
from apps.people.identity.models import Liveness, Purpose
from apps.people.identity.shapes import LivenessView, liveness_view
from infra.kit.errors import DomainError
from tenants import limits
from tenants.api import require

RATE = "30/10 minutes"
_SAME_POSES = timedelta(minutes=10)
_LENGTH = {Purpose.ENROL: 4, Purpose.OPEN: 3, Purpose.EXAM: 3, Purpose.PRESENCE: 3}


def start(*, learner_id: int, purpose: str, at: datetime) -> LivenessView:
    """Draw a challenge for one learner and purpose; an earlier one that was not used stays good until it expires.

    Whoever asks again without having answered gets the same poses: nobody draws until they fit a clip at hand.

    :raises TooMany: 30 in ten minutes
    """
    limits.spend(RATE, "liveness", require().schema, str(learner_id))
    row = Liveness.objects.create(
        learner_id=learner_id,
        purpose=Purpose(purpose),
        actions=_waiting(learner_id, purpose, at) or draw(_LENGTH[Purpose(purpose)]),
        issued_at=at,
        expires_at=at + (rules.PRESENCE_LASTS if purpose == Purpose.PRESENCE else rules.CHALLENGE_LASTS),
    )
    return liveness_view(row)


def _waiting(learner_id: int, purpose: str, at: datetime) -> list[str] | None:
    """Return the poses that were asked for last and not answered yet, if that was not long ago."""
    rows = Liveness.objects.filter(learner_id=learner_id, purpose=purpose, used_at=None, issued_at__gt=at - _SAME_POSES)
    found: list[str] | None = rows.order_by("-issued_at", "-id").values_list("actions", flat=True).first()
    return found


def draw(length: int) -> list[str]:
    """Return poses of which no two neighbours are alike, with at least one straight and one turned."""
    while True:
        poses = [secrets.choice(["left", "right", "straight"]) for _n in range(length)]
        alike = any(one == other for one, other in pairwise(poses))
        if not alike and "straight" in poses:
            return poses


def use(challenge: UUID, *, learner_id: int, purpose: str, at: datetime) -> Liveness:
    """Use a challenge up; of two bursts for one challenge only the first counts.

    :raises DomainError: 409 ``challenge_spent``: used, too old, for something else or somebody else
    """
    rows = Liveness.objects.filter(uuid=challenge, learner_id=learner_id, purpose=purpose, used_at=None, expires_at__gte=at)
    if not rows.update(used_at=at):
        raise DomainError("challenge_spent", _("这次动作提示已过期。请点“再拍一次”，重新做动作。"), status=409)
    return Liveness.objects.get(uuid=challenge)
