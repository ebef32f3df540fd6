"""Revoking a certificate: one manager proposes it with a reason, another one decides; nobody about the own. The row stays as it is (clause 四.2)."""

from datetime import UTC, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.records.certificates.models import Certificate, Revocation
from apps.records.certificates.shapes import Decider
from apps.records.locks import hold
from apps.records.services import append_entry
from infra.kit import canonical, identity
from infra.kit.errors import DomainError
from public.regulators import api as regulators

State = Revocation.State
LEAST, MOST = 5, 200
"""Characters of a reason: a word alone explains nothing to an inspector."""


@transaction.atomic
def propose(*, certificate: UUID, reason: str, words: str, by: Decider, at: datetime) -> Revocation:
    """Propose to revoke a certificate.

    :param reason: a value of `CertificateChange.Reason`; strangers see it
    :param words: what happened; managers see it
    :raises DomainError: 404 ``not_found``; 403 ``own_certificate``; 409 ``already_proposed``, ``already_revoked``; 422 ``reason``, ``words``
    """
    row = Certificate.objects.filter(uuid=certificate).first()
    if row is None:
        raise DomainError("not_found", _("没有这份证明，请核对链接。"), status=404)
    if by.own == row.subject:
        raise DomainError("own_certificate", _("不能处理自己的证明，请由另一位管理员申请。"), status=403)
    if reason not in regulators.CertificateChange.Reason.values:
        raise DomainError("reason", _("请选择撤销原因。"), status=422, field="reason")
    words = _checked(words, field="words")
    hold(f"revocation:{row.uuid}")
    open_one = Revocation.objects.filter(certificate=row, state__in=[State.PROPOSED, State.APPROVED]).first()
    if open_one and open_one.state == State.APPROVED:
        raise DomainError("already_revoked", _("这份证明已经撤销，无需再申请。"), status=409)
    if open_one:
        raise DomainError("already_proposed", _("这份证明已有撤销申请，请直接处理那一条。"), status=409)
    return Revocation.objects.create(
        certificate=row, reason=reason, words=words, proposed_by=by.id, proposed_name=by.name, proposed_at=at
    )


@transaction.atomic
def decide(*, revocation: UUID, approve: bool, answer: str, by: Decider, at: datetime) -> Revocation:
    """Approve or decline what another manager proposed; approved, the ledger gets an entry and strangers see it at once.

    :param answer: why not, asked for when it is declined
    :raises DomainError: 404 ``not_found``; 403 ``own_proposal``, ``own_certificate``; 409 ``already_decided``; 422 ``answer``
    """
    row = _waiting(revocation)
    if row.proposed_by == by.id:
        words = _("申请人不能审批自己的申请，请由另一位管理员审批。没有其他管理员时，请先在“管理人员”里邀请一位。")
        raise DomainError("own_proposal", words, status=403)
    if by.own == row.certificate.subject:
        raise DomainError("own_certificate", _("不能处理自己的证明，请由另一位管理员审批。"), status=403)
    row.answer = answer.strip()[:MOST] if approve else _checked(answer, field="answer")
    row.state = State.APPROVED if approve else State.DECLINED
    row.decided_by, row.decided_name, row.decided_at = by.id, by.name, at
    if approve:
        row.entry_n = _enter(row, at)
    row.save(update_fields=["state", "decided_by", "decided_name", "decided_at", "answer", "entry_n"])
    return row


@transaction.atomic
def withdraw(*, revocation: UUID, by: Decider, at: datetime) -> Revocation:
    """Take back what one has proposed oneself; it stays to be read.

    :raises DomainError: 404 ``not_found``; 403 ``not_yours``; 409 ``already_decided``
    """
    row = _waiting(revocation)
    if row.proposed_by != by.id:
        raise DomainError("not_yours", _("只有申请人可以撤回，请改为批准或不批准。"), status=403)
    row.state, row.decided_at = State.WITHDRAWN, at
    row.save(update_fields=["state", "decided_at"])
    return row


def decision_digest(row: Revocation) -> str:
    """Return what ties the words of a decision to its entry in the ledger: strangers get the entry, and not the words."""
    said = {
        "revocation": str(row.uuid),
        "words": row.words,
        "answer": row.answer,
        "proposed_by": row.proposed_name,
        "proposed_at": row.proposed_at.astimezone(UTC).isoformat(timespec="microseconds"),
        "approved_by": row.decided_name,
    }
    return canonical.digest(said).hex()


def _enter(row: Revocation, at: datetime) -> int:
    paper = row.certificate
    hold(f"ledger:{paper.subject}")
    body = {
        "event": "revocation",
        "certificate": str(paper.uuid),
        "number": paper.number,
        "training": paper.body["training"],
        "reason": row.reason,
        "proposed_by": identity.mask_name(row.proposed_name),
        "approved_by": identity.mask_name(row.decided_name),
        "decision": decision_digest(row),
    }
    entry = append_entry(kind="REVOCATION", subject=paper.subject, body=body, at=at)
    regulators.note_revoked(code=paper.code, reason=row.reason, entry=entry.hash_hex, at=at)
    return entry.n


def _waiting(uuid: UUID) -> Revocation:
    row = Revocation.objects.select_for_update(of=("self",)).select_related("certificate").filter(uuid=uuid).first()
    if row is None:
        raise DomainError("not_found", _("没有找到这条撤销申请，请从列表重新进入。"), status=404)
    if row.state != State.PROPOSED:
        raise DomainError("already_decided", _("这条申请已经处理过了，请刷新页面查看结果。"), status=409)
    return row


def _checked(words: str, *, field: str) -> str:
    words = " ".join(words.split())
    if not LEAST <= len(words) <= MOST:
        told = _("请写明理由，%(least)d 到 %(most)d 个字。") % {"least": LEAST, "most": MOST}
        raise DomainError(field, told, status=422, field=field)
    return words
