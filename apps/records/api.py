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
from apps.records.archives.packages import withdraw as withdraw_packages
from apps.records.archives.seals import Sums, sums_of, with_head
from apps.records.archives.shapes import FileDocument, Mark, Seal, Section, Table
from apps.records.archives.workbook import workbook as file_workbook
from apps.records.certificates.issuing import issue_certificate
from apps.records.certificates.models import Revocation
from apps.records.certificates.printing import SHEET as SHEET_PAGES
from apps.records.certificates.printing import certificate_files, certificate_pdf, certificate_sheets
from apps.records.certificates.queries import (
    certificate,
    certificates,
    certificates_of,
    ends_soon,
    revocations,
    standings,
    subjects_of_number,
)
from apps.records.certificates.queries import counts as certificate_counts
from apps.records.certificates.queries import in_state as in_certificate_state
from apps.records.certificates.queries import state_in as certificate_state
from apps.records.certificates.queries import waiting as waiting_revocations
from apps.records.certificates.queries import with_state as with_certificate_state
from apps.records.certificates.reissuing import differences as reissue_differences
from apps.records.certificates.reissuing import reissue as reissue_certificate
from apps.records.certificates.revoking import decide as decide_revocation
from apps.records.certificates.revoking import propose as propose_revocation
from apps.records.certificates.revoking import withdraw as withdraw_revocation
from apps.records.certificates.rules import is_certificate_number
from apps.records.certificates.shapes import LABELS as STATE_LABELS
from apps.records.certificates.shapes import (
    REASONS,
    CertificateFacts,
    CertificateView,
    Decider,
    Difference,
    FactsNow,
    Standing,
    revocation_reason,
)
from apps.records.correcting.evidence import ACCEPT as EVIDENCE_ACCEPT
from apps.records.correcting.evidence import Evidence
from apps.records.correcting.evidence import content as evidence_content
from apps.records.correcting.evidence import forget as forget_evidence
from apps.records.correcting.fields import lines as correction_lines
from apps.records.correcting.models import Correction
from apps.records.correcting.queries import Correctable, correctable, correction, corrections, touching
from apps.records.correcting.queries import by_entry as corrections_by_entry
from apps.records.correcting.queries import waiting_count as waiting_corrections
from apps.records.correcting.services import Acting
from apps.records.correcting.services import decide as decide_correction
from apps.records.correcting.services import propose as propose_correction
from apps.records.correcting.services import withdraw as withdraw_correction
from apps.records.events import correction_decided, correction_proposed, ledger_grew, package_made
from apps.records.paging import certificate_sums, certificates_after, entries, entries_after
from apps.records.ports import CLASS_FILES, PAPERS, PERSONS, STUDY_EFFECT, TRAININGS, PaperFields, PersonFields, TrainingFields
from apps.records.queries import entries_of, entries_of_kind, newest_entry_at, verify_chain
from apps.records.retention.ports import KEEPERS, OPENERS, Keeper, KeptRow, Span
from apps.records.retention.slicing import by_key
from apps.records.retention.slicing import erase as erase_kept
from apps.records.services import append_entry, append_first
from apps.records.shapes import ChainReport, EntryView, PlacedEntry

__all__ = [
    "CLASS_FILES",
    "EVIDENCE_ACCEPT",
    "KEEPERS",
    "MOST_FILES",
    "OPENERS",
    "OPEN_PACKAGES",
    "PAPERS",
    "PERSONS",
    "REASONS",
    "SHEET_PAGES",
    "STATE_LABELS",
    "STUDY_EFFECT",
    "TRAININGS",
    "Acting",
    "ArchivePackage",
    "CertificateFacts",
    "CertificateView",
    "ChainReport",
    "Correctable",
    "Correction",
    "Decider",
    "Difference",
    "EntryView",
    "Evidence",
    "FactsNow",
    "FileDocument",
    "InCharge",
    "Keeper",
    "KeptRow",
    "Mark",
    "PaperFields",
    "PersonFields",
    "PlacedEntry",
    "Revocation",
    "Seal",
    "Section",
    "Span",
    "Standing",
    "Sums",
    "Table",
    "TrainingFields",
    "append_entry",
    "append_first",
    "by_key",
    "cancel_package",
    "certificate",
    "certificate_counts",
    "certificate_files",
    "certificate_pdf",
    "certificate_sheets",
    "certificate_state",
    "certificate_sums",
    "certificates",
    "certificates_after",
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
    "decide_revocation",
    "ends_soon",
    "entries",
    "entries_after",
    "entries_of",
    "entries_of_kind",
    "erase_kept",
    "evidence_content",
    "file_number",
    "file_pdf",
    "file_workbook",
    "forget_evidence",
    "in_certificate_state",
    "is_certificate_number",
    "issue_certificate",
    "learner_file",
    "ledger_grew",
    "newest_entry_at",
    "order_package",
    "package",
    "package_file",
    "package_is_ready",
    "package_made",
    "package_progress",
    "packages",
    "propose_correction",
    "propose_revocation",
    "reissue_certificate",
    "reissue_differences",
    "revocation_reason",
    "revocations",
    "standings",
    "subjects_of_number",
    "sums_of",
    "touching",
    "verify_chain",
    "waiting_corrections",
    "waiting_revocations",
    "with_certificate_state",
    "with_head",
    "withdraw_correction",
    "withdraw_packages",
    "withdraw_revocation",
]
