"""Papers of a company: handed in, looked at by two operators, approved or refused with reasons, handed in again (clause 五.7)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from infra.kit import clock
from infra.kit.errors import DomainError
from public.lifecycle import events
from public.lifecycle.models import Paper, Verification
from public.lifecycle.rules import LOOKS, MOST_PAPERS
from public.lifecycle.words import By, Desk, enterprise, note, require_operations, said, system
from public.uploads import api as uploads
from tenants import onboarding, opening
from tenants.models import Enterprise

State = Verification.State


@dataclass(frozen=True, slots=True)
class HandIn:
    """What an enterprise says of itself; ``papers``: (kind, upload) with at least one licence."""

    name: str
    uscc: str
    licence_until: date | None
    words: str
    papers: Sequence[tuple[str, UUID]]


@transaction.atomic
def submit(*, enterprise_id: int, said_: HandIn, by: By) -> UUID:
    """Hand papers in; the next round after a refusal, or after a change of the company's name.

    :raises DomainError: 404; 409 ``verification_open``, ``enterprise_closed``, ``uscc_taken``; 422 ``company_invalid``, ``uscc_invalid``,
        ``licence_missing``, ``licence_over``, ``too_many_papers``; what `uploads` says of a file
    """
    row = enterprise(enterprise_id, lock=True)
    if row.status == Enterprise.Status.CLOSED:
        raise DomainError("enterprise_closed", _("企业已注销，不能再提交材料。"), status=409)
    name, uscc = onboarding.check_company(said_.name), onboarding.check_uscc(said_.uscc)
    if Enterprise.objects.filter(uscc=uscc, destroyed_at=None).exclude(pk=row.pk).exists():
        raise DomainError(
            "uscc_taken", _("该统一社会信用代码属于另一家已开通的企业。请核对代码，或拨打服务电话。"), status=409, field="uscc"
        )
    if said_.licence_until is not None and said_.licence_until < clock.shanghai_date(by.at):
        raise DomainError("licence_over", _("营业执照已过有效期，请先换照。"), status=422, field="licence_until")
    papers = _checked(said_.papers, row.schema_name)
    added = said(said_.words, least=0, most=500, field="words", message="")
    former = Verification.objects.filter(enterprise=row).order_by("-round").first()
    try:
        with transaction.atomic():
            made = Verification.objects.create(
                enterprise=row, round=former.round + 1 if former else 1, name=name, uscc=uscc, licence_until=said_.licence_until,
                words=added, by=by.reference, by_name=by.name, at=by.at,
            )  # fmt: skip
    except IntegrityError as error:
        raise DomainError("verification_open", _("上一次提交还在核验，请等结果。"), status=409) from error
    Paper.objects.bulk_create([Paper(verification=made, **one) for one in papers])
    note("enterprise.verification_submitted", row, by, round=made.round, papers=len(papers))
    return made.uuid


def _checked(papers: Sequence[tuple[str, UUID]], schema: str) -> list[dict[str, object]]:
    """Return what is kept of each file: all are of this enterprise, checked, pictures or documents, each named once."""
    if Paper.Kind.LICENCE not in {kind for kind, _upload in papers}:
        raise DomainError("licence_missing", _("请上传营业执照。"), status=422, field="papers")
    if len(papers) > MOST_PAPERS:
        raise DomainError("too_many_papers", _("一次最多提交 %(n)d 份材料，请合并后再传。") % {"n": MOST_PAPERS}, status=422)
    kept = {}
    for kind, upload in papers:
        found = uploads.require_ready(upload, kinds=("image", "document"))
        if found.provider_schema != schema or kind not in Paper.Kind.values:
            raise DomainError("not_found", _("没有找到这个上传文件，请重新上传。"), status=404)
        kept[upload] = {
            "kind": kind, "upload": upload, "file_name": found.file_name, "content_type": found.content_type, "size": found.size,
            "sha256": found.sha256,
        }  # fmt: skip
    return list(kept.values())


@transaction.atomic
def passes(*, verification: UUID, looks: Collection[str], note_: str, desk: Desk) -> Verification:
    """Say that the papers are right: the first look leads to the second, which another operator takes; that one verifies the enterprise.

    :param looks: what was ticked; all of `rules.LOOKS` are asked for
    :raises DomainError: 403 ``forbidden``, ``own_look``; 404; 409 ``decided``, ``uscc_taken``; 422 ``looks_missing``
    """
    row = _held(verification, desk)
    if missing := [one for one in LOOKS if one not in set(looks)]:
        raise DomainError(
            "looks_missing", _("还有核对项没有勾选。不一致的，请选择“不通过”并写明原因。"), status=422, missing=missing
        )
    if row.state == State.SUBMITTED:
        row.state, row.first_by, row.first_name, row.first_at = State.CHECKED, desk.me.credential_id, desk.name, desk.at
        row.note = said(note_, least=0, most=500, field="note", message="")
        row.save(update_fields=["state", "first_by", "first_name", "first_at", "note"])
        note("enterprise.verification_checked", row.enterprise, desk, round=row.round)
        return row
    _second(row, desk)
    row.state, row.decided_at = State.APPROVED, desk.at
    row.save(update_fields=["state", "decided_at", "second_by", "second_name", "second_at"])
    _note_verified(row, desk)
    before, after = ({key: getattr(of, key) for key in ("name", "uscc")} for of in (row.enterprise, row))
    note("enterprise.verified", row.enterprise, desk, round=row.round, before=before, after=after)
    _tell(row)
    return row


def _note_verified(row: Verification, desk: Desk) -> None:
    try:
        opening.note_verified(enterprise_id=row.enterprise_id, name=row.name, uscc=row.uscc, at=desk.at)
    except DomainError as error:
        if error.code != "uscc_taken":
            raise
        words = _("该统一社会信用代码已属于另一家企业，不能通过。请核对后选择“不通过”，或联系对方企业。")
        raise DomainError("uscc_taken", words, status=409) from error


@transaction.atomic
def refuse(*, verification: UUID, reasons: Collection[str], words: str, desk: Desk) -> Verification:
    """Refuse the papers with reasons that the enterprise reads; either look may. A new round can follow at once.

    :raises DomainError: 403 ``forbidden``, ``own_look``; 404; 409 ``decided``; 422 ``reasons_missing``, ``words_missing``
    """
    row = _held(verification, desk)
    known = [one for one in Verification.Reason.values if one in set(reasons)]
    if not known:
        raise DomainError("reasons_missing", _("请至少选择一个原因，企业会看到。"), status=422, field="reasons")
    needs = Verification.Reason.OTHER in known
    row.refusal = said(
        words, least=6 if needs else 0, most=500, field="words", message=_("选择“其他原因”时，请写明要企业补正什么。")
    )
    row.reasons = known
    if row.state == State.SUBMITTED:
        row.first_by, row.first_name, row.first_at = desk.me.credential_id, desk.name, desk.at
    else:
        _second(row, desk)
    row.state, row.decided_at = State.REFUSED, desk.at
    row.save()
    note("enterprise.verification_refused", row.enterprise, desk, round=row.round, reasons=known, reason=row.refusal)
    _tell(row)
    return row


def _second(row: Verification, desk: Desk) -> None:
    if row.first_by == desk.me.credential_id:
        raise DomainError("own_look", _("复核须由初审以外的同事办理。"), status=403)
    row.second_by, row.second_name, row.second_at = desk.me.credential_id, desk.name, desk.at


def _tell(row: Verification) -> None:
    events.tell(
        events.verification_decided,
        schema=row.enterprise.schema_name,
        verification=row.uuid,
        approved=row.state == State.APPROVED,
    )


def drop(row: Enterprise, *, at: datetime) -> None:
    """Refuse what still waits of an enterprise that is closed; its row is locked by the caller."""
    waiting = Verification.objects.select_for_update().filter(enterprise=row, state__in=(State.SUBMITTED, State.CHECKED)).first()
    if waiting is not None:
        waiting.state, waiting.reasons, waiting.decided_at = State.REFUSED, [Verification.Reason.OTHER], at
        waiting.refusal = str(_("企业已注销，不再核验。"))
        waiting.save(update_fields=["state", "reasons", "decided_at", "refusal"])
        note(
            "enterprise.verification_refused",
            row,
            system(at),
            round=waiting.round,
            reasons=waiting.reasons,
            reason=waiting.refusal,
        )


def _held(verification: UUID, desk: Desk) -> Verification:
    """Return the hand-in, locked after its enterprise: whoever hands in anew locks in the same order."""
    require_operations(desk)
    rows = Verification.objects.filter(uuid=verification)
    owner = rows.values_list("enterprise_id", flat=True).first()
    if owner is None:
        raise DomainError("not_found", _("没有找到这份核验材料。"), status=404)
    enterprise(owner, lock=True)
    row = rows.select_for_update(of=("self",)).select_related("enterprise").get()
    if not row.is_open:
        raise DomainError("decided", _("这份材料已有结论，可能同事刚刚处理过。请刷新页面。"), status=409)
    return row
