"""Opening and ending study sessions. What happens in between is `beats`.

Locks are always taken in this order: the person's lease, sessions, the person's day.
"""

import secrets
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.learning import queries, rules, spans
from apps.learning.beats import new_nonce
from apps.learning.models import Coverage, StudySession
from apps.learning.shapes import Lesson, Opened
from apps.people import api as people
from apps.plans import api as plans
from apps.records import api as records
from infra.kit import clock
from infra.kit.errors import DomainError
from public.persons import api as persons

Reason = StudySession.CloseReason
_KEY_BYTES = 32


def open_session(
    *, learner: people.LearnerView, assignment_uuid: UUID, courseware_id: int, terminal: str, ip: str, at: datetime
) -> Opened:
    """Open a study session; the newest wins, so the person's and the terminal's other sessions end (clause 二.3).

    :raises DomainError: ``not_found``, ``not_assigned``; 409 ``daily_limit`` where the day's 8 学时 are used;
        403 ``identity_required`` with ``url``; 409 ``try_again`` where somebody else began on this terminal in the same moment
    """
    lesson = queries.lesson(learner_id=learner.id, assignment_uuid=assignment_uuid, courseware_id=courseware_id)
    page = reverse("learn-player", args=[assignment_uuid, courseware_id], urlconf=settings.ENTERPRISE_URLCONF)
    people.require_identity(learner_id=learner.id, terminal=terminal, at=at, back=page)
    try:
        return begin(learner=learner, lesson=lesson, terminal=terminal, ip=ip, at=at)
    except IntegrityError as error:
        raise DomainError("try_again", _("刚刚有人在这台设备上开始学习。请再点一次开始。"), status=409) from error


@transaction.atomic
def begin(*, learner: people.LearnerView, lesson: Lesson, terminal: str, ip: str, at: datetime) -> Opened:
    """Open a session for a lesson that was found allowed. Same errors as :func:`open_session`, or IntegrityError in a race."""
    session = uuid4()
    former = persons.take_lease(person_key=learner.person_key, session=session, at=at)
    _end_others(learner, terminal, at)
    left = rules.day_left(persons.lock_day(person_key=learner.person_key, day=clock.shanghai_date(at)))
    if not left:
        raise DomainError("daily_limit", _("今天已学满 8 学时。休息一下，明天再继续。"), status=409)
    coverage = _coverage(learner.id, lesson, at)
    position = coverage.position_ms if coverage.position_ms < lesson.duration_ms else 0
    row = StudySession.objects.create(
        uuid=session,
        learner_id=learner.id,
        person_key=learner.person_key,
        assignment_id=lesson.assignment_id,
        courseware_id=lesson.courseware_id,
        version_id=lesson.version_id,
        course_code=lesson.course_code,
        course_title=lesson.course_title,
        version_no=lesson.version_no,
        courseware_title=lesson.title,
        media=lesson.media,
        duration_ms=lesson.duration_ms,
        ip=ip,
        terminal=terminal,
        opened_at=at,
        nonce=new_nonce(),
        key=secrets.token_bytes(_KEY_BYTES),
        last_at=at,
        accepted_ms=position,
        furthest_ms=max(position, spans.end(coverage.spans)),
        next_in=rules.next_beat_s(),
    )
    return Opened(
        uuid=row.uuid,
        key_hex=bytes(row.key).hex(),
        nonce=row.nonce,
        next_in=row.next_in,
        position_ms=row.accepted_ms,
        furthest_ms=row.furthest_ms,
        covered_ms=spans.measure(coverage.spans),
        duration_ms=row.duration_ms,
        day_left_ms=left,
        took_over=former is not None,
    )


def _coverage(learner_id: int, lesson: Lesson, at: datetime) -> Coverage:
    defaults = {"duration_ms": lesson.duration_ms, "updated_at": at}
    row, _made = Coverage.objects.get_or_create(learner_id=learner_id, courseware_id=lesson.courseware_id, defaults=defaults)
    return row


def _end_others(learner: people.LearnerView, terminal: str, at: datetime) -> None:
    rows = StudySession.objects.select_for_update().filter(Q(learner_id=learner.id) | Q(terminal=terminal), closed_at=None)
    for row in rows.order_by("id"):
        _end(row, Reason.TAKEN_OVER if row.learner_id == learner.id else Reason.TERMINAL_TAKEN, at)


@transaction.atomic
def close_session(*, session: UUID, reason: str, at: datetime, learner_id: int | None = None) -> None:
    """End a session, seal it in the ledger and review what it completes. Ending an ended one changes nothing.

    :param learner_id: whose it must be, when a learner asks
    :raises DomainError: ``not_found``
    :raises ValueError: an unknown reason
    """
    reason = Reason(reason).value
    row = StudySession.objects.filter(uuid=session).first()
    if row is None or learner_id not in {None, row.learner_id}:
        raise DomainError("not_found", _("没有这次学习。请回到课程页重新开始。"), status=404)
    persons.release_lease(person_key=row.person_key, session=row.uuid)
    row = StudySession.objects.select_for_update().get(pk=row.pk)
    if row.is_open:
        _end(row, reason, at)


def close_idle(*, at: datetime) -> int:
    """End the sessions of this enterprise that were silent for 30 minutes; return how many."""
    silent = StudySession.objects.filter(closed_at=None, last_at__lt=at - rules.IDLE)
    found = list(silent.order_by("id").values_list("uuid", "person_key"))
    for session, person_key in found:
        mine = persons.holds_lease(person_key=person_key, session=session)
        close_session(session=session, reason=Reason.IDLE if mine else Reason.TAKEN_OVER, at=at)
    return len(found)


def close_recalled(*, version_id: int, at: datetime) -> int:
    """End the open sessions of this enterprise with a version that was taken down; return how many."""
    found = list(StudySession.objects.filter(closed_at=None, version_id=version_id).order_by("id").values_list("uuid", flat=True))
    for session in found:
        close_session(session=session, reason=Reason.RECALLED, at=at)
    return len(found)


def _end(row: StudySession, reason: str, at: datetime) -> None:
    row.closed_at, row.close_reason, row.key = max(at, row.last_at), reason, b""
    row.save(update_fields=["closed_at", "close_reason", "key"])
    learner = people.learner(row.learner_id)
    records.append_entry(kind="STUDY_SESSION", subject=learner.uuid, body=_sealed(row, learner), at=at)
    plans.review_completion(learner_id=row.learner_id, at=at)


def _sealed(row: StudySession, learner: people.LearnerView) -> dict[str, Any]:
    """Return the statutory record of one sitting (clauses 四.6 and 七.1): who, what, from when to when, where."""
    silent = row.close_reason in {Reason.IDLE, Reason.TAKEN_OVER} or row.closed_at is None
    end = row.last_at if silent else row.closed_at
    return {
        "session": str(row.uuid),
        "learner": str(learner.uuid),
        "person_key": learner.person_key,
        "masked_id": learner.masked_id,
        "assignment": row.assignment_id,
        "course": {"code": row.course_code, "title": row.course_title, "version": row.version_no, "version_id": row.version_id},
        "courseware": {"id": row.courseware_id, "title": row.courseware_title, "media": str(row.media)},
        "duration_ms": row.duration_ms,
        "start": row.opened_at.isoformat(),
        "end": (end or row.last_at).isoformat(),
        "ip": row.ip,
        "terminal": row.terminal,
        "effective_s": row.credited_ms // 1000,
        "effective_ms": row.credited_ms,
        "beats": row.seq,
        "reason": row.close_reason,
    }
