"""Front door: records and certificates on their way to the authority and to strangers who check."""

from public.regulators.accounts import new_api_key, open_regulator
from public.regulators.queries import Certificate, certificate
from public.regulators.services import list_certificate, submit, submit_many
from public.regulators.signing import certificate_signer, feed_signer, public_key, public_keys, review_signer

__all__ = [
    "Certificate",
    "certificate",
    "certificate_signer",
    "feed_signer",
    "list_certificate",
    "new_api_key",
    "open_regulator",
    "public_key",
    "public_keys",
    "review_signer",
    "submit",
    "submit_many",
]
