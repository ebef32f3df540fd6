"""What the log never holds in clear, whoever writes it (clause 五.4; PIPL art. 6: no more than is needed). Pure."""

import re
from collections.abc import Mapping
from typing import Any

from infra.kit.identity import mask_mobile, mask_resident_id

_SECRET = re.compile(r"password|secret|token|cookie|api_?key|totp", re.IGNORECASE)
_RESIDENT_ID = re.compile(r"(?<![0-9A-Za-z])[1-9][0-9]{5}(?:19|20)[0-9]{2}[01][0-9][0-3][0-9][0-9]{3}[0-9Xx](?![0-9A-Za-z])")
_MOBILE = re.compile(r"(?<![0-9A-Za-z])(?:\+?86[- ]?)?(1[3-9][0-9]{9})(?![0-9A-Za-z])")
HIDDEN = "***"
_DEEPEST = 6


def masked(value: Any, *, levels: int = _DEEPEST) -> Any:
    """Return a value as JSON can hold it, without secrets, and with mobile and identity numbers starred wherever a text holds one."""
    if isinstance(value, str):
        return _text(value)
    if levels <= 0 and isinstance(value, Mapping | list | tuple):
        return HIDDEN
    if isinstance(value, Mapping):
        return {
            str(key): HIDDEN if _SECRET.search(str(key)) and isinstance(part, str | bytes) else masked(part, levels=levels - 1)
            for key, part in value.items()
        }
    if isinstance(value, list | tuple):
        return [masked(part, levels=levels - 1) for part in value]
    if isinstance(value, bytes | memoryview):
        return HIDDEN
    return value if value is None or isinstance(value, bool | int | float) else _text(str(value))  # a day, an hour, a UUID


def _text(value: str) -> str:
    if not any(letter.isdigit() for letter in value):
        return value
    value = _RESIDENT_ID.sub(lambda found: mask_resident_id(found[0]), value)
    return _MOBILE.sub(lambda found: mask_mobile(found[1]), value)


def differences(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> dict[str, dict[str, Any]]:
    """Return ``{"before": …, "after": …}`` with only what differs, masked; {} where nothing was said.

    What was made has no ``before``, what was ended no ``after``.
    """
    if before is None and after is None:
        return {}
    old, new = dict(before or {}), dict(after or {})
    if before is not None and after is not None:
        same = {key for key in old.keys() & new.keys() if old[key] == new[key]}
        old, new = ({key: part for key, part in side.items() if key not in same} for side in (old, new))
    found = {"before": masked(old)} if before is not None else {}
    return found | ({"after": masked(new)} if after is not None else {})
