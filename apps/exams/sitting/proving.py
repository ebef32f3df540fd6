"""Who sits there: asked at the start, on another device, and at random moments where the policy says so (clause 二.1).

By face where the learner chose it, or by a code of equal worth; the code is always open. Nothing that breaks on our side holds an
exam up: a face that nobody could judge, or a code that could not be sent, lets it go on as ``pending`` and stays in the log.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.exams.sitting import keys, rules
from apps.exams.sitting.models import Attempt, AttemptStep
from apps.exams.sitting.services import Kind, locked, log
from apps.people import api as people
from apps.plans import api as plans
from infra.kit.errors import DomainError

_ABOUT = "exams.attempt:"
_LETS_ON = {"pass": Kind.CHECK_PASSED, "pending": Kind.CHECK_PENDING, "review": Kind.CHECK_PENDING}
_FINAL = (Kind.CHECK_PASSED, Kind.CHECK_FAILED)


@transaction.atomic
def ask(*, attempt_uuid: UUID, learner_id: int, terminal: str, at: datetime) -> dict[str, Any]:
    """Return how the learner proves now who is there; the first time a check is asked for is logged.

    :return: ``{"method": "face", "actions", "challenge"}``, ``{"method": "code"}``, or ``{"method": ""}``: nothing is asked
    :raises DomainError: ``not_found`` (404), ``submitted`` (409), ``page_expired`` (401) on a device that the exam has left
    :raises TooMany: 30 challenges in ten minutes
    """
    row = _open(attempt_uuid, learner_id, terminal, at)
    if not rules.is_asked(row.check_due_at, at):
        return {"method": ""}
    since = AttemptStep.objects.filter(attempt=row, at__gte=row.check_due_at)
    if not since.filter(kind=Kind.CHECK_ASKED).exists():
        why = "random" if row.proven_at else "start"
        log(row, Kind.CHECK_ASKED, at=at, terminal=terminal, facts={"why": why})
    failed = since.filter(kind=Kind.CHECK_FAILED).count()
    if failed >= rules.FACE_FAILURES or not _has_face(learner_id, at):
        return {"method": "code"}
    view = people.start_liveness(learner_id=learner_id, purpose="exam", at=at)
    return {"method": "face", "actions": view.actions, "challenge": str(view.uuid)}


def _has_face(learner_id: int, at: datetime) -> bool:
    view = people.identity_of(learner_id, at=at)
    return view.method == "face" and view.is_enrolled and view.locked_until is None


def _open(attempt_uuid: UUID, learner_id: int, terminal: str, at: datetime) -> Attempt:
    """Lock a try that is open on this device: on another one nobody can prove who sits here."""
    row = locked(attempt_uuid, learner_id)
    if row.submitted_at is not None or rules.is_over(at, row.due_at):
        raise DomainError("submitted", gettext_lazy("这场考试已经结束，不需要再核验。"), status=409)
    if row.terminal != terminal:
        raise keys.expired()
    return row


def by_face(
    *, attempt_uuid: UUID, learner_id: int, frames: Sequence[bytes], challenge: UUID, terminal: str, at: datetime
) -> dict[str, Any]:
    """Have a burst of frames judged; outside a transaction, or the answer is always ``pending``.

    :return: ``{"outcome": "passed" | "pending" | "retry" | "failed", "message"}``
    :raises DomainError: ``not_found`` (404), ``submitted`` (409), and what `people.check_face` raises
    """
    with transaction.atomic():
        _open(attempt_uuid, learner_id, terminal, at)
    view = people.check_face(
        learner_id=learner_id,
        purpose="exam",
        frames=frames,
        challenge=challenge,
        about=f"{_ABOUT}{attempt_uuid}",
        at=at,
        terminal=terminal,
    )
    with transaction.atomic():
        row = locked(attempt_uuid, learner_id)
        outcome = people.check_of(view.uuid, learner_id=learner_id).outcome  # a worker may have come to it meanwhile
        return _took(row, outcome, {"method": "face", "check": str(view.uuid)}, terminal, at)


def by_code(*, attempt_uuid: UUID, learner_id: int, code: str, terminal: str, at: datetime) -> dict[str, Any]:
    """Use a code up that was sent to the learner's phone; same result as `by_face`.

    :raises DomainError: ``not_found`` (404), ``submitted`` (409), ``page_expired`` (401) on a device that the exam has left
    :raises WrongCode: wrong, expired or tried too often
    """
    with transaction.atomic():
        _open(attempt_uuid, learner_id, terminal, at)
    people.enter_identity_code(learner_id=learner_id, terminal=terminal, code=code, at=at)
    with transaction.atomic():
        row = locked(attempt_uuid, learner_id)
        return _took(row, "pass", {"method": "code"}, terminal, at)


def send_code(*, attempt_uuid: UUID, learner_id: int, terminal: str, at: datetime) -> dict[str, Any]:
    """Send a code to the learner's phone; where no message can leave, the exam goes on as ``pending``.

    :return: ``{"mobile": masked}``, or a result as of `by_face`
    :raises DomainError: ``not_found`` (404), ``submitted`` (409), ``page_expired`` (401) on a device that the exam has left
    :raises TooMany: too many codes for this number
    """
    with transaction.atomic():
        _open(attempt_uuid, learner_id, terminal, at)
    try:
        return {"mobile": people.send_identity_code(learner_id=learner_id)}
    except DomainError as refusal:
        if refusal.status < 500:
            raise
    with transaction.atomic():
        row = locked(attempt_uuid, learner_id)
        return _took(row, "pending", {"method": "code", "why": "not_sent"}, terminal, at)


def _took(row: Attempt, outcome: str, facts: dict[str, str], terminal: str, at: datetime) -> dict[str, Any]:
    """Log how a check went and let the exam go on, or not. A check that nobody asked for, that is told already, or of a device that
    the exam has left meanwhile, changes nothing.
    """
    if outcome == "retry":
        return {"outcome": "retry", "message": _("没有拍清楚，请正对镜头、光线充足，再拍一次。")}
    kind = _LETS_ON.get(outcome, Kind.CHECK_FAILED)
    if rules.is_asked(row.check_due_at, at) and row.terminal == terminal:
        log(row, kind, at=at, terminal=terminal, facts=facts)
        if kind != Kind.CHECK_FAILED:
            _go_on(row, at)
    if kind == Kind.CHECK_FAILED:
        return {"outcome": "failed", "message": _("没有通过。可以再拍一次，或改用短信验证码，效力相同。")}
    if kind == Kind.CHECK_PENDING:
        return {"outcome": "pending", "message": _("核验服务暂时没有结果，考试继续进行，结果稍后补上。")}
    return {"outcome": "passed", "message": _("核验通过，请继续答题。")}


def _go_on(row: Attempt, at: datetime) -> None:
    face = plans.ExamPolicy.read(row.policy).face
    row.proven_at, row.check_due_at = at, rules.next_check(face, at=at, due_at=row.due_at)
    row.save(update_fields=["proven_at", "check_due_at"])


def attempt_named(about: str) -> UUID | None:
    """Return the try that a face check was about, None for any other."""
    name = about.removeprefix(_ABOUT)
    try:
        return UUID(name) if name != about else None
    except ValueError:
        return None


@transaction.atomic
def take_in(*, attempt_uuid: UUID, learner_id: int, check: UUID, outcome: str, at: datetime) -> None:
    """Take in what a worker or a manager found of a face that was ``pending``; told twice it stands once.

    A pass stays a pass; a failure asks an open try to prove again at once, and stays in the log of one that is over.
    """
    row = Attempt.objects.select_for_update().filter(uuid=attempt_uuid, learner_id=learner_id).first()
    told = {"facts__check": str(check)}
    if (
        row is None
        or outcome not in {"pass", "fail"}
        or AttemptStep.objects.filter(attempt=row, kind__in=_FINAL, **told).exists()
    ):
        return
    facts = {"method": "face", "check": str(check)}
    is_waiting = AttemptStep.objects.filter(attempt=row, kind=Kind.CHECK_PENDING, **told).exists()
    if not is_waiting:
        return  # whoever handed it in gets the outcome and logs it
    log(row, Kind.CHECK_PASSED if outcome == "pass" else Kind.CHECK_FAILED, at=at, facts=facts)
    if outcome == "fail" and row.submitted_at is None:
        row.proven_at, row.check_due_at = None, at
        row.save(update_fields=["proven_at", "check_due_at"])
