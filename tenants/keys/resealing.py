"""One batch of sealing anew: values whose header is not the wanted one are opened with their old key and sealed with the current one.

Rows are taken with SKIP LOCKED: the batch waits for nobody and so can never be part of a deadlock; what somebody else holds comes in the next pass.
Files are replaced in place, whole or not at all: who reads meanwhile gets the old bytes or the new ones, and both open.
"""

import logging
from dataclasses import dataclass
from typing import Any

from django.core.files.storage import default_storage
from django.db import connection, models
from django.db.models import F, Func, QuerySet

from infra.kit import envelope
from infra.kit.crypto import SealBroken
from tenants import objects
from tenants.keys import files, opened, owners, sealing
from tenants.keys.registry import Column

log = logging.getLogger("anxue.keys")
ROWS, FILES = 400, 25
"""How many of each one batch takes: locks are held for some 20 ms."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What one batch did. ``last_pk`` is where the next begins; ``is_last``: there is nothing behind it."""

    last_pk: int
    is_last: bool
    done: int
    broken: int


def wanted() -> bytes:
    """Return the header of values sealed now in the place one stands in."""
    return envelope.header_bytes(sealing.algorithm(), opened.current(owners.here()).number)


def waiting(column: Column) -> int:
    """Return how many values of a column are not under the current key; of files, which tell it only when opened, all."""
    return (_named(column) if column.is_file else _old(column)).count()


def reseal(column: Column, *, after: int) -> Batch:
    """Seal the next values of one column anew, within the caller's transaction.

    :param after: last row of the batch before
    """
    return _files(column, after) if column.is_file else _values(column, after)


def _old(column: Column) -> QuerySet[Any]:
    head = Func(F(column.field), template="substring(%(expressions)s from 1 for 6)", output_field=models.BinaryField())
    rows = column.model._base_manager.exclude(**{column.field: b""}).filter(**{f"{column.field}__isnull": False})
    if column.is_shared:
        rows = rows.filter(schema_name=owners.schema_here())
    found: QuerySet[Any] = rows.annotate(sealed_head=head).exclude(sealed_head=wanted())
    return found


def _named(column: Column) -> QuerySet[Any]:
    return column.model._base_manager.exclude(**{column.field: ""})


def _next(rows: QuerySet[Any], column: Column, after: int, most: int) -> list[dict[str, Any]]:
    return list(rows.filter(pk__gt=after).order_by("pk").values("pk", column.field, *column.parts)[:most])


def _values(column: Column, after: int) -> Batch:
    rows = _next(_old(column).select_for_update(skip_locked=True), column, after, ROWS)
    made: dict[int, bytes] = {}
    for row in rows:
        try:
            made[row["pk"]] = _anew(bytes(row[column.field]), column, row)
        except SealBroken:
            log.error("no key opens %s of row %s", column.title, row["pk"])
    if made:
        table, name, pk = (connection.ops.quote_name(part) for part in _names(column))
        sql = f"UPDATE {table} AS t SET {name} = v.sealed FROM unnest(%s::bigint[], %s::bytea[]) AS v(pk, sealed) WHERE t.{pk} = v.pk"  # noqa: S608 - names of our own models
        with connection.cursor() as cursor:
            cursor.execute(sql, [list(made), list(made.values())])
    return _batch(rows, ROWS, after, done=len(made), broken=len(rows) - len(made))


def _names(column: Column) -> tuple[str, str, str]:
    meta, field = column.model._meta, column.model._meta.get_field(column.field)
    assert isinstance(field, models.Field)  # noqa: S101 - no relation is sealed
    return meta.db_table, str(field.column), str(meta.pk.column)


def _files(column: Column, after: int) -> Batch:
    rows, head, done, broken = _next(_named(column), column, after, FILES), wanted(), 0, 0
    for row in rows:
        try:
            done += _file(row[column.field], column, row, head)
        except SealBroken:
            broken += 1
            log.error("no key opens the file of %s of row %s", column.title, row["pk"])
    return _batch(rows, FILES, after, done=done, broken=broken)


def _file(name: str, column: Column, row: dict[str, Any], head: bytes) -> bool:
    store = objects.store()
    try:
        if b"".join(store.stream(store.stat(name), 0, envelope.HEADER_BYTES)) == head:
            return False
        with default_storage.open(name) as file:
            sealed = file.read()
        store.replace(name, files.anew(sealed, purpose=column.purpose.format(**row)))
    except EOFError as error:
        raise SealBroken(name) from error
    except FileNotFoundError:  # it was removed meanwhile, or the store has lost it: nothing to seal
        return False
    return True


def _anew(sealed: bytes, column: Column, row: dict[str, Any]) -> bytes:
    purpose = column.purpose.format(**row)
    return sealing.seal(sealing.unseal(sealed, purpose=purpose), purpose=purpose)


def _batch(rows: list[dict[str, Any]], most: int, after: int, *, done: int, broken: int) -> Batch:
    return Batch(rows[-1]["pk"] if rows else after, len(rows) < most, done, broken)
