"""Reissue (换发): a revoked certificate whose facts were wrong is replaced by one that says them rightly, under a number and code of its own.

Only where the mistake was in the words (`Reason.MISTAKE`): whoever learnt by somebody else's hand, or not at all, completes a training anew and
gets a certificate of that. Looks, term and what it renews stay as they were issued.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from apps.records.certificates import issuing, queries
from apps.records.certificates.models import Certificate, Revocation
from apps.records.certificates.shapes import CertificateView, Decider, Difference, FactsNow, revocation_reason
from apps.records.correcting import fields
from apps.records.correcting.queries import held_values
from apps.records.locks import hold
from apps.records.models import LedgerEntry
from infra.kit import clock
from infra.kit.errors import DomainError
from infra.ui import wording
from public.regulators import api as regulators
from tenants.api import current_site


def differences(certificate: UUID, *, now: FactsNow, by: Decider) -> list[Difference]:
    """Return what a certificate issued in place of a revoked one would say differently; never nothing.

    :raises DomainError: as :func:`reissue`
    """
    old = _of(certificate)
    _check(old, by)
    return _compared(old, now)


@transaction.atomic
def reissue(*, certificate: UUID, now: FactsNow, by: Decider, at: datetime) -> CertificateView:
    """Issue a right certificate in place of a revoked one: numbered, signed, listed, entered; the old one's public page leads to it.

    Asked again, returns the one that replaced it.

    :raises DomainError: 404 ``not_found``; 403 ``own_certificate``; 409 ``not_revoked``, ``learn_anew``, ``renewed``, ``other_person``,
        ``nothing_differs``
    """
    old = _of(certificate)
    hold(f"ledger:{old.subject}")
    hold("certificates")
    known = Certificate.objects.filter(replaces=old).first()
    if known:
        return queries.certificate_view(known)
    _check(old, by)
    _compared(old, now)
    body = _body(old, now) | {"issued_on": clock.shanghai_date(at).isoformat(), "replaces": old.number}
    row = issuing.signed(body, old.subject, old.issued_for, category=old.number.split("-")[3], at=at)
    row.replaces = old
    entry = issuing.enter(row)
    regulators.note_replaced(code=old.code, other_code=row.code, other_number=row.number, entry=entry.hash_hex, at=at)
    return queries.certificate_view(row)


def _of(uuid: UUID) -> Certificate:
    row = Certificate.objects.filter(uuid=uuid).first()
    if row is None:
        raise DomainError("not_found", _("没有这份证明，请核对链接。"), status=404)
    return row


def _check(old: Certificate, by: Decider) -> None:
    """Refuse what no other certificate may be issued for, whatever it would say."""
    if by.own == old.subject:
        raise DomainError("own_certificate", _("不能处理自己的证明，请由另一位管理员换发。"), status=403)
    revoked = Revocation.objects.filter(certificate=old, state=Revocation.State.APPROVED).first()
    if revoked is None:
        words = _("只有因“内容有误”撤销的证明才能换发。请先申请撤销，由另一位管理员审批。")
        raise DomainError("not_revoked", words, status=409)
    if revoked.reason != regulators.CertificateChange.Reason.MISTAKE:
        words = _("这份证明因“%(reason)s”撤销，不能换发。请在培训计划里另行安排，本人重新完成后自动发放新证明。")
        raise DomainError("learn_anew", words % {"reason": revocation_reason(revoked.reason)}, status=409)
    told = regulators.changes_of({old.code}).get(old.code, [])
    later = next((one for one in told if one.kind == regulators.CertificateChange.Kind.RENEWED), None)
    if later is not None:
        words = _("这份证明已由 %(number)s 续期，请对续期后的证明办理撤销和换发。")
        raise DomainError("renewed", words % {"number": later.other_number}, status=409)


def _body(old: Certificate, now: FactsNow) -> dict[str, Any]:
    """Return what a certificate would say today; days, number and what it replaces are still the old one's."""
    entries = LedgerEntry.objects.filter(subject=old.subject, kind=LedgerEntry.Kind.CERTIFICATE)
    corrected = held_values(entries.get(body__certificate=str(old.uuid)))
    site = current_site()
    return {
        **old.body,
        **{name: said for name, said in corrected.items() if name in old.body},
        "name": now.name,
        "masked_id": now.masked_id,
        "enterprise": site.name,
        "uscc": site.uscc,
        "earned_ms": now.earned_ms,
        "exam_score": now.exam_score if old.body["exam_score"] is not None else None,
        "courses": [{**one, "earned_ms": now.course_ms.get(one["code"], one["earned_ms"])} for one in old.body["courses"]],
    }


def _compared(old: Certificate, now: FactsNow) -> list[Difference]:
    """Return what would differ, at least one thing, and the same person all the same.

    :raises DomainError: 409 ``other_person``, ``nothing_differs``
    """
    before, after = old.body, _body(old, now)
    if before["name"] != after["name"] and before["masked_id"] != after["masked_id"]:
        words = _("姓名和证件号都与原证明不同，不能认定是同一个人。请核对人员资料；确是另一人的，请由本人完成培训。")
        raise DomainError("other_person", words, status=409)
    pairs = zip(_said(before), _said(after), strict=True)
    found = [Difference(label, one, other) for (label, one), (_same, other) in pairs if one != other]
    if not found:
        words = _(
            "现在的资料与原证明一致，换发后不会有任何不同。请先改正：姓名、证件号在“人员”里，成绩在考试里改分，培训名称在学员档案里提出更正。"
        )
        raise DomainError("nothing_differs", words, status=409)
    return found


def _said(body: dict[str, Any]) -> list[tuple[str, str]]:
    """Return what a certificate says as (label, words)."""
    named = [("name", _("姓名")), ("masked_id", _("证件号")), ("enterprise", _("企业")), ("uscc", _("统一社会信用代码")),
             *((one.name, str(one.label)) for one in fields.FIELDS["CERTIFICATE"])]  # fmt: skip
    said = [(label, str(body[name])) for name, label in named]
    score = body["exam_score"]
    said.append((_("考试成绩"), "—" if score is None else _("%(score)s 分") % {"score": score}))
    timed = [(_("实修学时"), body["earned_ms"])]
    timed += [(_("课程“%(title)s”") % {"title": one["title"]}, one["earned_ms"]) for one in body["courses"]]
    return said + [(label, wording.duration(ms // 1000)) for label, ms in timed]
