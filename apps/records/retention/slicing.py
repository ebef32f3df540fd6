"""Many rows, a slice in memory at a time: by key, so that a slice may be erased before the next one is read."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Model, QuerySet

SLICE = 2_000
M = TypeVar("M", bound=Model)
T = TypeVar("T")


def slices(things: Iterable[T]) -> Iterator[list[T]]:
    """Yield things by the slice."""
    left = iter(things)
    while part := list(islice(left, SLICE)):
        yield part


def by_key(rows: QuerySet[M]) -> Iterator[M]:
    """Yield the rows of a query by their whole-number key."""
    last = 0
    while found := list(rows.filter(pk__gt=last).order_by("pk")[:SLICE]):
        yield from found
        last = found[-1].pk


def erase(package: UUID, part: str, ids: Sequence[int | str]) -> set[int]:
    """Erase rows of the current enterprise that lie in a verified package; return the ids that were erased now.

    :raises DatabaseError: the database's own law refuses: no such package, a row outside it, too early, or on hold
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT public.retention_erase(%s, %s, %s)", [package, part, list(ids)])
        return set(cursor.fetchone()[0])
