"""A process that appends as fast as it can with some threads, told by its standard input. Run by `ledger`.

Lines ``chain 5`` or ``plain 5``: append, or insert into a table without chain, for 5 seconds; the answer is one line with the count.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from uuid import UUID, uuid5

import django

django.setup()

from django.db import connection, transaction  # noqa: E402

from apps.records import api as records  # noqa: E402
from infra.kit import clock  # noqa: E402
from tenants.api import enterprise_scope, site_by_schema  # noqa: E402

SUBJECTS = 20_000
SPACE = UUID("5b2c1c6e-7a4e-4d7c-9b7e-0c8f2a6b1d10")
PLAIN = "INSERT INTO bench_plain (subject, n, kind, body, at, prev, hash) VALUES (%s, %s, %s, %s, %s, %s, %s) RETURNING id"


def body_of(n: int) -> dict[str, object]:
    """Return something of the size of a record of a sitting."""
    course = {"code": "AQ-CY-ALL-SX-0028-4", "title": "场内专用机动车辆（叉车）安全", "version": 1}
    return {
        "session": str(uuid5(SPACE, str(n))),
        "course": course,
        "effective_ms": n % 3_600_000,
        "reason": "finished",
        "checks": [],
    }


def chain(n: int) -> None:
    """Append one entry the product's way."""
    records.append_entry(kind="IDENTITY", subject=uuid5(SPACE, str(n % SUBJECTS)), body=body_of(n), at=clock.now())


def plain(n: int) -> None:
    """Insert the same row without lock, chain and hash, in a transaction of its own."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            PLAIN, [uuid5(SPACE, str(n % SUBJECTS)), n, "IDENTITY", json.dumps(body_of(n)), clock.now(), bytes(32), bytes(32)]
        )
        cursor.fetchone()


def write(schema: str, kind: str, seconds: float, first: int, step: int) -> int:
    """Write for some seconds; return how many rows."""
    site, do = site_by_schema(schema), {"chain": chain, "plain": plain}[kind]
    assert site
    number, until = first, time.monotonic() + seconds
    try:
        with enterprise_scope(site):
            while time.monotonic() < until:
                do(number)
                number += step
    finally:
        connection.close()  # the thread's own
    return (number - first) // step


def main(schema: str, threads: int, first: int, step: int) -> None:
    """Answer each line."""
    offset = 0
    for line in sys.stdin:
        kind, seconds = line.split()
        counts = [0] * threads

        def work(n: int, kind: str = kind, seconds: str = seconds, begin: int = offset, counts: list[int] = counts) -> None:
            counts[n] = write(schema, kind, float(seconds), begin + first + n, step)

        crew = [threading.Thread(target=work, args=(n,)) for n in range(threads)]
        for one in crew:
            one.start()
        for one in crew:
            one.join()
        offset += step * (max(counts) + 1)
        print(sum(counts), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
