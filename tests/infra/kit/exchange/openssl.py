"""A partner that knows nothing of our code: its SM2 key is made, used and checked by OpenSSL's own program."""

from __future__ import annotations

import base64
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

needed = pytest.mark.skipif(shutil.which("openssl") is None, reason="this machine has no openssl program")
_SPKI = bytes.fromhex("3059301306072a8648ce3d020106082a811ccf5501822d034200")
"""SubjectPublicKeyInfo of an uncompressed point on sm2p256v1 (OID 1.2.156.10197.1.301), up to the point."""
_SM3 = ["-rawin", "-digest", "sm3", "-pkeyopt", "distid:1234567812345678"]


def _run(folder: Path, *words: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(["openssl", *words], cwd=folder, capture_output=True, check=False)


def _done(folder: Path, *words: str) -> bytes:
    said = _run(folder, *words)
    assert said.returncode == 0, said.stderr
    return said.stdout


def is_signed(folder: Path, public: bytes, message: bytes, signature: bytes) -> bool:
    """Say whether OpenSSL takes a signature for that of a public key of 64 bytes."""
    spki = base64.encodebytes(_SPKI + b"\x04" + public).decode()
    (folder / "other.pem").write_text(f"-----BEGIN PUBLIC KEY-----\n{spki}-----END PUBLIC KEY-----\n")
    (folder / "message").write_bytes(message)
    (folder / "signature").write_bytes(signature)
    words = ["pkeyutl", "-verify", "-pubin", "-inkey", "other.pem", "-in", "message", "-sigfile", "signature", *_SM3]
    return _run(folder, *words).returncode == 0


def encrypted(folder: Path, public: bytes, plain: bytes) -> bytes:
    """Encrypt for a public key of 64 bytes."""
    spki = base64.encodebytes(_SPKI + b"\x04" + public).decode()
    (folder / "other.pem").write_text(f"-----BEGIN PUBLIC KEY-----\n{spki}-----END PUBLIC KEY-----\n")
    (folder / "plain").write_bytes(plain)
    return _done(folder, "pkeyutl", "-encrypt", "-pubin", "-inkey", "other.pem", "-in", "plain")


@dataclass
class OpenSsl:
    """A pair in a folder."""

    folder: Path

    def __post_init__(self) -> None:
        _done(self.folder, "genpkey", "-algorithm", "SM2", "-out", "own.pem")
        self.public = _done(self.folder, "pkey", "-in", "own.pem", "-pubout", "-outform", "DER")[-64:]

    def sign(self, message: bytes) -> bytes:
        """Return a signature over SM3 with the usual id."""
        (self.folder / "message").write_bytes(message)
        return _done(self.folder, "pkeyutl", "-sign", "-inkey", "own.pem", "-in", "message", *_SM3)

    def decrypt(self, sealed: bytes) -> bytes:
        """Open what was encrypted for this pair."""
        (self.folder / "sealed").write_bytes(sealed)
        return _done(self.folder, "pkeyutl", "-decrypt", "-inkey", "own.pem", "-in", "sealed")
