"""Writes of appeals: each step is one transaction, is done once, and says who did it.

Locks: the appeal first, then what `voiding` holds (lease, sessions, day).
"""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from apps.learning import notices, voiding
from apps.learning.appeals import rules
from apps.learning.models import Appeal, Void
from apps.people import api as people
from infra.kit import identity
from infra.kit.errors import DomainError
from public.appeals import api as appeals
from public.audit import api as audit

State = Appeal.State


def file_appeal(*, void_uuid: UUID, learner: people.LearnerView, words: str, at: datetime) -> Appeal:
    """Appeal against a void, once.

    :raises DomainError: ``not_found`` (also for somebody else's); 422 ``words_missing``; 409 ``appealed``, ``decided``, ``too_late``
    """
    text = _said(words, _("请写明申诉理由，例如当时在做什么、为什么没有应答。"))
    void = Void.objects.filter(uuid=void_uuid, learner_id=learner.id).first()
    if void is None:
        raise DomainError("not_found", _("没有找到这段作废的学时，请从列表重新进入。"), status=404)
    if Appeal.objects.filter(void=void).exists():
        raise _appealed()
    if void.state != Void.State.OPEN:
        raise DomainError("decided", _("这段学时已有处理结果，请看处理说明。"), status=409)
    if not rules.may_file(void_at=void.at, void_is_open=True, has_appealed=False, at=at):
        raise DomainError("too_late", _("已超过 30 天的申诉期限。如有疑问，请联系本单位安全管理员。"), status=409)
    try:
        with transaction.atomic():
            row = Appeal.objects.create(void=void, learner_id=learner.id, words=text, at=at, due_at=at + rules.FIRST_WITHIN)
            notices.tell_filed(row, at=at)
            audit.record("appeal.filed", actor=f"learner:{learner.id}", target=f"appeal:{row.uuid}", at=at)
    except IntegrityError as error:
        raise _appealed() from error
    return row


@transaction.atomic
def decide_first(
    *, appeal_uuid: UUID, restore: bool, reason: str, by: people.ManagerView, own_learner_id: int | None, at: datetime
) -> Appeal:
    """Decide an appeal as the enterprise's manager, with a reason.

    :param own_learner_id: the manager as a learner, if he also learns: nobody decides about himself
    :raises DomainError: ``not_found``; 422 ``reason_missing``; 403 ``is_party``; 409 ``decided``
    """
    row = _locked(appeal_uuid)
    if own_learner_id == row.learner_id:
        raise DomainError("is_party", _("这是您本人的申诉，请由其他管理员处理；没有其他管理员时，期满后可转平台。"), status=403)
    if row.state != State.FIRST:
        raise DomainError("decided", _("这件申诉已经处理过，或学员已转到平台。请刷新页面。"), status=409)
    text = _said(reason, _("请写明理由，学员会看到。"), code="reason_missing")
    actor = f"manager:{by.id}"
    _settle(row, restore=restore, by=actor, reason=text, at=at)
    row.state = State.RESTORED if restore else State.UPHELD
    row.first_by, row.first_name, row.first_reason, row.first_at = actor, by.name, text, at
    row.second_until = None if restore else at + rules.SECOND_WITHIN
    row.save()
    notices.tell_answered(row, restored=restore, at=at)
    audit.record(f"appeal.first_{row.state.lower()}", actor=actor, target=f"appeal:{row.uuid}", at=at, reason=text)
    return row


@transaction.atomic
def go_on(*, appeal_uuid: UUID, learner: people.LearnerView, words: str, at: datetime) -> Appeal:
    """Take an appeal to the platform, once: a copy of the case leaves the enterprise, with the masked name.

    :raises DomainError: ``not_found`` (also for somebody else's); 409 ``not_yet``, ``too_late``, ``decided``
    """
    row = _locked(appeal_uuid, learner_id=learner.id)
    if not rules.may_go_on(state=row.state, due_at=row.due_at, second_until=row.second_until, at=at):
        raise _may_not(row)
    void = row.void
    case = appeals.open_case(
        uuid=row.uuid,
        at=at,
        session=void.session.uuid,
        session_opened_at=void.session.opened_at,
        learner=identity.mask_name(learner.name),
        course=void.session.course_title,
        lesson=void.session.courseware_title,
        duration_ms=void.session.duration_ms,
        void_code=void.code,
        void_reason=void.get_code_display(),
        void_ms=void.ms,
        void_at=void.at,
        evidence=void.evidence,
        words=row.words,
        first_reason=row.first_reason,
        first_at=row.first_at,
        second_words=words.strip()[:1000],
    )
    row.state, row.second_words, row.second_at, row.second_due_at = State.SECOND, words.strip()[:1000], at, case.due_at
    row.save()
    audit.record("appeal.second", actor=f"learner:{learner.id}", target=f"appeal:{row.uuid}", at=at)
    return row


@transaction.atomic
def carry_out(*, case_uuid: UUID, at: datetime) -> bool:
    """Do what the platform has decided about a case of this enterprise; return whether there was something to do.

    The decision is read from the platform's own row, which no enterprise can write; a second call changes nothing.

    :raises DomainError: ``not_found``
    """
    row = _locked(case_uuid)
    case = appeals.case(case_uuid)
    if case is None or case.state == "OPEN" or row.state != State.SECOND:
        return False
    restore = case.state == "RESTORED"
    _settle(row, restore=restore, by=case.decided_by, reason=case.reason, at=at)
    row.state = State.RESTORED if restore else State.FINAL
    row.second_reason, row.second_decided_at = case.reason, case.decided_at
    row.save()
    notices.tell_answered(row, restored=restore, at=at)
    audit.record("appeal.carried_out", actor=case.decided_by, target=f"appeal:{row.uuid}", at=at, state=row.state)
    return True


def _settle(row: Appeal, *, restore: bool, by: str, reason: str, at: datetime) -> None:
    decide = voiding.restore_void if restore else voiding.uphold_void
    decide(void_uuid=row.void.uuid, by=by, reason=reason, at=at)


def _locked(appeal_uuid: UUID, **also: int) -> Appeal:
    rows = Appeal.objects.select_for_update(of=("self",)).select_related("void__session")
    row = rows.filter(uuid=appeal_uuid, **also).first()
    if row is None:
        raise DomainError("not_found", _("没有找到这件申诉，请从列表重新进入。"), status=404)
    return row


def _said(words: str, missing: object, *, code: str = "words_missing") -> str:
    if not (text := words.strip()):
        raise DomainError(code, missing, status=422)
    return text


def _appealed() -> DomainError:
    return DomainError("appealed", _("这段学时已经申诉过，请在申诉页查看进展。"), status=409)


def _may_not(row: Appeal) -> DomainError:
    if row.state == State.FIRST:
        return DomainError("not_yet", _("企业还在处理期限内。期满没有结果时，可以转到平台。"), status=409)
    if row.state == State.UPHELD:
        return DomainError("too_late", _("已超过 15 天的期限，不能再转到平台。"), status=409)
    return DomainError("decided", _("这件申诉已转到平台或已有结果，请刷新页面。"), status=409)
