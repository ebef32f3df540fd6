"""Certificates on paper: one signed PDF, or a file of many pages to be printed at once."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.conf import settings

from apps.records.certificates import queries
from apps.records.certificates.models import Certificate
from apps.records.certificates.shapes import CertificateView, Standing
from apps.records.ports import PRINTER, SIGNER, CertificateFields, CourseLine
from infra.kit import clock
from public.regulators.api import State

SHEET = 50
"""Pages of one file: laid out in about a second, in nearly 1 MB a page, which is free again before the next."""
_STAMPS = {State.REVOKED: "已 撤 销", State.RENEWED: "已 续 期", State.EXPIRED: "已 过 期"}
_REASON = "安全生产培训证明"


def certificate_pdf(uuid: UUID, *, platform_origin: str = "", on: date | None = None) -> bytes:
    """Return a certificate as signed PDF (PAdES, PDF/A-2b); one that is not valid any more carries a stamp that says so.

    :param platform_origin: e.g. ``https://anxue.example``: where the QR code leads; from the settings when empty
    :param on: the day whose state is printed, today if None
    :raises DomainError: ``not_found`` (404)
    """
    found = queries.certificate(uuid)
    return _signed(_fields([found], platform_origin, on)[0])


def certificate_files(ids: Sequence[int], *, platform_origin: str = "", on: date | None = None) -> dict[str, bytes]:
    """Return number -> signed PDF of each certificate, in the order of their serials."""
    return {fields.number: _signed(fields) for fields in _fields(_views(ids), platform_origin, on)}


def certificate_sheets(ids: Sequence[int], *, platform_origin: str = "", on: date | None = None) -> bytes:
    """Return one signed PDF of at most `SHEET` certificates, a page for each, in the order of their serials."""
    pages = PRINTER.get().certificates(_fields(_views(ids), platform_origin, on))
    return SIGNER.get().sign(pages, reason=_REASON)


def _signed(fields: CertificateFields) -> bytes:
    return SIGNER.get().sign(PRINTER.get().certificate(fields), reason=_REASON)


def _views(ids: Sequence[int]) -> list[CertificateView]:
    return [queries.certificate_view(row) for row in Certificate.objects.filter(pk__in=ids).order_by("serial")]


def _fields(views: Sequence[CertificateView], origin: str, on: date | None) -> list[CertificateFields]:
    origin = origin or f"{'https' if settings.SECURE_SSL_REDIRECT else 'http'}://{settings.PLATFORM_HOST}"
    worth = queries.standings(views, on=on or clock.shanghai_date(clock.now()))
    return [_of(view, worth[view.code], f"{origin}/verify/{view.code}") for view in views]


def _of(found: CertificateView, worth: Standing, verify_url: str) -> CertificateFields:
    body = found.body
    score = body["exam_score"]
    result = "本计划不设考试" if score is None else f"合格 {score} 分"
    same = ("number", "name", "masked_id", "enterprise", "training_type", "category", "training", "required_ms", "earned_ms",
            "started_on", "completed_on", "issued_on", "platform", "basis")  # fmt: skip
    lines = [CourseLine(c["code"], c["title"], c["trainer"], c["earned_ms"]) for c in body["courses"]]
    return CertificateFields(
        **{key: body[key] for key in same},
        courses=lines,
        exam_result=result,
        exam_hint="" if score is None else f"及格线 {body['exam_pass_score']} 分",
        design=str(body.get("design") or ""),
        title=str(body.get("title") or ""),
        valid_until=found.valid_until,
        renews=str(body.get("renews") or ""),
        replaces=str(body.get("replaces") or ""),
        stamp=_STAMPS.get(worth.state, ""),
        fingerprint=found.fingerprint,
        verify_url=verify_url,
    )
