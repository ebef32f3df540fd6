"""One byte form of a JSON value (RFC 8785), so that hashes and signatures mean the same everywhere."""

import hashlib
from typing import Any

import rfc8785


def encode(value: Any) -> bytes:
    """Return the canonical UTF-8 JSON of ``value``."""
    return rfc8785.dumps(value)


def digest(value: Any) -> bytes:
    """Return the SHA-256 (32 bytes) of the canonical form."""
    return hashlib.sha256(encode(value)).digest()
