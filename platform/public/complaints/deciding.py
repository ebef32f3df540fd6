"""The decision: with its reason, by a person; for a linked appeal by what the appeal came to. Runs on the platform."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from infra.kit.errors import DomainError
from public.appeals import api as appeals
from public.complaints import access, content, diary, handling, reporting, telling
from public.complaints.diary import Desk, Kind, require_desk
from public.complaints.locking import RUNNING, State, held, words
from public.complaints.models import Complaint

Outcome = Complaint.Outcome
_OF_APPEAL = {"RESTORED": Outcome.UPHELD, "UPHELD": Outcome.UNFOUNDED}


@transaction.atomic
def decide(*, complaint: UUID, outcome: str, reason: str, choice: str = "", desk: Desk) -> None:
    """Decide a complaint; the complainant reads outcome and reason. Access to records ends with it.

    :param choice: what becomes of a hidden course, see `content.settle`
    :raises DomainError: 403; 404; 409 ``wrong_state``, ``same_person``; 422 ``unknown_outcome``, ``reason_missing``, ``choice_missing``
    """
    require_desk(desk)
    row = held(complaint, State.OPEN, State.WAITING)
    handling.require_other_person(row, desk)
    if outcome not in Outcome.values:
        raise DomainError("unknown_outcome", _("请选择处理结果。"), status=422, field="outcome")
    reason = words(reason, field="reason", message=_("请写明处理经过和依据，投诉人会看到。"), least=10)
    content.settle(row, choice=choice, desk=desk)
    _close(row, outcome, reason, desk.at, desk.me.credential_id)
    diary.by_desk(row, Kind.DECIDED, desk, text=reason, shown=True)
    access.end_all(row, at=desk.at)
    telling.leave(row, telling.DECIDED)


@transaction.atomic
def follow_appeal(*, case: UUID, at: datetime) -> bool:
    """Close the complaint that is linked to an appeal as the appeal was decided; told twice, once.

    :returns: whether one was closed
    """
    found = appeals.case(case)
    row = Complaint.objects.select_for_update().filter(about=f"appeal:{case}", state__in=RUNNING).first()
    if row is None or row.held_at or found is None or found.state not in _OF_APPEAL:  # what is hidden needs a person's word
        return False
    row.answered_at = row.answered_at or at
    _close(row, _OF_APPEAL[found.state], found.reason, at, None)
    diary.by_system(row, Kind.DECIDED, at=at, text=found.reason, shown=True)
    access.end_all(row, at=at)
    telling.leave(row, telling.DECIDED)
    return True


def _close(row: Complaint, outcome: str, reason: str, at: datetime, by: int | None) -> None:
    handling.resume(row, at)  # the time of a pause is not ours, also where nobody answered
    row.state, row.outcome, row.reason = State.DECIDED, outcome, reason[:2000]
    row.decided_at, row.decided_by, row.paused_at = at, by, None
    row.save(update_fields=["state", "outcome", "reason", "decided_at", "decided_by", "paused_at", "answered_at"])
    reporting.report(row, at=at)
