"""Presence checks: shown once they are fetched, answered within a minute, judged here. They begin in the beat."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from apps.learning import asking, holding, presence, proving, sealed, spans, voiding
from apps.learning.holding import Held
from apps.learning.models import PresenceCheck, StudySession, Void
from apps.learning.quizzes import releasing
from apps.plans import api as plans
from infra.kit.errors import DomainError
from public.monitor import api as monitor

Kind, Outcome = PresenceCheck.Kind, PresenceCheck.Outcome


def show(*, session: UUID, check: UUID, learner_id: int, terminal: str, at: datetime) -> dict[str, Any]:
    """Return what a check asks; the first time draws it. One that is over tells how it ended.

    :return: ``{uuid, kind, within_s, left_s, outcome, tries_left}`` and, while it is open, for a code ``{code (data URL of a PNG),
        digits, question, options: [{key, text}], multiple}``, for a face ``{actions, challenge}``
    :raises DomainError: ``not_found``, also for somebody else's; 409 ``wrong_terminal``
    """
    row = own(session, check, learner_id, terminal)
    if row.outcome == Outcome.OPEN and row.deadline_at < at:
        voiding.settle_overdue(check=row.uuid, at=at)
        row.refresh_from_db()
    asked = _asked(row, at) if row.outcome == Outcome.OPEN else {}  # may change the kind
    return {
        "uuid": str(row.uuid),
        "kind": row.kind,
        "within_s": (row.deadline_at - row.issued_at) // timedelta(seconds=1),
        "left_s": max(0, (row.deadline_at - at) // timedelta(seconds=1)),
        "outcome": row.outcome or "open",
        "tries_left": presence.TRIES - row.tries,
        **asked,
    }


def _asked(row: PresenceCheck, at: datetime) -> dict[str, Any]:
    kind = row.kind if row.kind == Kind.CODE or row.tries else proving.kind_of(row.learner_id, at=at)
    if kind == Kind.FACE:
        PresenceCheck.objects.filter(pk=row.pk, shown_at=None).update(shown_at=at)
        return proving.challenge(row.learner_id, at=at)
    return _asked_code(row, at)


@transaction.atomic
def _asked_code(row: PresenceCheck, at: datetime) -> dict[str, Any]:
    """Draw what is asked, once; whose face rests or is forgotten meanwhile answers by code too."""
    held = PresenceCheck.objects.select_for_update().select_related("session").get(pk=row.pk)
    if not held.content:
        held.content = asking.content_for(held.session)
    held.kind, held.shown_at = Kind.CODE, held.shown_at or at
    held.save(update_fields=["kind", "content", "shown_at"])
    row.kind = held.kind
    return asking.shown(held.content)


def answer(
    *, session: UUID, check: UUID, learner_id: int, terminal: str, code: str, chosen: Sequence[str], at: datetime
) -> dict[str, Any]:
    """Judge the answer to a code check.

    :return: ``{outcome: passed|retry|missed|pending, message, confirmed_ms, voided_ms, tries_left, position_ms, must_prove, locked}``
    :raises DomainError: ``not_found``; 409 ``wrong_terminal``; 422 ``wrong_kind`` where a face is asked; 409 ``not_shown``
    """
    row = own(session, check, learner_id, terminal)
    if row.kind != Kind.CODE:
        raise DomainError("wrong_kind", _("这次核验需要人脸，请按提示拍摄。"), status=422)
    return _answer(row, code, chosen, at)


@transaction.atomic
def _answer(found: PresenceCheck, code: str, chosen: Sequence[str], at: datetime) -> dict[str, Any]:
    held = holding.hold(found.learner_id, also=[found.session_id])
    row = PresenceCheck.objects.select_for_update().get(pk=found.pk)
    if row.outcome != Outcome.OPEN:
        return told(row, held)
    if row.deadline_at < at:
        return told(row, held, voids=voiding.miss(row, held, code=Void.Code.INTERACTION_TIMEOUT, at=at))
    if not row.content:  # never fetched, or another answer that came at the same moment has just used it up
        raise DomainError("not_shown", _("请先查看验证码再作答。"), status=409)
    row.tries += 1
    if asking.is_right(row.content, code=code, answer=chosen):
        return told(row, held, confirmed_ms=passed(row, held, at=at))
    if row.tries >= presence.TRIES:
        row.save(update_fields=["tries"])
        return told(row, held, voids=voiding.miss(row, held, code=Void.Code.IDENTITY_FAILED, at=at))
    row.content = {}  # a second try has another code and another question
    row.save(update_fields=["tries", "content"])
    return told(row, held)


def passed(row: PresenceCheck, held: Held, *, at: datetime) -> int:
    """Take a held check as passed: all pay since the last proof is confirmed; return how much, in ms. Of a course whose test is
    still to be done it is proven and held back (exclusion rule (e)).
    """
    row.outcome, row.answered_at, row.content = Outcome.PASSED, at, {}
    row.save(update_fields=["outcome", "answered_at", "content", "tries", "evidence"])
    kept = {session.pk for session in held.provisional if releasing.still_holds(session)}
    for courseware_id, _part in holding.by_courseware(held.provisional).items():
        cover = holding.coverage_of(row.learner_id, courseware_id)
        for session in held.provisional:
            if session.pk in kept and session.courseware_id == courseware_id:
                cover.held = spans.union(cover.held, session.provisional)
        cover.provisional = ()
        cover.save(update_fields=["provisional", "held"])
    proven = [(session, _confirm(session, is_held=session.pk in kept)) for session in held.provisional]
    confirmed = [(session, ms) for session, ms in proven if session.pk not in kept]
    here, state = held.open_session, held.state
    state.unproven_ms, state.due_ms = 0, presence.next_due_ms(here.score if here else 0)
    state.must_prove, state.proven_at = False, at
    state.save(update_fields=["unproven_ms", "due_ms", "must_prove", "proven_at"])
    sealed.enter_proof(row, confirmed, held_ms=sum(ms for session, ms in proven if session.pk in kept), at=at)
    monitor.mark(session=row.session.uuid, kind=monitor.Kind.PASSED, code=row.kind, at=at)
    plans.review_completion(learner_id=row.learner_id, at=at)
    return sum(ms for _session, ms in confirmed)


def _confirm(session: StudySession, *, is_held: bool) -> int:
    ms = spans.measure(session.provisional)
    if is_held:
        session.held_ms += ms
    else:
        session.confirmed_ms += ms
    session.provisional, session.provisional_days = (), {}
    session.save(update_fields=["confirmed_ms", "held_ms", "holds", "provisional", "provisional_days"])
    return ms


def told(row: PresenceCheck, held: Held, *, confirmed_ms: int = 0, voids: Sequence[Void] = ()) -> dict[str, Any]:
    """Return what the learner's page is told about an answer."""
    here, outcome = held.open_session, row.outcome or "retry"
    return {
        "outcome": outcome,
        "message": _message(outcome, confirmed_ms, is_locked=held.state.locked_at is not None),
        "confirmed_ms": confirmed_ms,
        "voided_ms": sum(void.ms for void in voids),
        "tries_left": 0 if row.outcome else presence.TRIES - row.tries,
        "position_ms": here.accepted_ms if here else 0,
        "must_prove": held.state.must_prove,
        "locked": held.state.locked_at is not None,
    }


