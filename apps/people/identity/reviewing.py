"""Checks that a person has to decide: what managers see of them, and what follows from their word."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from apps.people.identity import judging, vault
from apps.people.identity.models import FaceCheck, Identity, Outcome, Purpose
from infra.kit.errors import DomainError
from public.audit import api as audit


@dataclass(frozen=True, slots=True)
class Case:
    """One check in the queue. ``pictures``: how many snapshots may be looked at; none of an enrolment, whose photo nobody may see."""

    row: FaceCheck
    pictures: int


def queue(*, decided: bool = False) -> QuerySet[FaceCheck]:
    """Return the checks that wait for a decision, oldest first, or those that were decided, newest first."""
    rows = FaceCheck.objects.select_related("learner", "learner__unit", "decided_by")
    return (
        rows.exclude(decided_at=None).order_by("-decided_at") if decided else rows.filter(outcome=Outcome.REVIEW).order_by("at")
    )


def case(check: UUID, *, manager_id: int, ip: str, at: datetime) -> Case:
    """Return one check of the queue, and write down who looked.

    :raises DomainError: 404 ``not_found``: never in review, or not of this enterprise
    """
    row = _found(check)
    _noted("people.face_viewed", row, manager_id, ip, at)
    return Case(row, 0 if row.purpose == Purpose.ENROL else len(_pictures(row)))


def picture(check: UUID, number: int, *, manager_id: int, ip: str, at: datetime) -> bytes:
    """Return one snapshot of a check that waits for a decision, as JPEG, and write down who looked.

    :raises DomainError: 404 ``not_found``: an enrolment, a decided check, no such picture, or another enterprise's
    """
    row = _found(check)
    found = _pictures(row) if row.purpose != Purpose.ENROL and row.outcome == Outcome.REVIEW else []
    if number >= len(found):
        raise _missing()
    _noted("people.face_picture_viewed", row, manager_id, ip, at, number=number)
    return found[number]


def decide(*, check: UUID, is_same: bool, note: str, manager_id: int, ip: str, at: datetime) -> FaceCheck:
    """Decide a check: it is the learner, or not. Told by the signal `face_checked`, entered in the ledger and the log.

    :raises DomainError: 404 ``not_found``; 409 ``decided``; 422 ``note_missing`` where the answer is no and no reason is given
    """
    note = note.strip()[:200]
    if not is_same and not note:
        raise DomainError("note_missing", _("请写明为什么不是本人，学员申诉时会用到。"), status=422, field="note")
    with transaction.atomic():
        row = FaceCheck.objects.select_for_update().filter(uuid=check).first()
        if row is None or (row.outcome != Outcome.REVIEW and row.decided_at is None):
            raise _missing()
        if row.outcome != Outcome.REVIEW:
            raise DomainError("decided", _("这条已经有人处理过，请刷新名单。"), status=409)
        identity = Identity.objects.select_for_update().get(learner_id=row.learner_id)
        row.outcome = Outcome.PASS if is_same else Outcome.FAIL
        row.decided_by_id, row.decided_at, row.note = manager_id, at, note
        row.save(update_fields=["outcome", "decided_by", "decided_at", "note"])
        judging.settle(row, identity, at)
        _noted("people.face_decided", row, manager_id, ip, at, outcome=str(row.outcome))
    return row


def _found(check: UUID) -> FaceCheck:
    row = FaceCheck.objects.select_related("learner", "learner__unit", "decided_by").filter(uuid=check).first()
    if row is None or (row.outcome != Outcome.REVIEW and row.decided_at is None):
        raise _missing()
    return row


def _pictures(row: FaceCheck) -> list[bytes]:
    identity = Identity.objects.get(learner_id=row.learner_id)
    try:
        return vault.take(row.frames, identity) if row.frames else []
    except (vault.Forgotten, FileNotFoundError):
        return []


def _noted(action: str, row: FaceCheck, manager_id: int, ip: str, at: datetime, **details: Any) -> None:
    audit.record(action, actor=f"manager:{manager_id}", target=f"face-check:{row.uuid}", at=at, ip=ip, **details)


def _missing() -> DomainError:
    return DomainError("not_found", _("没有这条核验，或已处理完。请回到复核名单。"), status=404)
