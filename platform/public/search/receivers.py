"""The index follows the catalogue: after commit, on the platform, and never at the cost of what was committed."""

import logging
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models.signals import post_save

from infra.kit import clock
from public.catalogue.api import texts_changed
from tenants.api import platform_scope

_log = logging.getLogger(__name__)
_SHOWN = {"state", "title", "key_points", "trainer", "visible_to", "published_at"}


def connect() -> None:
    """Listen to versions that are saved and to words that change."""
    post_save.connect(_version_saved, sender="catalogue.CourseVersion", dispatch_uid="search: version saved")
    texts_changed.connect(_texts_changed, dispatch_uid="search: texts changed")


def _version_saved(instance: Any, created: bool, update_fields: Iterable[str] | None = None, **news: Any) -> None:
    if created and instance.state != "PUBLISHED":
        return
    if update_fields is None or _SHOWN & set(update_fields):
        version_id = instance.pk
        transaction.on_commit(lambda: follow([version_id]), robust=True)


def _texts_changed(version_ids: Iterable[int], **news: Any) -> None:
    follow(list(version_ids))


def follow(version_ids: list[int]) -> None:
    """Make the rows of these versions anew. A fault is logged; the nightly `search.tasks.reindex` mends it."""
    from public.search import index

    try:
        with platform_scope():
            index.refresh(version_ids, at=clock.now())
    except Exception:
        _log.exception("the index could not follow versions %s", version_ids)
