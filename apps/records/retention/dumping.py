"""Every table of an enterprise as lines of JSON. Made from the models themselves, so that no table can be forgotten."""

import base64
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.models import BinaryField, Model

from apps.records.retention.ports import OPENERS
from infra.kit import canonical
from infra.kit.crypto import SealBroken

LEFT_OUT = frozenset({"sessions.session", "records.leaf", "records.treenode", "records.ledgerentry"})
"""Sessions open doors; the ledger and its tree go along in a form of their own."""
SECRETS = frozenset(
    {
        "accounts.credential.password",
        "learning.studysession.key",
        "learning.studysession.nonce",
        "learning.studysession.last_mac",
        "learning.studysession.last_reply",
        "people.device.session_key",
        "openapi.apikey.digest",
        "people.invite.digest",
        "plans.inspectionlink.token_digest",
    }
)
"""Columns that open doors. Sealed columns that nobody opens stay too: keys, and whatever is a face (PIPL art. 28)."""
_CHUNK = 2_000
_EXACT = 2**53


def tables() -> list[type[Model]]:
    """Return the tables of an enterprise that go along."""
    wanted = set(settings.TENANT_APPS)
    found = [model for config in apps.get_app_configs() if config.name in wanted for model in config.get_models()]
    kept = [model for model in found if model._meta.managed and not model._meta.proxy and model._meta.label_lower not in LEFT_OUT]
    return sorted(kept, key=lambda model: model._meta.label_lower)


def lines(model: type[Model], files: list[tuple[str, str]], missing: list[str]) -> Iterator[bytes]:
    """Yield the rows of a table by key as lines of canonical JSON.

    :param files: what they name in the store is added: (column, name)
    :param missing: values that no key opens are added, and stand as null: one wreck does not keep everything else here
    """
    label = model._meta.label_lower
    fields = [(field.attname, f"{label}.{field.name}", isinstance(field, BinaryField)) for field in model._meta.concrete_fields]
    shown = [one for one in fields if not _is_secret(model, one[0])]
    names = {name for name, _column, _is_binary in fields}
    for row in model._default_manager.order_by("pk").iterator(chunk_size=_CHUNK):
        told: dict[str, Any] = {}
        for name, column, is_binary in shown:
            value = getattr(row, name)
            open_name = name.removesuffix("_sealed")
            shown_as = name if open_name == name else _free(open_name, names)
            try:
                told[shown_as] = _opened(column, value) if is_binary else plain(value)
            except SealBroken:
                told[shown_as] = None
                missing.append(f"{column} of row {row.pk}")
            if value and OPENERS.file_of(column):
                files.append((column, value))
        yield canonical.encode(told) + b"\n"


def _free(name: str, names: set[str]) -> str:
    """Return under which name an opened value stands: ``id_sealed`` is the number of the ID card, beside the row's own ``id``."""
    return f"{name}_number" if name in names else name


def left_out(model: type[Model]) -> list[str]:
    """Return the columns of a table that do not go along."""
    return sorted(field.name for field in model._meta.concrete_fields if _is_secret(model, field.attname))


def _is_secret(model: type[Model], name: str) -> bool:
    column = f"{model._meta.label_lower}.{name}"
    return column in SECRETS or (name.endswith("_sealed") and OPENERS.text_of(column) is None)


def _opened(column: str, value: bytes | memoryview) -> Any:
    opener = OPENERS.text_of(column)
    if opener is None:
        return base64.b64encode(bytes(value)).decode()
    return opener(bytes(value)) if value else ""


def plain(value: Any) -> Any:
    """Return a value of a column as JSON says it exactly: moments in ISO 8601, large numbers and decimals as text, bytes in base64."""
    if isinstance(value, dict):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(inner) for inner in value]
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode()
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    is_exact = value is None or isinstance(value, str | bool | float) or (isinstance(value, int) and -_EXACT < value < _EXACT)
    return value if is_exact else str(value)
