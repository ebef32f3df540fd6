"""What an enterprise handed in, when everything of it is destroyed: all goes but what belongs to something that stays."""

import hashlib
import logging
from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import QuerySet

from public.uploads.models import Upload
from public.uploads.stores import name_of, sealed_name, store
from tenants.errors import Unavailable

log = logging.getLogger(__name__)
_KEPT_BY_TIME = ("complaint",)
"""Purposes whose files go by times of their own (`complaints.forget`)."""


def _of(schema: str, keep: Collection[UUID]) -> QuerySet[Upload]:
    return Upload.objects.filter(provider_schema=schema).exclude(purpose__in=_KEPT_BY_TIME).exclude(uuid__in=keep).order_by("pk")


def handed_in(schema: str) -> "QuerySet[Upload, UUID]":
    """Return the uuids of all that an enterprise has sent, for use in a query on the platform."""
    return Upload.objects.filter(provider_schema=schema).values_list("uuid", flat=True)


def listed_of(schema: str, *, keep: Collection[UUID]) -> dict[str, Any]:
    """Return ``{"count", "bytes", "sha256"}`` of what :func:`forget_of` would delete, standing on the platform."""
    count = size = 0
    whole = hashlib.sha256()
    for row in _of(schema, keep).iterator():
        count, size = count + 1, size + row.size
        whole.update(row.sha256.encode())
    return {"count": count, "bytes": size, "sha256": whole.hexdigest()}


def forget_of(schema: str, *, keep: Collection[UUID]) -> int:
    """Delete the uploads of an enterprise, file first, standing on the platform; returns how many. Safe to repeat.

    :param keep: uploads that belong to what other rooms keep
    :raises Unavailable: the object store does not answer, or a file lies there still; its row stays, so that the next try finds it
    """
    done = 0
    for pk in list(_of(schema, keep).values_list("pk", flat=True)):
        done += _forget(pk)
    return done


@transaction.atomic
def _forget(pk: int) -> int:
    """Delete one under its row's lock: whoever just encrypts the file would else write it anew behind us."""
    row = Upload.objects.select_for_update().filter(pk=pk).first()
    if row is None:
        return 0
    store().drop(row)
    if any(default_storage.exists(name) for name in (name_of(row), sealed_name(row))):
        log.error("upload %s could not be deleted", row.uuid)
        raise Unavailable
    row.delete()
    return 1
