"""Thousands of new rows through COPY: three times as fast as INSERT, and no statement of megabytes in memory."""

from collections.abc import Sequence
from typing import Any

from django.db import connection, models


def copy_in(rows: Sequence[models.Model]) -> None:
    """Add unsaved rows of one table of the current schema; each gets its primary key.

    Not for tables with row policies, and only for plain columns (text, numbers, times, bytes), which need no preparing.

    :raises IntegrityError: one of them breaks a constraint
    """
    if not rows:
        return
    meta = rows[0]._meta
    fields: list[Any] = list(meta.concrete_fields)
    quote = connection.ops.quote_name
    table, names = quote(meta.db_table), ", ".join(quote(field.column) for field in fields)
    with connection.wrap_database_errors, connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [table, meta.pk.column if meta.pk else "id", len(rows)],
        )
        for row, (number,) in zip(rows, cursor.fetchall(), strict=True):
            row.pk = number
        with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row([field.pre_save(row, True) for field in fields])
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias
