"""What the record needs from above."""

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
    """What a certificate prints. All texts as they shall appear; times in milliseconds; days as ``2026-11-23``."""

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


class CertificatePrinter(Protocol):
    """Lays a certificate out."""

    def certificate(self, fields: CertificateFields) -> bytes:
        """Return one A4 page as PDF."""


PRINTER: Socket[CertificatePrinter] = Socket("records.PRINTER")
