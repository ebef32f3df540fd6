"""What the record needs from above."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from apps.records.archives.shapes import Fact, FileDocument, Table
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
    :param replaces: number of the revoked one in whose place it was issued, or ""
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
    replaces: str = ""
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


@dataclass(frozen=True, slots=True)
class PersonFields:
    """The person of a file as people know them, numbers masked. ``unit``: path of the main one; ``qualifications``: special-work certificates."""

    subject: UUID
    name: str
    unit: str
    label: str
    facts: Sequence[Fact]
    qualifications: Table


class PersonSource(Protocol):
    """Knows the people."""

    def person(self, subject: UUID) -> PersonFields:
        """Return one person.

        :raises DomainError: 404 ``not_found``
        """


@dataclass(frozen=True, slots=True)
class TrainingFields:
    """One training of a learner. ``assignment_id`` and ``assignment`` are how entries of the ledger name it; ``classes``: uuids of its
    classes in rooms, as text. ``trainer_of``: course code -> trainer.
    """

    assignment: UUID
    assignment_id: int
    title: str
    is_done: bool
    facts: Sequence[Fact]
    courses: Table
    classes: frozenset[str]
    course_codes: frozenset[str]
    certificate: UUID | None


class TrainingSource(Protocol):
    """Knows which trainings somebody had to do."""

    def trainings(self, subject: UUID) -> list[TrainingFields]:
        """Return a learner's trainings, the newest first, in a constant number of queries; those let off are left out."""


@dataclass(frozen=True, slots=True)
class PaperFields:
    """How one try at an exam was held: which paper, who marked it, how it was watched."""

    paper: str
    marker: str
    watched: str


class PaperSource(Protocol):
    """Knows the tries at exams."""

    def papers(self, attempts: Sequence[str]) -> dict[str, PaperFields]:
        """Return uuid of a try (text) -> how it was held, in a constant number of queries; unknown ones are absent."""


class ClassFileSource(Protocol):
    """Knows the classes (期): a plan with everything that belongs to it."""

    def document(self, plan: UUID, *, within: frozenset[int] | None, at: datetime) -> FileDocument:
        """Return the file of a class.

        :param within: units whose people the asker sees, None for all
        :raises DomainError: 404 ``not_found``
        """


class FilePrinter(Protocol):
    """Lays files out."""

    def file(self, document: FileDocument) -> bytes:
        """Return A4 pages as PDF."""


class StudyEffect(Protocol):
    """Lets what counts follow a corrected sitting. All within the caller's transaction."""

    def seconds(self, *, body: dict[str, Any]) -> int:
        """Return what counts now of the sitting that an entry tells of, in whole seconds."""

    def check(self, *, body: dict[str, Any], seconds: int) -> None:
        """Refuse, in words, what could not be carried out: more than the server timed, hours that wait for a test.

        :raises DomainError: 409 ``held``; ``too_much`` with the field ``effective_s``
        """

    def carry_out(self, *, body: dict[str, Any], seconds: int, at: datetime) -> int:
        """Let ``seconds`` of the sitting count; return what that adds in ms, negative where it takes away.

        :raises DomainError: as :func:`check`; 409 ``day_full``
        """

    def follow(self, *, subject: UUID, at: datetime) -> None:
        """Look at the learner's trainings again, after the entry was made."""


PERSONS: Socket[PersonSource] = Socket("records.PERSONS")
TRAININGS: Socket[TrainingSource] = Socket("records.TRAININGS")
PAPERS: Socket[PaperSource] = Socket("records.PAPERS")
CLASS_FILES: Socket[ClassFileSource] = Socket("records.CLASS_FILES")
FILE_PRINTER: Socket[FilePrinter] = Socket("records.FILE_PRINTER")
STUDY_EFFECT: Socket[StudyEffect] = Socket("records.STUDY_EFFECT")
