"""Front door of the record: the learner's chain, certificates, and their print."""

from apps.records.ports import KEEPERS, OPENERS, Keeper, KeptRow, Span
from apps.records.queries import certificate, certificate_pdf, certificates, certificates_of, entries_of, verify_chain
from apps.records.retention.slicing import by_key
from apps.records.retention.slicing import erase as erase_kept
from apps.records.rules import is_certificate_number
from apps.records.services import append_entry, issue_certificate
from apps.records.shapes import CertificateFacts, CertificateView, ChainReport, EntryView

__all__ = [
    "KEEPERS",
    "OPENERS",
    "CertificateFacts",
    "CertificateView",
    "ChainReport",
    "EntryView",
    "Keeper",
    "KeptRow",
    "Span",
    "append_entry",
    "by_key",
    "certificate",
    "certificate_pdf",
    "certificates",
    "certificates_of",
    "entries_of",
    "erase_kept",
    "is_certificate_number",
    "issue_certificate",
    "verify_chain",
]
