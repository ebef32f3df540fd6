"""Pay that is taken back, and decisions about it. Everything here leaves a row, an entry in the ledger and a way to appeal."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.learning import ending, holding, notices, presence, rules, sealed, spans
from apps.learning.holding import Held
from apps.learning.models import PresenceCheck, ProofState, StudySession, Void
from apps.learning.quizzes import releasing
from apps.learning.spans import Spans
from apps.plans import api as plans
from infra.kit import clock
from infra.kit.errors import DomainError
from public.audit import api as audit
from public.monitor import api as monitor
from public.persons import api as persons

Outcome = PresenceCheck.Outcome


@transaction.atomic
def settle_overdue(*, check: UUID, at: datetime) -> bool:
    """Judge a check whose time is over as missed; return whether that was still to be done."""
    learner_id = PresenceCheck.objects.filter(uuid=check, outcome="").values_list("learner_id", flat=True).first()
    if learner_id is None:
        return False
    held = holding.hold(learner_id)
    row = holding.open_check(learner_id)
    if row is None or row.uuid != check or row.deadline_at >= at:
        return False
    miss(row, held, code=Void.Code.INTERACTION_TIMEOUT, at=at)
    return True


def settle_all_overdue(*, at: datetime) -> int:
    """Judge the overdue checks of this enterprise where no beat comes any more; return how many."""
    found = PresenceCheck.objects.filter(outcome="", deadline_at__lt=at).order_by("deadline_at").values_list("uuid", flat=True)
    return sum(settle_overdue(check=check, at=at) for check in list(found))


def miss(row: PresenceCheck, held: Held, *, code: str, at: datetime) -> list[Void]:
    """Judge a held check as missed: void the pay since the last proof, and lock the learner at the third miss of a day."""
    here = held.session(row.session_id) or row.session
    heard = presence.was_heard(issued_at=row.issued_at, shown_at=row.shown_at, last_at=here.last_at)
    row.outcome, row.answered_at, row.content = Outcome.MISSED, at, {}
    row.evidence = {**row.evidence, "code": code, "heard": heard}
    row.save(update_fields=["outcome", "answered_at", "content", "evidence"])
    monitor.mark(session=here.uuid, kind=monitor.Kind.MISSED, code=row.kind, at=at)
    voids = take_back(held, code=code, evidence=_evidence(row, here), check=row, at=at)
    _count(held, heard=heard, at=at)
    return voids


def _evidence(row: PresenceCheck, here: StudySession) -> dict[str, Any]:
    return {
        "check": str(row.uuid),
        "kind": row.kind,
        "issued": row.issued_at.isoformat(),
        "deadline": row.deadline_at.isoformat(),
        "shown": row.shown_at.isoformat() if row.shown_at else None,
        "tries": row.tries,
        "last_beat": here.last_at.isoformat(),
        "position_ms": here.accepted_ms,
        "terminal": here.terminal,
        "score": here.score,
        **{key: row.evidence[key] for key in ("heard", "digests", "face_checks") if key in row.evidence},
    }


def _count(held: Held, *, heard: bool, at: datetime) -> None:
    state, today = held.state, clock.shanghai_date(at)
    state.unproven_ms, state.due_ms, state.must_prove = 0, 0, True
    if heard:
        state.misses, state.misses_on = presence.misses_after(state.misses, state.misses_on, today=today), today
        if state.misses >= presence.MISSES and state.locked_at is None:
            state.locked_at = at
    state.save()
    if (row := held.open_session) is None:
        return
    if state.locked_at is not None:
        monitor.mark(session=row.uuid, kind=monitor.Kind.LOCKED, at=at)
        ending.end(row, StudySession.CloseReason.LOCKED, at)
    else:
        row.last_state = "must_prove"
        row.save(update_fields=["last_state"])


def take_back(held: Held, *, code: str, evidence: dict[str, Any], check: PresenceCheck | None, at: datetime) -> list[Void]:
    """Void all provisional pay of a held learner: coverage loses it, its days get it back, the ledger tells it."""
    lost = holding.by_courseware(held.provisional)
    for courseware_id, part in lost.items():
        _uncover(held.state.learner_id, courseware_id, part, at)
    voids = [_void(row, code, evidence, check, at) for row in held.provisional]
    if (here := held.open_session) is not None and here.courseware_id in lost:
        here.accepted_ms = min(here.accepted_ms, spans.start(lost[here.courseware_id]))
        here.save(update_fields=["accepted_ms"])
    notices.tell_voided(voids, at=at)
    return voids


def _uncover(learner_id: int, courseware_id: int, lost: Spans, at: datetime) -> None:
    row = holding.coverage_of(learner_id, courseware_id)
    row.spans, row.provisional = spans.minus(row.spans, lost), spans.minus(row.provisional, lost)
    row.position_ms, row.updated_at = min(row.position_ms, spans.start(lost)), at
    row.save(update_fields=["spans", "provisional", "position_ms", "updated_at"])


def _void(row: StudySession, code: str, evidence: dict[str, Any], check: PresenceCheck | None, at: datetime) -> Void:
    ms, days = spans.measure(row.provisional), dict(sorted(row.provisional_days.items()))
    void = Void.objects.create(
        learner_id=row.learner_id,
        session=row,
        presence_check=check,
        spans=row.provisional,
        ms=ms,
        days=days,
        code=code,
        evidence=evidence,
        at=at,
    )
    for day, share in days.items():
        persons.give_back(person_key=row.person_key, day=date.fromisoformat(day), ms=share)
    row.credited_ms, row.voided_ms = row.credited_ms - ms, row.voided_ms + ms
    row.provisional, row.provisional_days = (), {}
    row.save(update_fields=["credited_ms", "voided_ms", "provisional", "provisional_days"])
    sealed.enter_void(void, row, at=at)
    monitor.mark(session=row.uuid, kind=monitor.Kind.VOIDED, code=code, ms=ms, at=at)
    return void


@transaction.atomic
def restore_void(*, void_uuid: UUID, by: str, reason: str, at: datetime) -> Void:
    """Give voided pay again, confirmed (held back where the course's test is still to be done), as far as it was not earned anew meanwhile and its days have room; unlock if that was the lock.

    :param by: who decides, as a reference such as ``manager:12``
    :raises DomainError: ``not_found``; 409 ``decided`` where somebody has decided before
    """
    void, held = _to_decide(void_uuid)
    row = held.session(void.session_id)
    assert row is not None  # noqa: S101 - held by `_to_decide`
    cover = holding.coverage_of(void.learner_id, row.courseware_id)
    ms = _debit_again(void, row, spans.measure(spans.minus(void.spans, cover.spans)))
    part = spans.head(spans.minus(void.spans, cover.spans), ms)
    cover.spans, cover.updated_at = spans.union(cover.spans, part), at
    is_held = releasing.still_holds(row)
    cover.held = spans.union(cover.held, part) if is_held else cover.held
    cover.save(update_fields=["spans", "held", "updated_at"])
    row.credited_ms, row.voided_ms = row.credited_ms + ms, row.voided_ms - ms
    if is_held:
        row.held_ms += ms
    else:
        row.confirmed_ms += ms
    row.save(update_fields=["credited_ms", "confirmed_ms", "held_ms", "holds", "voided_ms"])
    _decide(void, row, Void.State.RESTORED, by=by, reason=reason, restored_ms=ms, at=at)
    _forgive(held.state, void)
    plans.review_completion(learner_id=void.learner_id, at=at)
    return void


@transaction.atomic
def uphold_void(*, void_uuid: UUID, by: str, reason: str, at: datetime) -> Void:
    """Decide that a void stays. Same errors as :func:`restore_void`."""
    void, held = _to_decide(void_uuid)
    row = held.session(void.session_id)
    assert row is not None  # noqa: S101 - held by `_to_decide`
    _decide(void, row, Void.State.UPHELD, by=by, reason=reason, restored_ms=0, at=at)
    return void


def _to_decide(void_uuid: UUID) -> tuple[Void, Held]:
    found = Void.objects.filter(uuid=void_uuid).first()
    if found is None:
        raise DomainError("not_found", _("没有这条作废记录，请刷新列表。"), status=404)
    held = holding.hold(found.learner_id, also=[found.session_id])
    void = Void.objects.select_for_update().get(pk=found.pk)
    if void.state == Void.State.RESTORED:
        raise DomainError("decided", _("这段学时已经恢复，无需再处理。请刷新列表。"), status=409, state=void.state)
    return void, held


def _debit_again(void: Void, row: StudySession, wanted: int) -> int:
    """Debit the days that had got the pay back, each within what is left of it; return how much that was."""
    done = 0
    for name, share in sorted(void.days.items()):
        day = date.fromisoformat(name)
        left = rules.day_left(persons.lock_day(person_key=row.person_key, day=day))
        ms = min(share, left, wanted - done)
        if ms > 0:
            persons.debit_day(person_key=row.person_key, day=day, ms=ms, cap_ms=rules.DAY_MS)
            done += ms
    return done


def _decide(void: Void, row: StudySession, state: str, *, by: str, reason: str, restored_ms: int, at: datetime) -> None:
    void.state, void.decided_by, void.decision, void.decided_at = state, by, reason, at
    void.restored_ms = restored_ms
    void.save(update_fields=["state", "decided_by", "decision", "decided_at", "restored_ms"])
    sealed.enter_correction(void, row, at=at)
    if state == Void.State.RESTORED:
        monitor.mark(session=row.uuid, kind=monitor.Kind.RESTORED, code=void.code, ms=restored_ms, at=at)
    notices.tell_decided(void, at=at)
    audit.record(f"learning.void_{state.lower()}", actor=by, target=f"void:{void.uuid}", at=at, restored_ms=restored_ms)


def _forgive(state: ProofState, void: Void) -> None:
    """A miss that was no miss does not count toward the lock."""
    check = void.presence_check
    if check is None or not check.evidence.get("heard") or state.misses_on != clock.shanghai_date(void.at) or not state.misses:
        return
    if check.voids.filter(state=Void.State.RESTORED).exclude(pk=void.pk).exists():
        return  # one miss may have voided several sittings, and is forgiven once
    state.misses -= 1
    if state.misses < presence.MISSES:
        state.locked_at = None
    state.save(update_fields=["misses", "locked_at"])


@transaction.atomic
def unlock(*, learner_id: int, by: str, reason: str, at: datetime) -> bool:
    """Let a locked learner study again, after a first check; return whether there was a lock."""
    state = holding.state_of(learner_id)
    if state.locked_at is None:
        return False
    since = state.locked_at
    state.locked_at, state.misses = None, 0
    state.save(update_fields=["locked_at", "misses"])
    audit.record("learning.unlocked", actor=by, target=f"learner:{learner_id}", at=at, reason=reason, since=since.isoformat())
    return True
