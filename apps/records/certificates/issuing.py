"""Issuing: a certificate is numbered, signed, listed and entered in the ledger; what it stands for from now on is renewed by it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from apps.records.certificates import rules
from apps.records.certificates.models import Certificate
from apps.records.certificates.queries import certificate_view
from apps.records.certificates.shapes import CertificateFacts, CertificateView
from apps.records.locks import hold
from apps.records.services import append_entry
from apps.records.shapes import EntryView
from infra.kit import canonical, clock, identity
from public.regulators import api as regulators
from tenants.api import current_site

PLATFORM_NAME = "安学 · 安全生产网络培训平台"
_STAGES = {"初次培训": "INITIAL", "年度再培训": "ANNUAL", "专项培训": "EVENT"}
"""How certificates without the stage of the law name it in words."""


@transaction.atomic
def issue_certificate(*, facts: CertificateFacts, at: datetime) -> CertificateView:
    """Number, sign and list a certificate, and enter it in the ledger; another one that it renews is told so in an entry of its own.

    Asked again for one assignment, returns what there is; a revoked one is replaced by `reissuing.py` alone.

    :raises DomainError: never for a valid ``facts``; the caller has checked hours, courses and exam
    """
    hold(f"ledger:{facts.subject}")
    hold("certificates")
    known = Certificate.objects.filter(issued_for=facts.issued_for).order_by("-serial").first()
    if known:
        return certificate_view(known)
    rule = regulators.rule_for(requirement=facts.requirement, stage=facts.stage, on=clock.shanghai_date(at))
    older = _renewed_by(facts, has_term=rule.months is not None)
    row = signed(_body(facts, rule, older, at), facts.subject, facts.issued_for, category=facts.category_code, at=at)
    enter(row)
    if older:
        _enter_renewal(older, row, at)
    return certificate_view(row)


def enter(row: Certificate) -> EntryView:
    """Save a certificate, list it for strangers, and enter it in the ledger; the caller holds the chain and the serials."""
    row.save(force_insert=True)
    at, said = row.issued_at, {"signature": row.signature, "key_id": row.key_id}
    regulators.list_certificate(code=row.code, number=row.number, body=row.listing, at=at, **said)
    return append_entry(kind="CERTIFICATE", subject=row.subject, body={**row.listing, "certificate": str(row.uuid)}, at=at)


def _renewed_by(facts: CertificateFacts, *, has_term: bool) -> Certificate | None:
    """Return the newest certificate of this person that the new one stands for and that is neither renewed nor revoked."""
    rows = list(Certificate.objects.filter(subject=facts.subject).order_by("-issued_at", "-serial"))
    told = regulators.changes_of({row.code for row in rows}) if rows else {}
    corrected = regulators.CertificateChange.Kind.CORRECTED
    over = {code for code, changes in told.items() if any(one.kind != corrected for one in changes)}
    return next((row for row in rows if row.code not in over and _renews(facts, row, has_term=has_term)), None)


def _renews(facts: CertificateFacts, old: Certificate, *, has_term: bool) -> bool:
    said = old.body
    return rules.renews(
        requirement=facts.requirement or facts.category_code,
        stage=facts.stage,
        has_term=has_term,
        old_requirement=said.get("requirement") or old.number.split("-")[3],
        old_stage=said.get("stage") or _STAGES.get(said["training_type"], ""),
    )


def _enter_renewal(old: Certificate, new: Certificate, at: datetime) -> None:
    body = {
        "event": "renewal",
        "certificate": str(new.uuid),
        "number": new.number,
        "renewed": str(old.uuid),
        "old_number": old.number,
        "training": new.body["training"],
    }
    entry = append_entry(kind="RENEWAL", subject=new.subject, body=body, at=at)
    regulators.note_renewed(code=old.code, other_code=new.code, other_number=new.number, entry=entry.hash_hex, at=at)


def signed(body: dict[str, Any], subject: UUID, issued_for: UUID, *, category: str, at: datetime) -> Certificate:
    """Return the row, numbered and signed, still unsaved; the caller holds the serials.

    :param body: gets its ``number``
    :param category: two letters of the number
    """
    site = current_site()
    serial = (Certificate.objects.order_by("-serial").values_list("serial", flat=True).first() or 0) + 1
    on = clock.shanghai_date(at)
    body["number"] = rules.certificate_number(
        division=site.division_code, on=on, category=category, enterprise=site.id, serial=serial
    )
    listing = _listing(body)
    signer = regulators.certificate_signer()
    return Certificate(
        serial=serial,
        number=body["number"],
        code=rules.certificate_code(),
        subject=subject,
        issued_for=issued_for,
        body=body,
        listing=listing,
        signature=signer.sign(canonical.encode(listing)),
        key_id=signer.key_id,
        issued_at=at,
    )


def _body(facts: CertificateFacts, rule: regulators.Rule, older: Certificate | None, at: datetime) -> dict[str, Any]:
    site, last = current_site(), rule.last_day(facts.completed_on)
    return {
        "number": "",
        "title": rule.title,
        "design": rule.design,
        "name": facts.name,
        "masked_id": facts.masked_id,
        "enterprise": site.name,
        "uscc": site.uscc,
        "training": facts.training,
        "training_type": facts.training_type,
        "category": facts.category,
        "requirement": facts.requirement,
        "stage": facts.stage,
        "basis": facts.basis,
        "required_ms": facts.required_ms,
        "earned_ms": facts.earned_ms,
        "started_on": facts.started_on.isoformat(),
        "completed_on": facts.completed_on.isoformat(),
        "courses": facts.courses,
        "exam_score": facts.exam_score,
        "exam_pass_score": facts.exam_pass_score,
        "issued_on": clock.shanghai_date(at).isoformat(),
        "valid_until": last.isoformat() if last else None,
        "renews": older.number if older else None,
        "platform": PLATFORM_NAME,
    }


def _listing(body: dict[str, Any]) -> dict[str, Any]:
    """What strangers may learn: no identity number, a masked name, and the fingerprint that ties it to the full text."""
    shown = ("number", "title", "enterprise", "training", "training_type", "category", "required_ms", "earned_ms", "started_on",
             "completed_on", "exam_score", "issued_on", "valid_until", "renews", "platform")  # fmt: skip
    picked = {key: body[key] for key in (*shown, *(["replaces"] if "replaces" in body else []))}
    return {**picked, "name": identity.mask_name(body["name"]), "fingerprint": canonical.digest(body).hex()}
