"""Checks of Chinese identity data: resident ID (GB 11643), unified social credit code (GB 32100), mobile number, name.

``stdnum.cn.ric`` is not used: it rejects cards issued after a district was renamed and raises on 330113 / 330114 (ADR 0019).
"""

import re
import unicodedata
from datetime import date

from stdnum.cn import uscc

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_IN_TEXT = re.compile(
    r"(?<![0-9A-Za-z])(?:[0-9]{6}[ -]?[0-9]{8}[ -]?[0-9]{3}[0-9Xx]|1[3-9][0-9][ -]?[0-9]{4}[ -]?[0-9]{4})(?![0-9A-Za-z])"
)
_NAME = re.compile(r"[^\W\d_](?:[^\W\d_]|[ ·'’.-]){0,48}[^\W\d_]", re.UNICODE)
MIN_AGE, MAX_AGE = 16, 100
"""Working age: 16 (Labour Law art. 15); 100 catches mistyped years."""


def _plain(value: str) -> str:
    """Return ``value`` in half-width letters without invisible marks (address books add direction marks to numbers)."""
    if value.isascii() and value.isprintable():
        return value
    return "".join(c for c in unicodedata.normalize("NFKC", value) if unicodedata.category(c) not in {"Cf", "Cc"})


def normalise_resident_id(value: str) -> str:
    """Return the ID in half-width letters, without separators and with a capital X."""
    return re.sub(r"[\s'’‘-]", "", _plain(value)).upper()


def has_check_digit(value: str) -> bool:
    """Say whether ``value`` (normalised) has 18 places of which the last fits the others (GB 11643)."""
    if not re.fullmatch(r"[0-9]{17}[0-9X]", value):
        return False
    return _CHECK[sum(int(c) * w for c, w in zip(value, _WEIGHTS, strict=False)) % 11] == value[17]


def is_resident_id(value: str, *, on: date) -> bool:
    """Say whether ``value`` (normalised) has a right check digit, a real birth date and a working age on day ``on``."""
    if not has_check_digit(value):
        return False
    try:
        born = date(int(value[6:10]), int(value[10:12]), int(value[12:14]))
    except ValueError:
        return False
    age = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    return MIN_AGE <= age <= MAX_AGE


def sex_of(resident_id: str) -> str:
    """Return ``M`` or ``F`` from the 17th place."""
    return "M" if int(resident_id[16]) % 2 else "F"


def normalise_uscc(value: str) -> str:
    """Return the credit code in capitals without separators."""
    return re.sub(r"[\s-]", "", _plain(value)).upper()


def is_uscc(value: str) -> bool:
    """Say whether ``value`` (normalised) is a well-formed unified social credit code with a right check character."""
    return bool(uscc.is_valid(value))


def normalise_mobile(value: str) -> str:
    """Return the 11 digits without +86, spaces, dashes and brackets."""
    digits = re.sub(r"[\s()'’‘-]", "", _plain(value))
    return re.sub(r"^(\+86|0086|86(?=1\d{10}$))", "", digits)


def is_mobile(value: str) -> bool:
    """Say whether ``value`` (normalised) looks like a mainland mobile number."""
    return bool(_MOBILE.fullmatch(value))


def normalise_name(value: str) -> str:
    """Return the name trimmed, with one kind of middle dot, single spaces and no invisible marks."""
    visible = "".join(c for c in value if unicodedata.category(c) != "Cf")
    return re.sub(r"\s+", " ", re.sub(r"[•・‧∙.．]", "·", visible.strip()))


def is_person_name(value: str) -> bool:
    """Say whether ``value`` (normalised) has 2-50 letters, with dots, spaces, hyphens and apostrophes only between them."""
    return bool(_NAME.fullmatch(value))


def mask_mobile(value: str) -> str:
    """Return ``138****1234``."""
    return f"{value[:3]}****{value[-4:]}" if len(value) >= 8 else "****"


def mask_resident_id(value: str) -> str:
    """Return the first 4 and last 2 places with stars between."""
    return f"{value[:4]}{'*' * (len(value) - 6)}{value[-2:]}" if len(value) > 8 else "****"


def without_numbers(text: str) -> str:
    """Return a text with stars in the place of resident IDs and mobile numbers, for what can never be erased."""

    def stars(found: re.Match[str]) -> str:
        number = re.sub("[ -]", "", found[0]).upper()
        return "****" if len(number) == 11 or has_check_digit(number) else found[0]

    return _IN_TEXT.sub(stars, text)


def mask_name(value: str) -> str:
    """Return the first character and stars, e.g. ``张**``."""
    return value[:1] + "*" * max(1, len(value) - 1)
