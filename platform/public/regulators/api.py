"""Front door: records and certificates on their way to the authority and to strangers who check."""

from public.regulators.accounts import Authority, new_api_key, open_regulator
from public.regulators.certificates import (
    Rule,
    State,
    all_changes,
    changes_of,
    has_change,
    listed_count,
    listings_of,
    note_corrected,
    note_renewed,
    note_replaced,
    note_revoked,
    rule_for,
    state_of,
)
from public.regulators.counting import Counted, count
from public.regulators.feed import enterprises_in
from public.regulators.models import CertificateChange
from public.regulators.queries import Certificate, certificate, code_of_number
from public.regulators.services import list_certificate, submit, submit_many
from public.regulators.signing import certificate_signer, document_key, feed_signer, public_key, public_keys, review_signer
from public.regulators.views import page_frame, regulator_page

__all__ = [
    "Authority",
    "Certificate",
    "CertificateChange",
    "Counted",
    "Rule",
    "State",
    "all_changes",
    "certificate",
    "certificate_signer",
    "changes_of",
    "code_of_number",
    "count",
    "document_key",
    "enterprises_in",
    "feed_signer",
    "has_change",
    "list_certificate",
    "listed_count",
    "listings_of",
    "new_api_key",
    "note_corrected",
    "note_renewed",
    "note_replaced",
    "note_revoked",
    "open_regulator",
    "page_frame",
    "public_key",
    "public_keys",
    "regulator_page",
    "review_signer",
    "rule_for",
    "state_of",
    "submit",
    "submit_many",
]
