"""Signs PDF files as PAdES (ETSI EN 319 142-1): B-B, or B-T where an authority for time stamps is named. The file stays PDF/A."""

import io
import logging
import time
from collections.abc import Callable
from functools import cached_property

import aiohttp
from asn1crypto import keys, x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.timestamps import HTTPTimeStamper, TimeStamper, TimestampRequestError
from pyhanko_certvalidator.registry import SimpleCertificateStore

from infra.kit.x509 import DocumentKey

log = logging.getLogger("anxue.pdf")
_WAIT_S, _REST_S = 5, 60
"""So long the authority is waited for, and not asked again after it did not answer: a print of a thousand would stand for hours."""
_FIELD = "Anxue"


class PadesSigner:
    """Plug for `apps.records.ports.SIGNER`.

    :param key: gives the key; asked once, at the first signature
    :param tsa_url: address of an RFC 3161 authority, "" for none
    """

    def __init__(self, key: Callable[[], DocumentKey], *, tsa_url: str = "", stamper: TimeStamper | None = None) -> None:
        self._key = key
        self._tsa_url = tsa_url
        self._stamper = stamper
        self._rests_until = 0.0

    def sign(self, pdf: bytes, *, reason: str) -> bytes:
        """Return the file with a signature over all of it. Without an answer of the time-stamp authority it is signed without stamp, and logged."""
        stamper: TimeStamper | None = None
        if time.monotonic() >= self._rests_until:
            stamper = self._stamper or (HTTPTimeStamper(self._tsa_url, timeout=_WAIT_S) if self._tsa_url else None)
        try:
            return self._signed(pdf, reason, stamper)
        except (TimestampRequestError, aiohttp.ClientError, OSError, TimeoutError) as error:
            if stamper is None:
                raise
            self._rests_until = time.monotonic() + _REST_S
            log.warning("no time stamp, signed without: %s", type(error).__name__)
            return self._signed(pdf, reason, None)

    def _signed(self, pdf: bytes, reason: str, stamper: TimeStamper | None) -> bytes:
        meta = signers.PdfSignatureMetadata(
            field_name=_FIELD, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES, reason=reason
        )
        made = signers.PdfSigner(meta, self._signer, timestamper=stamper)
        room = None if stamper else self._room  # how large a stamp is, pyHanko asks the authority
        return bytes(made.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), bytes_reserved=room).getvalue())

    @cached_property
    def _room(self) -> int:
        """Hex digits that the signature needs at most: certificates, and attributes with a signature of RSA-4096. Spares a signature on trial."""
        key = self._key()
        return 2 * (len(key.certificate) + sum(map(len, key.chain)) + 2048)

    @cached_property
    def _signer(self) -> signers.SimpleSigner:
        key, store = self._key(), SimpleCertificateStore()  # type: ignore[no-untyped-call]
        store.register_multiple([x509.Certificate.load(one) for one in key.chain])
        return signers.SimpleSigner(
            signing_cert=x509.Certificate.load(key.certificate),
            signing_key=keys.PrivateKeyInfo.load(key.key),
            cert_registry=store,
            embed_roots=True,
        )