def _message(outcome: str, confirmed_ms: int, *, is_locked: bool) -> str:
    if outcome == Outcome.PASSED:
        return _("核验通过，学习时间已确认。") if confirmed_ms else _("核验通过，请继续学习。")
    if outcome == Outcome.PENDING:
        return _("已提交，正在复核；结果出来前可以继续学习。")
    if outcome == "retry":
        return _("没有答对，请再试一次。")
    if is_locked:
        return _("今天已三次未通过核验，学习已锁定。请联系本企业培训管理员。")
    return _("没有通过核验，上次核验之后的学习时间不计入。可以申诉；点“继续学习”重新核验。")


def own(session: UUID, check: UUID, learner_id: int, terminal: str) -> PresenceCheck:
    """Return a learner's check on the terminal where it was asked.

    :raises DomainError: ``not_found``, also for somebody else's; 409 ``wrong_terminal``
    """
    rows = PresenceCheck.objects.select_related("session").filter(learner_id=learner_id, session__uuid=session)
    row = rows.filter(uuid=check).first()
    if row is None:
        raise DomainError("not_found", _("没有这次核验，请回到课程页继续学习。"), status=404)
    if row.session.terminal != terminal:
        raise DomainError("wrong_terminal", _("请在正在学习的那台设备上回答。"), status=409)
    return row
