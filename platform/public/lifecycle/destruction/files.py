"""The files of an enterprise in the object store: its own folder, and what it handed in."""

import hashlib
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.core.files.storage import default_storage

from tenants.models import Enterprise
from tenants.objects import everything_below, store

KeptFiles = Callable[[Enterprise], set[UUID]]
_kept: dict[KeptFiles, None] = {}


def add_kept_files(source: KeptFiles) -> None:
    """Let another room keep uploads that belong to what it keeps, such as answers to an authority. Called in ``ready()``."""
    _kept[source] = None


def kept(row: Enterprise) -> set[UUID]:
    """Return the uploads of an enterprise that other rooms keep."""
    return {upload for source in _kept for upload in source(row)}


def folder(schema: str) -> str:
    """Return the folder that holds everything an enterprise has stored itself."""
    return f"enterprises/{schema}"


def listed(schema: str) -> dict[str, Any]:
    """Return ``{"count", "bytes", "sha256"}`` of the enterprise's folder, standing in it; the digest is over names and sizes.

    :raises Unavailable: the object store does not answer
    """
    count = size = 0
    whole = hashlib.sha256()
    for name in everything_below(folder(schema)):
        found = store().stat(name)
        count, size = count + 1, size + found.size
        whole.update(f"{name} {found.size}\n".encode())
    return {"count": count, "bytes": size, "sha256": whole.hexdigest()}


def delete(schema: str) -> int:
    """Delete the enterprise's folder, standing in it; returns how many files went. Safe to repeat.

    :raises Unavailable: the object store does not answer
    """
    done = 0
    for name in list(everything_below(folder(schema))):
        default_storage.delete(name)
        done += 1
    return done
