"""Front door of the record: the learner's chain, certificates, and their print."""

from apps.records.queries import (
    certificate,
    certificate_pdf,
    certificates,
    certificates_of,
    entries_of,
    newest_entry_at,
    verify_chain,
)
from apps.records.rules import is_certificate_number
from apps.records.services import append_entry, issue_certificate
from apps.records.shapes import CertificateFacts, CertificateView, ChainReport, EntryView

__all__ = [
    "CertificateFacts",
    "CertificateView",
    "ChainReport",
    "EntryView",
    "append_entry",
    "certificate",
    "certificate_pdf",
    "certificates",
    "certificates_of",
    "entries_of",
    "is_certificate_number",
    "issue_certificate",
    "newest_entry_at",
    "verify_chain",
]
