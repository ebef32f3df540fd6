"""Front door of the record: the learner's chain, certificates, and their print."""

from apps.records.archives.countersigning import InCharge, countersign, countersigned
from apps.records.archives.learner_file import file_number, file_pdf, learner_file
from apps.records.archives.models import ArchivePackage
from apps.records.archives.packages import MOST as MOST_FILES
from apps.records.archives.packages import OPEN as OPEN_PACKAGES
from apps.records.archives.packages import cancel as cancel_package
from apps.records.archives.packages import file_of as package_file
from apps.records.archives.packages import is_ready as package_is_ready
from apps.records.archives.packages import order as order_package
from apps.records.archives.packages import package, packages
from apps.records.archives.packages import progress_of as package_progress
from apps.records.archives.seals import Sums, sums_of, with_head
from apps.records.archives.shapes import FileDocument, Mark, Seal, Section, Table
from apps.records.archives.workbook import workbook as file_workbook
from apps.records.correcting.evidence import ACCEPT as EVIDENCE_ACCEPT
from apps.records.correcting.evidence import Evidence
from apps.records.correcting.evidence import content as evidence_content
from apps.records.correcting.fields import lines as correction_lines
from apps.records.correcting.models import Correction
from apps.records.correcting.queries import Correctable, correctable, correction, corrections, touching
from apps.records.correcting.queries import by_entry as corrections_by_entry
from apps.records.correcting.queries import waiting_count as waiting_corrections
from apps.records.correcting.services import Acting
from apps.records.correcting.services import decide as decide_correction
from apps.records.correcting.services import propose as propose_correction
from apps.records.correcting.services import withdraw as withdraw_correction
from apps.records.events import correction_decided, correction_proposed, package_made
from apps.records.ports import (
    CLASS_FILES,
    PAPERS,
    PERSONS,
    STUDY_EFFECT,
    TRAININGS,
    PaperFields,
    PersonFields,
    TrainingFields,
)
from apps.records.queries import (
    certificate,
    certificate_pdf,
    certificates,
    certificates_of,
    entries_of,
    entries_of_kind,
    subjects_of_number,
    verify_chain,
)
from apps.records.rules import is_certificate_number
from apps.records.services import append_entry, append_first, issue_certificate
from apps.records.shapes import CertificateFacts, CertificateView, ChainReport, EntryView

__all__ = [
    "CLASS_FILES",
    "EVIDENCE_ACCEPT",
    "MOST_FILES",
    "OPEN_PACKAGES",
    "PAPERS",
    "PERSONS",
    "STUDY_EFFECT",
    "TRAININGS",
    "Acting",
    "ArchivePackage",
    "CertificateFacts",
    "CertificateView",
    "ChainReport",
    "Correctable",
    "Correction",
    "EntryView",
    "Evidence",
    "FileDocument",
    "InCharge",
    "Mark",
    "PaperFields",
    "PersonFields",
    "Seal",
    "Section",
    "Sums",
    "Table",
    "TrainingFields",
    "append_entry",
    "append_first",
    "cancel_package",
    "certificate",
    "certificate_pdf",
    "certificates",
    "certificates_of",
    "correctable",
    "correction",
    "correction_decided",
    "correction_lines",
    "correction_proposed",
    "corrections",
    "corrections_by_entry",
    "countersign",
    "countersigned",
    "decide_correction",
    "entries_of",
    "entries_of_kind",
    "evidence_content",
    "file_number",
    "file_pdf",
    "file_workbook",
    "is_certificate_number",
    "issue_certificate",
    "learner_file",
    "order_package",
    "package",
    "package_file",
    "package_is_ready",
    "package_made",
    "package_progress",
    "packages",
    "propose_correction",
    "subjects_of_number",
    "sums_of",
    "touching",
    "verify_chain",
    "waiting_corrections",
    "with_head",
    "withdraw_correction",
]
