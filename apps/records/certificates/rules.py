"""Pure rules of certificates: how they are numbered, and which one renews which."""

import base64
import secrets
from datetime import date

from stdnum.iso7064 import mod_37_36

_BASE36 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def base36(value: int, width: int) -> str:
    """Return ``value`` (>= 0) in capitals to the base of 36, padded with zeros to ``width``."""
    digits = ""
    while value:
        value, rest = divmod(value, 36)
        digits = _BASE36[rest] + digits
    return digits.rjust(width, "0")


def certificate_code() -> str:
    """Return 16 letters and digits that people can type (no 0, 1, 8, 9): 80 random bits, so guessing is hopeless."""
    return base64.b32encode(secrets.token_bytes(10)).decode().lower()


def certificate_number(*, division: str, on: date, category: str, enterprise: int, serial: int) -> str:
    """Return e.g. ``AQPX-330106-20261123-CY-000A-0000011``: place, day, category, enterprise, serial and check character.

    The enterprise's number (base 36) keeps numbers apart where two enterprises of one district print on one day; the check
    character is ISO 7064 mod 37,36 over all characters but the hyphens.
    """
    parts = ["AQPX", division, f"{on:%Y%m%d}", category, base36(enterprise, 4), f"{serial:06d}"]
    return "-".join(parts) + str(mod_37_36.calc_check_digit("".join(parts)))


def is_certificate_number(number: str) -> bool:
    """Say whether the check character of ``number`` is right."""
    return bool(mod_37_36.is_valid(number.replace("-", "")))


def renews(*, requirement: str, stage: str, has_term: bool, old_requirement: str, old_stage: str) -> bool:
    """Say whether a training stands for an earlier one from now on.

    A yearly refresher renews whatever the same people (``CY``, ``FZ`` …) were first or last certified for (国家安全监管总局令第3号 arts. 9, 13); any
    other training renews its like only, and only where its certificate has a term: two changes of post are two facts.
    """
    same_people = requirement.partition("-")[0] == old_requirement.partition("-")[0]
    if stage == "ANNUAL" and old_stage in {"INITIAL", "ANNUAL"}:
        return same_people
    return has_term and (requirement, stage) == (old_requirement, old_stage)
