"""The log's own tree: every event becomes a leaf, the heads are signed and kept outside the database like those of the ledgers (decision 0059)."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection, transaction

from infra.kit import canonical, merkle
from infra.kit.notes import Checkpoint, NoteVerifier
from public.audit.models import Sealed
from public.audit.writing import Result, record
from public.seals import api as seals

LEDGER = "audit"
"""Name of the log among the ledgers: heads say ``<platform's host>/ledger/audit``. No schema of an enterprise is called so."""
_LOCK = 7_203_069
_MOST = 10_000
_COLUMNS = "no, xact::text::bigint, uuid::text, schema_name, at, actor, action, target, host(ip), result, trace, direction, details::text"
_NEXT = f"""
SELECT {_COLUMNS} FROM audit_event
WHERE (xact, no) > (%s::text::xid8, %s) AND xact < pg_snapshot_xmin(pg_current_snapshot()) AND no > %s
ORDER BY xact, no LIMIT {_MOST}
"""  # noqa: S608 - our own words
_BETWEEN = f"""
SELECT {_COLUMNS} FROM audit_event WHERE (xact, no) > (%s::text::xid8, %s) AND (xact, no) <= (%s::text::xid8, %s)
"""  # noqa: S608 - our own words
_OLDEST = """
SELECT min(right(inhrelid::regclass::text, 6)) FROM pg_inherits
WHERE inhparent = 'public.audit_event'::regclass AND inhrelid::regclass::text ~ '_[0-9]{6}$'
"""
_SLACK = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Row:
    no: int
    xact: int
    content: bytes

    @property
    def leaf(self) -> bytes:
        return merkle.leaf_hash(self.content)

    @property
    def leaf_sm3(self) -> bytes:
        return merkle.leaf_hash(self.content, merkle.sm3)


def _row(values: Sequence[Any]) -> _Row:
    no, xact, uuid, schema, at, actor, action, target, ip, result, trace, direction, details = values
    said = {
        "no": no, "uuid": uuid, "schema": schema, "at": at.astimezone(UTC).isoformat(timespec="microseconds"), "actor": actor,
        "action": action, "target": target, "ip": ip, "result": result, "trace": trace, "direction": direction,
        "details": json.loads(details),
    }  # fmt: skip
    try:
        content = canonical.encode(said)
    except ValueError:  # a number that JSON cannot say exactly: the database's own text of it then
        content = canonical.encode(said | {"details": details})
    return _Row(int(no), int(xact), content)


def _read(sql: str, parameters: Sequence[Any]) -> list[_Row]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return [_row(values) for values in cursor.fetchall()]


def seal(*, at: datetime) -> int:
    """Seal what was written since the last head; return how many events. Stands on the platform; safe to repeat and to run beside itself."""
    done = 0
    while count := seal_some(at=at):
        done += count
        if count < _MOST:
            break
    return done


@transaction.atomic
def seal_some(*, at: datetime) -> int:
    """Seal at most 10,000 events, one head; return how many."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        cursor.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
        newest = int(cursor.fetchone()[0])
    last = Sealed.objects.order_by("-size").first()
    since, floor = ((last.to_xact, last.to_no), last.floor_no) if last else ((0, 0), 0)
    if last and newest < last.to_xact:  # restored into another cluster, where transactions count anew
        since, floor = (0, 0), last.top_no
    rows = _read(_NEXT, [str(since[0]), since[1], floor])
    if not rows:
        return 0
    edge, edge_sm3 = seals.last_edges(ledger=LEDGER)
    grown = merkle.grow(edge, [row.leaf for row in rows])
    seals.add_head(
        edge=grown,
        edge_sm3=merkle.grow(edge_sm3, [row.leaf_sm3 for row in rows], merkle.sm3),
        leaves=[(row.no, row.leaf) for row in rows],
        signers=seals.signers(at=at),
        at=at,
        ledger=LEDGER,
    )
    Sealed.objects.create(
        size=grown.size,
        count=len(rows),
        from_xact=since[0],
        from_no=since[1],
        to_xact=rows[-1].xact,
        to_no=rows[-1].no,
        top_no=max(last.top_no if last else 0, *(row.no for row in rows)),
        floor_no=floor,
        at=at,
    )
    return len(rows)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is not as it was signed. ``no`` names the event, None where a whole head is concerned."""

    size: int
    no: int | None
    words: str


def state() -> tuple[int, datetime | None]:
    """Return how many events are sealed, and when the last ones were. Stands on the platform."""
    last = Sealed.objects.order_by("-size").first()
    return (last.size, last.at) if last else (0, None)


def verify(verifiers: Sequence[NoteVerifier], *, since: datetime | None = None, most: int = 1_000) -> list[Problem]:
    """Compare every event with the signed heads that lie outside the database; [] where all is as it was written.

    Stands on the platform. Months that have left the table lie packed (`public.retention`) and are not asked for.

    :param since: only what was sealed from then on, as far as the database remembers when; None for everything
    """
    found: list[Problem] = []
    first = _first_day()
    before = Sealed.objects.filter(at__lt=since).order_by("-size").first() if since else None
    believed: list[tuple[int, Checkpoint]] = []
    for head in seals.kept_heads(LEDGER, verifiers, beyond=before.size if before else 0):
        if head.point is None:
            found.append(Problem(head.size, None, head.problem))
        elif head.at is None or first is None or head.at > first + _SLACK:
            believed.append((head.size, head.point))
    files = seals.leaf_files(LEDGER, [size for size, _point in believed])
    for (size, point), packed in zip(believed, files, strict=True):
        if len(found) >= most:
            break
        found += _compared(size, seals.leaves_in(packed, point))
    return found[:most]


def verify_and_note(*, since: datetime | None, at: datetime) -> int:
    """Verify, and write down what was found where the auditor sees it; return how many problems. Stands on the platform."""
    problems = verify(seals.verifiers(), since=since)
    told = [f"{one.size}/{one.no if one.no is not None else '-'}: {one.words}" for one in problems[:20]]
    result = Result.FAILED if problems else Result.DONE
    record("audit.verified", actor="system", target=LEDGER, at=at, result=result, problems=len(problems), first=told,
           everything=since is None)  # fmt: skip
    return len(problems)


def _first_day() -> datetime | None:
    with connection.cursor() as cursor:
        cursor.execute(_OLDEST)
        month = cursor.fetchone()[0]
    return datetime(int(month[:4]), int(month[4:]), 1, tzinfo=UTC) if month else None


def _compared(size: int, leaves: list[tuple[int, bytes]] | None) -> Iterator[Problem]:
    bounds = Sealed.objects.filter(size=size).first()
    if leaves is None:
        yield Problem(size, None, "its leaves are gone, or are not those it was signed with")
    elif bounds is None:
        yield Problem(size, None, "the database does not know it any more")
    else:
        span = [str(bounds.from_xact), bounds.from_no, str(bounds.to_xact), bounds.to_no]
        rows = {row.no: row for row in _read(_BETWEEN, span) if row.no > bounds.floor_no}
        for no, leaf in leaves:
            if no not in rows:
                yield Problem(size, no, "it is gone")
            elif rows.pop(no).leaf != leaf:
                yield Problem(size, no, "it was altered")
        for no in sorted(rows):
            yield Problem(size, no, "it was put in after the head was signed")
