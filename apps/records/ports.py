"""What the record needs from above."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from infra.kit.ports import Socket


@dataclass(frozen=True, slots=True)
class CourseLine:
    """One course as the certificate lists it; times in milliseconds."""

    code: str
    title: str
    trainer: str
    earned_ms: int


@dataclass(frozen=True, slots=True)
class CertificateFields:
    """What a certificate prints. All texts as they shall appear; times in milliseconds; days as ``2026-11-23``.

    :param exam_hint: e.g. the score to pass; "" where there was no exam
    :param design: name of the layout; an unknown one is printed as the common one
    :param valid_until: last day on which it is valid, "" for ever
    :param renews: number of the certificate that this one renews, or ""
    :param stamp: one word across the page, where it is not valid any more
    """

    number: str
    name: str
    masked_id: str
    enterprise: str
    training_type: str
    category: str
    training: str
    courses: list[CourseLine]
    required_ms: int
    earned_ms: int
    started_on: str
    completed_on: str
    exam_result: str
    issued_on: str
    platform: str
    basis: str
    fingerprint: str
    verify_url: str
    exam_hint: str = ""
    design: str = ""
    title: str = ""
    valid_until: str = ""
    renews: str = ""
    stamp: str = ""


class CertificatePrinter(Protocol):
    """Lays certificates out."""

    def certificate(self, fields: CertificateFields) -> bytes:
        """Return one A4 page as PDF/A."""

    def certificates(self, many: Sequence[CertificateFields]) -> bytes:
        """Return one file with a page for each of at least one."""


class DocumentSigner(Protocol):
    """Signs documents in the platform's name."""

    def sign(self, pdf: bytes, *, reason: str) -> bytes:
        """Return the PDF with a digital signature over all of it (PAdES)."""


PRINTER: Socket[CertificatePrinter] = Socket("records.PRINTER")
SIGNER: Socket[DocumentSigner] = Socket("records.SIGNER")
