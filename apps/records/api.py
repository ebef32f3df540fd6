"""Front door of the record: the learner's chain, certificates, and their print."""

from apps.records.certificates.issuing import issue_certificate
from apps.records.certificates.models import Revocation
from apps.records.certificates.printing import SHEET as SHEET_PAGES
from apps.records.certificates.printing import certificate_files, certificate_pdf, certificate_sheets
from apps.records.certificates.queries import certificate, certificates, certificates_of, ends_soon, revocations, standings
from apps.records.certificates.queries import counts as certificate_counts
from apps.records.certificates.queries import in_state as in_certificate_state
from apps.records.certificates.queries import state_in as certificate_state
from apps.records.certificates.queries import waiting as waiting_revocations
from apps.records.certificates.queries import with_state as with_certificate_state
from apps.records.certificates.revoking import decide as decide_revocation
from apps.records.certificates.revoking import propose as propose_revocation
from apps.records.certificates.revoking import withdraw as withdraw_revocation
from apps.records.certificates.rules import is_certificate_number
from apps.records.certificates.shapes import LABELS as STATE_LABELS
from apps.records.certificates.shapes import REASONS, CertificateFacts, CertificateView, Decider, Standing, revocation_reason
from apps.records.queries import entries_of, verify_chain
from apps.records.services import append_entry
from apps.records.shapes import ChainReport, EntryView

__all__ = [
    "REASONS",
    "SHEET_PAGES",
    "STATE_LABELS",
    "CertificateFacts",
    "CertificateView",
    "ChainReport",
    "Decider",
    "EntryView",
    "Revocation",
    "Standing",
    "append_entry",
    "certificate",
    "certificate_counts",
    "certificate_files",
    "certificate_pdf",
    "certificate_sheets",
    "certificate_state",
    "certificates",
    "certificates_of",
    "decide_revocation",
    "ends_soon",
    "entries_of",
    "in_certificate_state",
    "is_certificate_number",
    "issue_certificate",
    "propose_revocation",
    "revocation_reason",
    "revocations",
    "standings",
    "verify_chain",
    "waiting_revocations",
    "with_certificate_state",
    "withdraw_revocation",
]
