"""Presence checks by face: frames are judged elsewhere and may take a while, so the check waits as ``pending`` meanwhile.

While it waits its deadline stands still, pay stays provisional, and the next check comes soon. Nothing but ``pass`` confirms.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from apps.learning import checks, holding, presence, proving, voiding
from apps.learning.holding import Held
from apps.learning.models import PresenceCheck, Void
from infra.kit.errors import DomainError

Kind, Outcome = PresenceCheck.Kind, PresenceCheck.Outcome
_AGAIN = timedelta(seconds=30)
"""Least time for another try after frames that could not be judged."""
_MOST_BURSTS = 4
"""Bursts that one check allows, those included that were too dark or blurred to judge."""


def answer(
    *, session: UUID, check: UUID, learner_id: int, terminal: str, frames: Sequence[bytes], challenge: UUID | None, at: datetime
) -> dict[str, Any]:
    """Judge a burst of frames for a check; same result as `checks.answer`.

    :raises DomainError: ``not_found``; 409 ``wrong_terminal``; 422 ``wrong_kind`` where a code is asked; what `proving.hand_in` raises
    """
    row = checks.own(session, check, learner_id, terminal)
    if row.kind != Kind.FACE:
        raise DomainError("wrong_kind", _("这次核验需要输入验证码并回答问题。"), status=422)
    ready = _begin(row, at)
    if ready is not None:
        return ready
    try:
        view = proving.hand_in(learner_id=learner_id, check=check, frames=frames, answers=challenge, at=at)
    except DomainError:
        _reopen(row)
        raise
    return judge(check=check, face=view.uuid, outcome=view.outcome, digests=view.digests, at=at)


@transaction.atomic
def _begin(found: PresenceCheck, at: datetime) -> dict[str, Any] | None:
    """Let the check wait for the judgement; returns the answer at once where it is over already."""
    held = holding.hold(found.learner_id, also=[found.session_id])
    row = PresenceCheck.objects.select_for_update().get(pk=found.pk)
    if row.outcome != Outcome.OPEN:
        return checks.told(row, held)
    if row.deadline_at < at:
        return checks.told(row, held, voids=voiding.miss(row, held, code=Void.Code.INTERACTION_TIMEOUT, at=at))
    row.outcome, row.shown_at = Outcome.PENDING, row.shown_at or at
    row.evidence = {**row.evidence, "bursts": row.evidence.get("bursts", 0) + 1}
    row.save(update_fields=["outcome", "shown_at", "evidence"])
    held.state.due_ms = held.state.unproven_ms + presence.draw_ms(presence.WATCHED_S)
    held.state.save(update_fields=["due_ms"])
    return None


@transaction.atomic
def _reopen(found: PresenceCheck) -> None:
    """Frames that were not even taken do not count as a try."""
    holding.hold(found.learner_id)
    row = PresenceCheck.objects.select_for_update().get(pk=found.pk)
    if row.outcome == Outcome.PENDING and holding.open_check(row.learner_id) is None:
        row.outcome = Outcome.OPEN
        row.save(update_fields=["outcome"])


@transaction.atomic
def judge(*, check: UUID, face: UUID, outcome: str, digests: Sequence[str] = (), at: datetime) -> dict[str, Any]:
    """Take in what a face check came to: now, or later from a worker or a manager. Each is taken in once, told twice or not.

    :param outcome: pass, retry, review, fail or pending, of `people.FaceCheckView`
    """
    learner_id, session_id = PresenceCheck.objects.values_list("learner_id", "session_id").get(uuid=check)
    held = holding.hold(learner_id, also=[session_id])
    row = PresenceCheck.objects.select_for_update().get(uuid=check)
    known, waits = row.evidence.get("face_checks", []), outcome in {"pending", "review"}
    row.evidence = {**row.evidence, "digests": sorted({*row.evidence.get("digests", []), *digests})}
    is_new = row.outcome == Outcome.PENDING and not waits and str(face) not in known
    if is_new:
        row.evidence["face_checks"] = [*known, str(face)]
    row.save(update_fields=["evidence"])
    if not is_new:
        return checks.told(row, held)
    if outcome == "pass":
        return checks.told(row, held, confirmed_ms=checks.passed(row, held, at=at))
    return _failed(row, held, outcome, at)


def _failed(row: PresenceCheck, held: Held, outcome: str, at: datetime) -> dict[str, Any]:
    row.tries += outcome == "fail"
    row.save(update_fields=["tries"])
    is_over = row.tries >= presence.TRIES or row.evidence.get("bursts", 0) >= _MOST_BURSTS
    if is_over or holding.open_check(row.learner_id) is not None:
        return checks.told(row, held, voids=voiding.miss(row, held, code=Void.Code.IDENTITY_FAILED, at=at))
    row.outcome, row.deadline_at = Outcome.OPEN, max(row.deadline_at, at + _AGAIN)
    row.save(update_fields=["outcome", "deadline_at"])
    return checks.told(row, held)
