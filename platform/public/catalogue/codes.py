"""Course codes: what they say, and the character that catches a slip of the pen.

``AQ-<audience>-<industry>-<topic>-<serial>-<check>``, for example ``AQ-CY-C-TS-0021-A``. The check character is ISO 7064
MOD 37,36 over the other characters without hyphens: any one wrong character and any two neighbours changed round are found.
The version is written beside the code as ``V2``, so a code names a course for as long as it lives (seed clause 三.3).
"""

import re
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from stdnum.iso7064 import mod_37_36

from infra.kit.errors import DomainError

MOST = 9999
"""Largest serial under one audience, industry and topic."""
_SHAPE = re.compile(r"AQ-(FZ|GL|BZ|CY|TZ|XF)-(ALL|[A-T])-([A-Z]{2})-([0-9]{4})-([0-9A-Z])")
_FORMER = re.compile(r"(AQ-[A-Z]{2}-(?:ALL|[A-T])-[A-Z]{2}-[0-9]{4})-V[0-9]+")


@dataclass(frozen=True, slots=True)
class Code:
    """The parts of a code. ``industry`` is a section letter of GB/T 4754 or ``ALL``."""

    audience: str
    industry: str
    topic: str
    serial: int


def make(*, audience: str, industry: str, topic: str, serial: int) -> str:
    """Return the code of these parts.

    :raises DomainError: ``bad_code`` when a part is not one of the scheme's
    """
    code = _with_check(f"AQ-{audience}-{industry}-{topic}-{serial:04d}")
    if not is_valid(code):
        raise _bad()
    return code


def is_valid(code: str) -> bool:
    """Return whether ``code`` has the scheme's shape and its own check character."""
    return _SHAPE.fullmatch(code) is not None and code == _with_check(code[:-2])


def parse(code: str) -> Code:
    """Return the parts of a code.

    :raises DomainError: ``bad_code`` for a wrong shape or check character
    """
    found = _SHAPE.fullmatch(code)
    if found is None or not is_valid(code):
        raise _bad()
    audience, industry, topic, serial, _check = found.groups()
    return Code(audience, industry, topic, int(serial))


def from_former(code: str) -> str:
    """Return the code of today for one of the former form (``…-0021-V1``); any other text comes back as it is."""
    found = _FORMER.fullmatch(code)
    return _with_check(found[1]) if found else code


def _with_check(body: str) -> str:
    return f"{body}-{mod_37_36.calc_check_digit(body.replace('-', ''))}"


def _bad() -> DomainError:
    return DomainError("bad_code", _("课程编码不对，请核对每一个字符，例如 AQ-CY-C-TS-0021-%(check)s。") % {"check": "A"})
