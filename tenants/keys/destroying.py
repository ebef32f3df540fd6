"""Keys are emptied when everything of a closed enterprise is destroyed: what they sealed, wherever copies lie, opens no more (crypto-erase)."""

import hashlib
from datetime import datetime
from typing import Any

from tenants.keys import opened
from tenants.keys.models import DataKey, Rotation


def listed(owner: str) -> list[dict[str, Any]]:
    """Return the keys of an owner as a certificate of destruction names them: ``{"number", "made_at", "sha256"}``.

    ``sha256`` is that of the wrapped key, so that one which turns up elsewhere is known for what it is.
    """
    rows = DataKey.objects.filter(owner=owner, destroyed_at=None).order_by("number")
    return [
        {"number": row.number, "made_at": row.made_at.isoformat(), "sha256": hashlib.sha256(bytes(row.wrapped)).hexdigest()}
        for row in rows
    ]


def destroy(owner: str, *, at: datetime) -> int:
    """Empty every key of an owner, within the caller's transaction, standing on the platform; returns how many. Safe to repeat.

    The database refuses it unless a destruction of this enterprise is under way. Other processes may hold a key that they opened before in
    memory for `opened.OPEN_S` more; nobody stands in the enterprise by then.
    """
    Rotation.objects.filter(owner=owner).exclude(state=Rotation.State.DONE).update(state=Rotation.State.DONE, ended_at=at)
    done = DataKey.objects.filter(owner=owner, destroyed_at=None).update(wrapped=b"", destroyed_at=at)
    opened.forget(owner)
    return done
