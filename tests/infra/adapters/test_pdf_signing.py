"""Signed certificates: a reader that trusts the root finds them whole, and PDF/A they stay."""

import io
import re
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pypdfium2
import pytest
from asn1crypto import keys, x509
from cryptography import x509 as pyca
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, PrivateFormat, pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.timestamps import DummyTimeStamper, HTTPTimeStamper, TimestampRequestError
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from infra.adapters.pdf import TypstPrinter
from infra.adapters.pdf.signing import PadesSigner
from infra.kit.x509 import from_pkcs12, self_made
from tests.infra.adapters.test_pdf import FIELDS

pytestmark = pytest.mark.req("R4.5")
OWN = self_made("a secret of this test" * 3, name="anxue.test")


@pytest.fixture(scope="module")
def printed():
    return TypstPrinter().certificate(FIELDS)


@pytest.fixture(scope="module")
def signed(printed):
    return PadesSigner(lambda: OWN).sign(printed, reason="安全生产培训证明")


def looked_at(pdf, *roots):
    found = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    assert len(found) == 1
    trusted = ValidationContext(trust_roots=[x509.Certificate.load(one) for one in roots], allow_fetching=False)
    return found[0], validate_pdf_signature(found[0], trusted)


def believed(pdf):
    """Whether a reader who trusts our root takes the file for whole; one that cannot be read is not."""
    try:
        return looked_at(pdf, OWN.chain[-1])[1].bottom_line
    except (PdfError, ValueError, AssertionError):
        return False


def test_the_signature_covers_the_whole_file_and_leads_to_the_root(signed):
    signature, status = looked_at(signed, OWN.chain[-1])
    assert status.bottom_line
    assert (status.intact, status.valid, status.trusted) == (True, True, True)
    assert status.coverage.name == "ENTIRE_FILE"
    assert signature.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"
    assert "/Reason" in signature.sig_object


def test_a_root_that_nobody_trusts_proves_nothing(signed):
    _signature, status = looked_at(signed, self_made("another secret", name="else").chain[-1])
    assert not status.bottom_line
    assert status.intact


def test_a_byte_that_was_altered_breaks_it(printed, signed):
    at = len(printed) // 2
    altered = signed[:at] + bytes([signed[at] ^ 1]) + signed[at + 1 :]
    assert not believed(altered)
    assert believed(signed)


def test_it_stays_pdf_a(signed):
    root = PdfFileReader(io.BytesIO(signed)).root
    told = root["/Metadata"].data.decode()
    assert re.search(r'pdfaid:part(="|>)2', told)
    assert re.search(r'pdfaid:conformance(="|>)B', told)
    assert root["/OutputIntents"][0]["/S"] == "/GTS_PDFA1"
    widget = PdfFileReader(io.BytesIO(signed)).embedded_signatures[0].sig_field
    assert int(widget["/F"]) & 0b111 == 0b100, "printed, neither hidden nor invisible (ISO 19005-2, 6.3.2)"
    assert "/NeedAppearances" not in root["/AcroForm"]
    assert "/Encrypt" not in PdfFileReader(io.BytesIO(signed)).trailer


def test_the_page_looks_as_before(printed, signed):
    before, after = (pypdfium2.PdfDocument(one)[0].get_textpage().get_text_bounded() for one in (printed, signed))
    assert before == after


def authority(usage=None):
    """A root that signs for itself, with an RSA key: (key, certificate)."""
    key = rsa.generate_private_key(65537, 2048)
    name = pyca.Name([pyca.NameAttribute(NameOID.COMMON_NAME, "authority of this test")])
    begun = pyca.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(7)
    now = datetime.now(UTC)
    begun = begun.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    if usage:
        begun = begun.add_extension(pyca.ExtendedKeyUsage([usage]), critical=True)
    used = pyca.KeyUsage(True, True, False, False, False, True, True, False, False)
    return key, begun.add_extension(used, critical=True).sign(key, SHA256())


def test_a_time_stamp_makes_it_b_t(printed):
    key, certificate = authority(ExtendedKeyUsageOID.TIME_STAMPING)
    raw = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    root = certificate.public_bytes(Encoding.DER)
    stamper = DummyTimeStamper(x509.Certificate.load(root), keys.PrivateKeyInfo.load(raw))
    pdf = PadesSigner(lambda: OWN, stamper=stamper).sign(printed, reason="证明")
    _signature, status = looked_at(pdf, OWN.chain[-1], root)
    assert status.bottom_line
    assert status.timestamp_validity is not None
    assert status.timestamp_validity.valid


def test_without_an_answer_of_the_authority_it_is_signed_without_stamp(printed, caplog):
    pdf = PadesSigner(lambda: OWN, tsa_url="http://127.0.0.1:9/").sign(printed, reason="证明")
    _signature, status = looked_at(pdf, OWN.chain[-1])
    assert status.bottom_line
    assert status.timestamp_validity is None
    assert "no time stamp" in caplog.text


def test_an_authority_that_does_not_answer_is_not_waited_for_by_every_page(printed):
    asked = []

    class Silent(HTTPTimeStamper):
        async def async_request_tsa_response(self, req):
            asked.append(req)
            raise TimestampRequestError("no answer")

    signer = PadesSigner(lambda: OWN, stamper=Silent("http://127.0.0.1:9/"))
    for _page in range(3):
        assert looked_at(signer.sign(printed, reason="证明"), OWN.chain[-1])[1].bottom_line
    assert len(asked) == 1
    signer._rests_until = time.monotonic()
    signer.sign(printed, reason="证明")
    assert len(asked) == 2


def test_a_real_authoritys_file_is_used_where_one_is_named(printed, tmp_path):
    key, certificate = authority()
    path = tmp_path / "real.p12"
    path.write_bytes(pkcs12.serialize_key_and_certificates(b"x", key, certificate, None, BestAvailableEncryption(b"word")))
    real = from_pkcs12(path, "word")
    assert not real.is_own
    _signature, status = looked_at(PadesSigner(lambda: real).sign(printed, reason="证明"), real.certificate)
    assert status.bottom_line
    with pytest.raises(ValueError, match=r"password|PKCS"):
        from_pkcs12(path, "another word")


def test_our_own_root_is_the_same_for_the_same_secret_alone():
    assert self_made("a secret of this test" * 3, name="anxue.test") == OWN
    assert self_made("another", name="anxue.test").chain != OWN.chain
    assert OWN.root_pem.startswith("-----BEGIN CERTIFICATE-----")
    root = pyca.load_pem_x509_certificate(OWN.root_pem.encode())
    pyca.load_der_x509_certificate(OWN.certificate).verify_directly_issued_by(root)


def test_many_pages_are_signed_at_once():
    pages = TypstPrinter().certificates([replace(FIELDS, name=f"学员{n}") for n in "甲乙"])
    assert looked_at(PadesSigner(lambda: OWN).sign(pages, reason="证明"), OWN.chain[-1])[1].bottom_line
