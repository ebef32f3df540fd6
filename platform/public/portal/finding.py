"""Finds a certificate by what somebody has in hand: its number, its code, or the address that its QR code holds."""

from urllib.parse import unquote, urlsplit

from public.regulators import api as regulators


def code_of(text: str) -> str | None:
    """Return the code of a listed certificate, or None; at most two queries. Public verification judges what it is worth."""
    said = "".join(text.split())
    if "://" in said or said.count("/") > 1:
        said = unquote(urlsplit(said).path).rstrip("/").rpartition("/")[2]
    if not said or len(said) > 64 or "\0" in said:
        return None
    found = regulators.certificate(said)
    return found.code if found else regulators.code_of_number(said)
