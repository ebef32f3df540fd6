"""The key and certificate with which documents are signed (X.509): one's own out of a secret, or a real one out of a file."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, pkcs12
from cryptography.x509.oid import NameOID

_FROM, _UNTIL = datetime(2026, 1, 1, tzinfo=UTC), datetime(2046, 1, 1, tzinfo=UTC)
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""Of the curve P-256."""


@dataclass(frozen=True, slots=True)
class DocumentKey:
    """``key``: private key (PKCS #8, DER); ``certificate`` and ``chain`` up to the root: DER. ``is_own``: made by ourselves, known to nobody else."""

    key: bytes
    certificate: bytes
    chain: tuple[bytes, ...]
    is_own: bool

    @property
    def root_pem(self) -> str:
        """The certificate to trust, as PEM."""
        last = x509.load_der_x509_certificate((self.chain or (self.certificate,))[-1])
        return last.public_bytes(Encoding.PEM).decode()


def self_made(secret: str, *, name: str) -> DocumentKey:
    """Return a key of our own authority, the same for the same secret and name, so that nothing need be kept.

    Readers show such signatures as made by somebody unknown until the root is trusted.
    """
    root_key, key = _key(secret, "document root"), _key(secret, "document")
    root_name = _name(f"{name} 文档签名根证书")
    root = _builder(root_name, root_name, root_key, 1)
    root = root.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    root = root.add_extension(_usage(signs_certificates=True), critical=True)
    made = _builder(_name(name), root_name, key, 2)
    made = made.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    made = made.add_extension(_usage(signs_certificates=False), critical=True)
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key())
    made = made.add_extension(issuer, critical=False)
    ends = [one.sign(root_key, SHA256(), ecdsa_deterministic=True).public_bytes(Encoding.DER) for one in (made, root)]
    return DocumentKey(_der(key), ends[0], (ends[1],), is_own=True)


def from_pkcs12(path: Path, password: str) -> DocumentKey:
    """Return what a PKCS #12 file of an authority (CA) holds.

    :raises ValueError: it cannot be opened with this password, or lacks a key or certificate
    :raises OSError: there is no such file
    """
    key, certificate, more = pkcs12.load_key_and_certificates(path.read_bytes(), password.encode() or None)
    if key is None or certificate is None:
        raise ValueError(f"{path.name} holds no key with a certificate")
    chain = tuple(one.public_bytes(Encoding.DER) for one in more)
    raw = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return DocumentKey(raw, certificate.public_bytes(Encoding.DER), chain, is_own=False)


def _key(secret: str, purpose: str) -> ec.EllipticCurvePrivateKey:
    seed = HKDF(algorithm=SHA256(), length=48, salt=b"anxue", info=f"x509/{purpose}".encode()).derive(secret.encode())
    return ec.derive_private_key(int.from_bytes(seed) % (_ORDER - 1) + 1, ec.SECP256R1())


def _der(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


def _name(words: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"), x509.NameAttribute(NameOID.COMMON_NAME, words)])


def _builder(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, serial: int) -> x509.CertificateBuilder:
    begun = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
    begun = begun.serial_number(serial).not_valid_before(_FROM).not_valid_after(_UNTIL)
    return begun.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=not signs_certificates,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )
