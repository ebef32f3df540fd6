"""The courses that an enterprise wrote for itself, when everything of it is destroyed (decision 0071).

Which courses, films and trainers go says the database (lifecycle migration 0007): those that were shown to nobody else. A course for all that was
published stays, with its films, its trainers and what proves that it may be shown, for people of other enterprises learn by it.
"""

import hashlib
import logging
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any
from uuid import UUID

from django.core.files.storage import default_storage
from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from public.catalogue.media import storage_name
from public.catalogue.media_making import alone
from public.catalogue.models import Course, CourseVersion, MediaAsset, TrainerQualification
from public.uploads import api as uploads
from tenants.errors import Unavailable
from tenants.models import Enterprise
from tenants.objects import everything_below, store

log = logging.getLogger("anxue.catalogue")


def going(what: str, schema: str) -> RawSQL:
    """Return the ids of what goes with an enterprise, for use in a query on the platform.

    :param what: ``courses``, ``films`` or ``trainers``
    """
    return RawSQL(f"SELECT public.{what}_to_go(%s)", [schema])  # noqa: S611 - one of three names


def _films(schema: str) -> QuerySet[MediaAsset]:
    return MediaAsset.objects.filter(pk__in=going("films", schema)).order_by("pk")


def _files(film: MediaAsset) -> Iterator[str]:
    """Yield the names of all that the store has of a film, also what no description names any more."""
    return everything_below(storage_name(film.uuid, "").rstrip("/"))


def listed_of(row: Enterprise) -> dict[str, Any]:
    """Return ``{"courses", "versions", "trainers", "films": {"count", "bytes", "sha256"}, "kept"}`` of an enterprise.

    The digest is over names and sizes of the films' files; ``kept``: how many of its courses stay, for all.
    """
    goes, schema = going("courses", row.schema_name), row.schema_name
    films = list(_films(schema))
    size, whole = 0, hashlib.sha256()
    for film in films:
        for name in _files(film):
            found = store().stat(name)
            size += found.size
            whole.update(f"{name} {found.size}\n".encode())
    return {
        "courses": Course.objects.filter(pk__in=goes).count(),
        "versions": CourseVersion.objects.filter(course__in=goes).count(),
        "films": {"count": len(films), "bytes": size, "sha256": whole.hexdigest()},
        "kept": Course.objects.filter(provider_schema=schema).exclude(pk__in=goes).count(),
    }


def lose_keys_of(row: Enterprise) -> int:
    """Empty the keys of the films that go: what a store with locks or a copy still has of them opens no more. Returns how many."""
    return _films(row.schema_name).update(keys_sealed=None, state=MediaAsset.State.FAILED, error="destroyed", stage="")


def destroy_of(row: Enterprise) -> int:
    """Delete the films' files, then every row of the courses that go; returns how many rows.

    :raises Unavailable: the object store does not answer, a file lies there still, or somebody makes one of the films just now, who would write
        files after us; the rows stay, so that the next try finds it
    :raises ProgrammingError: no destruction of this enterprise runs
    """
    films = _films(row.schema_name)
    with ExitStack() as held:
        for film in films:
            if not held.enter_context(alone(film.pk)):
                log.warning("film %s is being made; the destruction waits", film.uuid)
                raise Unavailable
            _delete_files(film)
        return _delete_rows(row.schema_name)


def _delete_files(film: MediaAsset) -> None:
    for name in list(_files(film)):
        default_storage.delete(name)
    if any(_files(film)):
        log.error("files of film %s could not be deleted", film.uuid)
        raise Unavailable


def _delete_rows(schema: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT public.destruction_courses(%s)", [schema])
        return int(cursor.fetchone()[0])


def kept_uploads(row: Enterprise) -> set[UUID]:
    """Return the uploads that stay with what stays: sources of films, and scans of trainers' certificates."""
    schema = row.schema_name
    films = MediaAsset.objects.filter(upload__in=uploads.handed_in(schema)).exclude(pk__in=going("films", schema))
    trainers = TrainerQualification.objects.filter(trainer__provider_schema=schema, evidence__isnull=False)
    staying = trainers.exclude(trainer__in=going("trainers", schema))
    named = [*films.values_list("upload", flat=True), *staying.values_list("evidence", flat=True)]
    return {one for one in named if one}
