"""A real LDAP server beside a test (ldapjs), with certificates of an authority made for the run."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from infra.wiring.node import program

SERVER = Path(__file__).with_name("ldap_server.cjs")


@dataclass(frozen=True)
class Papers:
    """Files and texts of one authority and one server certificate."""

    ca_pem: str
    certificate: Path
    key: Path


def papers(folder: Path, host: str) -> Papers:
    """Make an authority, and a certificate of it for ``host``."""
    ca_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    ca_name, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "试验机构")]), datetime.now(UTC)

    def begun(subject: x509.Name, public: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(ca_name)
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=2))
        )

    usage = x509.KeyUsage(True, False, False, False, False, True, True, False, False)
    ca = begun(ca_name, ca_key.public_key()).add_extension(x509.BasicConstraints(True, None), True).add_extension(usage, True)
    names = x509.SubjectAlternativeName([x509.DNSName(host)])
    own = begun(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)]), key.public_key()).add_extension(names, False)
    pem = serialization.Encoding.PEM
    ca_pem = ca.sign(ca_key, hashes.SHA256()).public_bytes(pem).decode()
    certificate, key_file = folder / f"{host}.crt", folder / f"{host}.key"
    certificate.write_bytes(own.sign(ca_key, hashes.SHA256()).public_bytes(pem))
    plain = serialization.NoEncryption()
    key_file.write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain))
    return Papers(ca_pem, certificate, key_file)


@contextmanager
def directory(made: Papers, mode: str = "good") -> Iterator[int]:
    """Run the server until the block ends; yields its port."""
    command = [str(program()), str(SERVER), str(made.certificate), str(made.key), mode]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield int(process.stdout.readline())
    finally:
        process.terminate()
        process.wait(10)
