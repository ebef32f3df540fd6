"""Opening and ending study sessions. What happens in between is `beats`.

Locks are always taken in this order: the person's lease, sessions, the learner's proofs, the person's day.
"""

import secrets
from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.learning import ending, holding, presence, proving, queries, rules, spans
from apps.learning.beats import new_nonce
from apps.learning.models import Coverage, PresenceCheck, ProofState, StudySession
from apps.learning.quizzes import queries as quizzes
from apps.learning.shapes import Lesson, Opened
from apps.people import api as people
from apps.plans import api as plans
from infra.kit import clock, identity
from infra.kit.errors import DomainError
from public.monitor import api as monitor
from public.persons import api as persons

Reason = StudySession.CloseReason
_KEY_BYTES = 32


def open_session(
    *, learner: people.LearnerView, assignment_uuid: UUID, courseware_id: int, terminal: str, ip: str, at: datetime
) -> Opened:
    """Open a study session; the newest wins, so the person's and the terminal's other sessions end (clause 二.3).

    :raises DomainError: ``not_found``, ``not_assigned``, ``not_started``, ``prerequisite``, ``in_order``; 403 ``identity_required``
        and ``locked`` (three misses in a day);
        409 ``daily_limit`` where the day's 8 学时 are used, ``in_class`` where the learner sits in an offline class;
        409 ``try_again`` where somebody else began on this terminal in the same moment
    """
    lesson = queries.lesson(learner_id=learner.id, assignment_uuid=assignment_uuid, courseware_id=courseware_id, at=at)
    plans.refuse_in_class(learner_id=learner.id, at=at)
    proving.require(learner_id=learner.id, terminal=terminal, lesson=(assignment_uuid, courseware_id), at=at)
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
    state = _proofs(learner.id, terminal, at)
    left = rules.day_left(persons.lock_day(person_key=learner.person_key, day=clock.shanghai_date(at)))
    if not left:
        raise DomainError("daily_limit", _("今天已学满 8 学时。休息一下，明天再继续。"), status=409)
    coverage = _coverage(learner.id, lesson, at)
    position = coverage.position_ms if coverage.position_ms < lesson.duration_ms else 0
    holds = quizzes.holds(learner_id=learner.id, version_id=lesson.version_id)  # under the lock of the proofs
    if lesson.gates:  # the session that has just ended may have answered one, or been sent back
        lesson = replace(lesson, gates=tuple(quizzes.gates(learner_id=learner.id, courseware_id=lesson.courseware_id)))
    covered_ms = spans.measure(coverage.spans)
    row = _begun(session, learner, lesson, coverage, at=at, position_ms=position, terminal=terminal, ip=ip, holds=holds)
    monitor.opened(
        session=row.uuid,
        learner=identity.mask_name(learner.name),
        course=row.course_title,
        lesson=row.courseware_title,
        duration_ms=row.duration_ms,
        ip=ip,
        at=at,
    )
    _go_on_proving(state, row, is_watched=rules.is_complete(covered_ms, lesson.duration_ms))
    return Opened(
        uuid=row.uuid,
        key_hex=bytes(row.key).hex(),
        nonce=row.nonce,
        next_in=row.next_in,
        position_ms=row.accepted_ms,
        furthest_ms=row.furthest_ms,
        covered_ms=covered_ms,
        duration_ms=row.duration_ms,
        day_left_ms=left,
        took_over=former is not None,
        provisional_ms=spans.measure(coverage.provisional),
        must_prove=state.must_prove,
        points=tuple(gate.at_ms for gate in lesson.gates),
    )


def _begun(
    session: UUID,
    learner: people.LearnerView,
    lesson: Lesson,
    coverage: Coverage,
    *,
    position_ms: int,
    terminal: str,
    ip: str,
    holds: bool,
    at: datetime,
) -> StudySession:
    gate = lesson.gates[0] if lesson.gates else None
    accepted, furthest = position_ms, max(position_ms, spans.end(coverage.spans))
    if gate is not None:
        accepted, furthest = min(accepted, gate.at_ms), min(furthest, gate.at_ms)
        if gate.is_closed:  # wrongly answered: its passage is watched again, however often the page is opened anew
            furthest = accepted
    return StudySession.objects.create(
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
        accepted_ms=accepted,
        furthest_ms=furthest,
        gate_ms=gate.at_ms if gate else None,
        gate=gate.uuid if gate else None,
        holds=holds,
        ends_course=lesson.ends_course,
        next_in=rules.next_beat_s(),
    )


def _proofs(learner_id: int, terminal: str, at: datetime) -> ProofState:
    """Lock the learner's proofs; a proof at opening that is new here draws the first check."""
    state = holding.state_of(learner_id)
    if state.locked_at is not None:
        raise DomainError(
            "locked", _("今天已三次未通过在场核验，学习已锁定。请联系本企业培训管理员解锁，或在学习记录中申诉。"), status=403
        )
    state.kind = proving.kind_of(learner_id, at=at)
    if state.terminal != terminal or state.opened_at is None or at - state.opened_at > presence.OPENING_FRESH:
        first = state.unproven_ms + presence.draw_ms(presence.FIRST_S)
        state.due_ms = min(state.due_ms, first) if state.opened_at else first
        state.terminal, state.opened_at = terminal, at
    return state


def _go_on_proving(state: ProofState, row: StudySession, *, is_watched: bool) -> None:
    """What was open goes with the learner: a check to the new session, and the last one of a course that only lacks the proof."""
    if row.ends_course and is_watched and state.unproven_ms:
        state.due_ms = 0
    state.save()
    PresenceCheck.objects.filter(learner_id=row.learner_id, outcome="").update(session=row)


def _coverage(learner_id: int, lesson: Lesson, at: datetime) -> Coverage:
    defaults = {"duration_ms": lesson.duration_ms, "updated_at": at}
    row, _made = Coverage.objects.get_or_create(learner_id=learner_id, courseware_id=lesson.courseware_id, defaults=defaults)
    return row


def _end_others(learner: people.LearnerView, terminal: str, at: datetime) -> None:
    rows = StudySession.objects.select_for_update().filter(Q(learner_id=learner.id) | Q(terminal=terminal), closed_at=None)
    for row in rows.order_by("id"):
        ending.end(row, Reason.TAKEN_OVER if row.learner_id == learner.id else Reason.TERMINAL_TAKEN, at)


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
        ending.end(row, reason, at)


def close_idle(*, at: datetime) -> int:
    """End the sessions of this enterprise that were silent for 30 minutes; return how many."""
    silent = StudySession.objects.filter(closed_at=None, last_at__lt=at - rules.IDLE)
    found = list(silent.order_by("id").values_list("uuid", "person_key"))
    for session, person_key in found:
        mine = persons.holds_lease(person_key=person_key, session=session)
        close_session(session=session, reason=Reason.IDLE if mine else Reason.TAKEN_OVER, at=at)
    return len(found)


def close_archived(*, learner_id: int, at: datetime) -> int:
    """End the open session of a learner who was taken off the books; return how many there were."""
    found = list(StudySession.objects.filter(closed_at=None, learner_id=learner_id).values_list("uuid", flat=True))
    for session in found:
        close_session(session=session, reason=Reason.ARCHIVED, at=at)
    return len(found)


def close_all(*, at: datetime) -> int:
    """End every open session of this enterprise, for it is in use no more; what was confirmed is entered. Returns how many."""
    found = list(StudySession.objects.filter(closed_at=None).order_by("id").values_list("uuid", flat=True))
    for session in found:
        close_session(session=session, reason=Reason.SUSPENDED, at=at)
    return len(found)


def close_recalled(*, version_id: int, at: datetime) -> int:
    """End the open sessions of this enterprise with a version that was taken down; return how many."""
    found = list(StudySession.objects.filter(closed_at=None, version_id=version_id).order_by("id").values_list("uuid", flat=True))
    for session in found:
        close_session(session=session, reason=Reason.RECALLED, at=at)
    return len(found)
