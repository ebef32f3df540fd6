"""Writes: an enterprise proposes and takes back, the platform decides and takes down."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from infra.kit.errors import DomainError
from public.answers import finding, queries
from public.answers.events import proposal_decided
from public.answers.models import Proposal, PullBack, Shared
from public.answers.shapes import Place, ProposalView
from public.audit import api as audit
from public.catalogue import api as catalogue
from public.operators import api as operators
from public.review import api as review

WORKING_DAYS = 3
"""Time that the platform has; shown to the enterprise."""
_AGAIN_AFTER = timedelta(minutes=1)
State = Proposal.State


def propose(*, kind: str, place: Place, question: str, answer: str, at: datetime) -> ProposalView:
    """Bring an answer or a question to the platform from within an enterprise; part of the caller's transaction.

    The caller has taken out who asked and where; the row gets a number of its own, so that nothing leads back to the thread.

    :raises DomainError: 409 ``own_course`` for a course that only this enterprise may see
    """
    if not catalogue.is_for_all(place.course_code):
        words = _("这是本企业的自编课程，只在本企业使用，不能提交给平台。请由本企业的培训教师解答。")
        raise DomainError("own_course", words, status=409)
    row = Proposal.objects.create(
        uuid=uuid4(),
        kind=kind,
        version_id=place.version_id,
        course_code=place.course_code,
        course_title=place.course_title,
        lesson_title=place.lesson_title,
        at_ms=place.at_ms,
        page=place.page,
        question=question,
        answer=answer,
        at=at,
        due_at=review.working_days_after(at, WORKING_DAYS),
    )
    return queries.proposal_view(row)


def pull_back(*, proposal: UUID, at: datetime) -> bool:
    """Take back what this enterprise proposed, published or not; a trigger closes both rows. Return whether there was something to do."""
    row = Proposal.objects.filter(uuid=proposal).first()
    if row is None or row.state not in {State.OPEN, State.PUBLISHED}:
        return False
    PullBack.objects.create(proposal_id=row.pk, at=at)
    return True


@transaction.atomic
def publish(*, proposal: UUID, question: str, answer: str, me: operators.Me, at: datetime, ip: str) -> Proposal:
    """Show an answer to everybody who has the course, in the words that the operator left.

    :raises DomainError: ``not_found``; 403 ``forbidden``; 409 ``decided``; 422 ``words_missing``
    """
    row = _open(proposal, me, Proposal.Kind.SHARE)
    question, answer = _said(question, "question"), _said(answer, "answer")
    row.shared = Shared.objects.create(
        course_code=row.course_code,
        course_title=row.course_title,
        lesson_title=row.lesson_title,
        at_ms=row.at_ms,
        page=row.page,
        question=question,
        answer=answer,
        tokens=finding.kept(question, answer),
        published_at=at,
    )
    return _decided(row, State.PUBLISHED, me=me, at=at, ip=ip)


@transaction.atomic
def give_answer(*, proposal: UUID, answer: str, me: operators.Me, at: datetime, ip: str) -> Proposal:
    """Answer a question of an enterprise; only that enterprise sees it.

    :raises DomainError: ``not_found``; 409 ``decided``; 422 ``words_missing``
    """
    row = _open(proposal, me, Proposal.Kind.ASK)
    row.answer = _said(answer, "answer")
    return _decided(row, State.ANSWERED, me=me, at=at, ip=ip)


@transaction.atomic
def refuse(*, proposal: UUID, reason: str, me: operators.Me, at: datetime, ip: str) -> Proposal:
    """Leave a proposal, with a reason that the enterprise reads.

    :raises DomainError: ``not_found``; 409 ``decided``; 422 ``words_missing``
    """
    row = _open(proposal, me)
    return _decided(row, State.REFUSED, reason=_said(reason, "reason"), me=me, at=at, ip=ip)


@transaction.atomic
def take_down(*, proposal: UUID, reason: str, me: operators.Me, at: datetime, ip: str) -> Proposal:
    """Take a published answer back for everybody, at once.

    :raises DomainError: ``not_found``; 403 ``forbidden``; 409 ``not_published``; 422 ``words_missing``
    """
    _operations_only(me)
    row, words = queries.one(proposal, me, lock=True), _said(reason, "reason")
    if row.state != State.PUBLISHED or row.shared is None:
        raise DomainError("not_published", _("这条解答没有在公开，请刷新页面。"), status=409)
    row.shared.withdrawn_at = at
    row.shared.save(update_fields=["withdrawn_at"])
    row.told_at = None
    return _decided(row, State.WITHDRAWN, reason=words, me=me, at=at, ip=ip)


def note_told(*, proposal: UUID, at: datetime) -> None:
    """Note that the enterprise has taken the decision in; called from the platform."""
    Proposal.objects.filter(uuid=proposal, told_at=None).update(told_at=at)


def tell_again(*, at: datetime) -> int:
    """Send the news of decisions that no enterprise has noted for a minute; return how many."""
    late = list(Proposal.objects.filter(told_at=None, decided_at__lt=at - _AGAIN_AFTER).values_list("uuid", "schema_name")[:500])
    for uuid, schema in late:
        proposal_decided.send(sender=None, proposal=uuid, schema=schema)
    return len(late)


def _open(uuid: UUID, me: operators.Me, kind: str = "") -> Proposal:
    row = queries.one(uuid, me, lock=True)
    if row.kind == Proposal.Kind.SHARE:
        _operations_only(me)
    if row.state != State.OPEN or (kind and row.kind != kind):
        raise DomainError("decided", _("这条内容已经处理过，可能同事刚刚处理，或企业已撤回。请刷新页面。"), status=409)
    return row


def _operations_only(me: operators.Me) -> None:
    if me.role != operators.Role.OPERATIONS:
        raise DomainError("forbidden", _("只有平台运营可以公开和撤下解答。"), status=403)


def _said(words: str, field: str) -> str:
    if not (text := words.strip()):
        raise DomainError("words_missing", _("请填写内容后再提交。"), status=422, field=field)
    return text


def _decided(row: Proposal, state: str, *, reason: str = "", me: operators.Me, at: datetime, ip: str) -> Proposal:
    row.state, row.reason, row.decided_by, row.decided_at = state, reason, f"operator:{me.credential_id}", at
    row.save()
    audit.record(
        f"answer.{state.lower()}",
        actor=row.decided_by,
        target=f"answer:{row.uuid}",
        at=at,
        ip=ip,
        schema_name=row.schema_name,
        name=me.name,
        reason=reason,
    )
    transaction.on_commit(lambda: proposal_decided.send(sender=None, proposal=row.uuid, schema=row.schema_name))
    return row
