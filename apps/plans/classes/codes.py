"""The code on the trainer's screen: six digits that change every 30 seconds, made of the enterprise's secret and never stored."""

import io
from datetime import datetime
from uuid import UUID

import segno

from apps.plans.classes import rules
from tenants import keys

DIGITS = 6


def code_at(klass: UUID, at: datetime) -> str:
    """Return the code that is shown at ``at``."""
    return _code(klass, rules.step(at))


def is_good(code: str, *, klass: UUID, at: datetime) -> bool:
    """Say whether a code was on the screen within the last 30 to 60 seconds."""
    now = rules.step(at)
    return code in {_code(klass, number) for number in range(now - rules.GOOD_STEPS + 1, now + 1)}


def _code(klass: UUID, number: int) -> str:
    digest = keys.index(f"{klass}:{number}", purpose="class-code")
    return f"{int(digest, 16) % 10**DIGITS:0{DIGITS}d}"


def qr_svg(url: str) -> str:
    """Return a QR code (error correction M) with a light border as SVG text without styles."""
    out = io.BytesIO()
    segno.make(url, error="m", micro=False).save(
        out, kind="svg", border=3, dark="#0b1f33", light="#ffffff", xmldecl=False, svgns=True, omitsize=True, svgclass=None,
        lineclass=None,
    )  # fmt: skip
    return out.getvalue().decode()
