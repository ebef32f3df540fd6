"""Reads of the record."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from apps.records import rules
from apps.records.models import Certificate, LedgerEntry
from apps.records.ports import PRINTER, CertificateFields, CourseLine
from apps.records.shapes import CertificateView, ChainReport, EntryView
from infra.kit.errors import DomainError


def entry_view(row: LedgerEntry) -> EntryView:
    """Return the view of a row."""
    return EntryView(row.pk, row.n, row.kind, row.body, row.at, bytes(row.hash).hex())


def certificate_view(row: Certificate) -> CertificateView:
    """Return the view of a row."""
    return CertificateView(
        row.pk, row.uuid, row.number, row.code, row.subject, row.body, row.listing["fingerprint"], row.issued_at
    )


def entries_of(subject: UUID) -> list[EntryView]:
    """Return a learner's entries, oldest first."""
    return [entry_view(row) for row in LedgerEntry.objects.filter(subject=subject).order_by("n")]


def newest_entry_at(subject: UUID, *, but: Collection[str] = ()) -> datetime | None:
    """Return when the last entry of a learner happened, kinds in ``but`` left out; None where there is none."""
    rows = LedgerEntry.objects.filter(subject=subject).exclude(kind__in=list(but))
    return rows.order_by("-at").values_list("at", flat=True).first()


def verify_chain(subject: UUID) -> ChainReport:
    """Check a learner's chain from its first entry: numbers without gaps, each hash over the one before (clause 四.2)."""
    prev, n = rules.FIRST, 0
    for row in LedgerEntry.objects.filter(subject=subject).order_by("n").iterator():
        n += 1
        if row.n != n:
            return ChainReport(n - 1, n, _("第 %(n)s 条记录缺失。") % {"n": n})
        try:
            digest = rules.entry_hash(prev, subject=subject, n=n, kind=row.kind, body=row.body, at=row.at)
        except ValueError:  # nothing that has a canonical form, so nothing that we wrote
            digest = b""
        if bytes(row.prev) != prev or bytes(row.hash) != digest:
            return ChainReport(n - 1, n, _("第 %(n)s 条记录与指纹不符，内容可能被改动。") % {"n": n})
        prev = digest
    return ChainReport(n, None, "")


def certificates_of(subject: UUID) -> list[CertificateView]:
    """Return a learner's certificates, newest first."""
    return [certificate_view(row) for row in Certificate.objects.filter(subject=subject).order_by("-issued_at", "-serial")]


def certificates(ids: Sequence[int]) -> dict[int, CertificateView]:
    """Return certificates by id; unknown ids are absent."""
    return {row.pk: certificate_view(row) for row in Certificate.objects.filter(pk__in=ids)}


def certificate(uuid: UUID) -> CertificateView:
    """Return one certificate.

    :raises DomainError: ``not_found`` (404)
    """
    row = Certificate.objects.filter(uuid=uuid).first()
    if row is None:
        raise DomainError("not_found", _("没有这份证明，请核对链接。"), status=404)
    return certificate_view(row)


def certificate_pdf(uuid: UUID, *, platform_origin: str = "") -> bytes:
    """Return a certificate as PDF.

    :param platform_origin: e.g. ``https://anxue.example``: where the QR code leads; from the settings when empty
    :raises DomainError: ``not_found`` (404)
    """
    found = certificate(uuid)
    origin = platform_origin or f"{'https' if settings.SECURE_SSL_REDIRECT else 'http'}://{settings.PLATFORM_HOST}"
    return PRINTER.get().certificate(_fields(found, f"{origin}/verify/{found.code}"))


def _fields(found: CertificateView, verify_url: str) -> CertificateFields:
    body = found.body
    score = body["exam_score"]
    result = "合格（本计划不设考试）" if score is None else f"合格（{score} 分，及格线 {body['exam_pass_score']} 分）"
    same = ("number", "name", "masked_id", "enterprise", "training_type", "category", "training", "required_ms", "earned_ms",
            "started_on", "completed_on", "issued_on", "platform", "basis")  # fmt: skip
    lines = [CourseLine(c["code"], c["title"], c["trainer"], c["earned_ms"]) for c in body["courses"]]
    return CertificateFields(
        **{key: body[key] for key in same},
        courses=lines,
        exam_result=result,
        fingerprint=found.fingerprint,
        verify_url=verify_url,
    )
