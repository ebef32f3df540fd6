"""Verification of a whole ledger against the signed heads outside the database. Nothing in the database is believed by itself.

Trusted first: notes in the object store, by their signatures. Each names the digest of the leaves it added, so every entry is compared with
the hash it had when it was sealed, and an alteration is told by entry and by the two heads between which it was sealed. Whoever changes
rows, hashes, the index and the database's own heads together still cannot change those. Memory stays at the leaves of a few heads.
"""

import base64
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from apps.records import rules
from apps.records.certificates import verifying as certificates
from apps.records.models import LedgerEntry
from apps.records.sealing.findings import Finding, Report
from apps.records.sealing.models import Leaf, TreeNode
from apps.records.sealing.sealing import STEP, content_of
from infra.kit import merkle
from infra.kit.merkle import Frontier
from infra.kit.notes import BadNote, Checkpoint, NoteVerifier
from public.seals import api as seals
from tenants.api import enterprise_scope, platform_scope
from tenants.sites import Site

LATE = timedelta(minutes=10)
"""An entry older than this and still without a seal is suspicious: sealing takes less than a minute."""
LAG = timedelta(days=2)
"""An entry may say of itself that it happened this long before the turn before its own: sittings and exams that ended while nobody looked."""
_SLICE = 2_000
_CHAINS = """
SELECT id, subject, n FROM (
  SELECT id, subject, n, prev, lag(hash) OVER w AS before, lag(n) OVER w AS last
  FROM records_ledgerentry WINDOW w AS (PARTITION BY subject ORDER BY n)) chained
WHERE n <> coalesce(last, 0) + 1 OR prev IS DISTINCT FROM coalesce(before, %s) ORDER BY id LIMIT 1000
"""


@dataclass(frozen=True, slots=True)
class _Head:
    """One head that can be believed, with the leaves it added where these are still there."""

    point: Checkpoint
    at: datetime | None
    leaves: list[tuple[int, bytes]] | None


def verify(site: Site, *, at: datetime) -> Report:
    """Verify the ledger of one enterprise from its first entry; changes nothing.

    :param at: now; what was written within the last ten minutes may still be without a seal
    """
    report = Report(site.schema_name)
    with platform_scope():
        known = seals.verifiers()
        kept = list(seals.kept_heads(site.schema_name, known))
    with enterprise_scope(site):
        report.heads = len(kept)
        heads = _believed(site.schema_name, kept, known, report, at=at)
        signed = _walk(heads, report)
        _check_unsigned(signed, report)
        _check_chains(report)
        _check_rest(report, at=at)
        certificates.check(report)
        report.entries, report.sealed = LedgerEntry.objects.count(), Leaf.objects.count()
    return report


def _believed(
    schema: str, kept: Sequence[seals.Kept], known: Sequence[NoteVerifier], report: Report, *, at: datetime
) -> Iterator[_Head]:
    """Yield the heads by size, those outside the database first; what differs between the two is found."""
    rows = {row.size: (row.note, row.at) for row in seals.Head.objects.filter(schema_name=schema).only("size", "note", "at")}
    outside = {one.size: one for one in kept}
    sizes = sorted({*rows, *outside})
    for size, packed in zip(sizes, seals.leaf_files(schema, sizes), strict=True):
        one, (note, since) = outside.get(size), rows.get(size, ("", at))
        own = _own(note, known, schema, size)
        if one is None and at - since > LATE:
            report.findings.append(Finding("copy_removed", until=since, more=str(size)))
        elif one is not None and one.point is None:
            report.findings.append(Finding("copy", until=since, more=f"{size}: {one.problem}"))
        if not note:
            report.findings.append(Finding("head_removed", until=one.at if one else None, more=str(size)))
        elif own is None or (one is not None and one.point is not None and one.note != note):
            report.findings.append(Finding("head", until=since, more=str(size)))
        point = (one.point if one else None) or own
        if point is not None:
            yield _Head(point, _moment(point), _leaves(packed, point, is_outside=one is not None, report=report))


def _own(note: str, known: Sequence[NoteVerifier], schema: str, size: int) -> Checkpoint | None:
    try:
        point = Checkpoint.parse(seals.opened(note, known))
    except BadNote:
        return None
    return point if point.size == size and seals.is_of(point.origin, schema) else None


def _moment(point: Checkpoint) -> datetime | None:
    return datetime.fromisoformat(point.said("at")) if point.said("at") else None


def _leaves(packed: bytes | None, point: Checkpoint, *, is_outside: bool, report: Report) -> list[tuple[int, bytes]] | None:
    found = seals.leaves_in(packed, point)
    if found is None:
        if is_outside:
            report.findings.append(Finding("leaves", until=_moment(point), more=str(point.size)))
        found = seals.own_leaves(point)
    return found


def _walk(heads: Iterator[_Head], report: Report) -> int:
    """Compare every sealed entry with the leaf that its head added, and each head's root with what its leaves make; return the size."""
    edge, edge_sm3, is_exact = Frontier(), Frontier(), True
    since: datetime | None = None
    earlier: datetime | None = None
    for head in heads:
        # All batches of one turn bear the moment of its beginning.
        if since is not None and head.at is not None and since < head.at:
            earlier = since
        leaves, begin = head.leaves, edge.size
        if leaves is None or begin + len(leaves) != head.point.size:
            report.findings.append(Finding("window", since=since, until=head.at, more=f"{begin}-{head.point.size}"))
            leaves = _indexed(begin, head.point.size)
        before = len(report.findings)
        contents = _compare(leaves, begin, (since, head.at), report, earlier=earlier)
        edge = merkle.grow(edge, [leaf for _entry, leaf in leaves])
        is_exact = is_exact and len(report.findings) == before and edge.size == head.point.size
        if is_exact:
            edge_sm3 = merkle.grow(edge_sm3, [merkle.leaf_hash(data, merkle.sm3) for data in contents], merkle.sm3)
        if edge.root() != head.point.root or (is_exact and not _has_sm3(head.point, edge_sm3)):
            report.findings.append(Finding("window", since=since, until=head.at, more=f"{begin}-{head.point.size}"))
            is_exact = False
        since = head.at
    return edge.size


def _check_unsigned(signed: int, report: Report) -> None:
    """Find places in the tree that no head has signed: a place and its head are written together."""
    for leaf in Leaf.objects.filter(index__gte=signed).select_related("entry").order_by("index")[:1_000]:
        report.findings.append(_of("index", leaf.entry_id, leaf.entry, (None, None)))


def _has_sm3(point: Checkpoint, edge: Frontier) -> bool:
    return point.said("sm3") == base64.b64encode(edge.root(merkle.sm3)).decode()


def _indexed(begin: int, end: int) -> list[tuple[int, bytes]]:
    rows = Leaf.objects.filter(index__gte=begin, index__lt=end).order_by("index").values_list("entry_id", "hash")
    return [(entry, bytes(digest)) for entry, digest in rows]


def _compare(
    leaves: Sequence[tuple[int, bytes]],
    begin: int,
    window: tuple[datetime | None, datetime | None],
    report: Report,
    *,
    earlier: datetime | None,
) -> list[bytes]:
    """Compare one head's entries with their leaves; return the contents of those that are there, in order.

    :param earlier: when the turn before this one sealed all that there was; None for the first one, which also seals what is older than sealing
    """
    contents: list[bytes] = []
    for at in range(0, len(leaves), _SLICE):
        part = leaves[at : at + _SLICE]
        rows = {row.pk: row for row in LedgerEntry.objects.filter(pk__in=[entry for entry, _leaf in part])}
        places = {
            entry: (index, bytes(digest))
            for index, entry, digest in Leaf.objects.filter(index__gte=begin + at, index__lt=begin + at + len(part)).values_list(
                "index", "entry_id", "hash"
            )
        }
        for n, (entry, leaf) in enumerate(part):
            row = rows.get(entry)
            if places.get(entry) != (begin + at + n, leaf):
                report.findings.append(_of("index", entry, row, window))
            if row is None:
                report.findings.append(_of("removed", entry, None, window))
                continue
            data = content_of(row)
            contents.append(data or b"")
            if data is None or merkle.leaf_hash(data) != leaf or hashlib.sha256(data).digest() != bytes(row.hash):
                report.findings.append(_of("changed", entry, row, window))
            elif earlier is not None and row.at < earlier - LAG:
                report.findings.append(_of("backdated", entry, row, window))
    return contents


def _of(kind: str, entry: int, row: LedgerEntry | None, window: tuple[datetime | None, datetime | None]) -> Finding:
    known = {"subject": str(row.subject), "n": row.n} if row else {}
    return Finding(kind, entry=entry, since=window[0], until=window[1], **known)  # type: ignore[arg-type]


def _check_chains(report: Report) -> None:
    """Find learners whose entries do not follow each other: also those that are not sealed yet."""
    with connection.cursor() as cursor:
        cursor.execute(_CHAINS, [rules.FIRST])
        for entry, subject, n in cursor.fetchall():
            report.findings.append(Finding("chain", entry=entry, subject=str(subject), n=n))


def _check_rest(report: Report, *, at: datetime) -> None:
    """Look at entries without a seal, and at the nodes between leaves and root."""
    for row in LedgerEntry.objects.filter(leaf=None).order_by("pk").iterator(chunk_size=_SLICE):
        data = content_of(row)
        if data is None or hashlib.sha256(data).digest() != bytes(row.hash):
            report.findings.append(_of("changed", row.pk, row, (None, None)))
        elif at - row.at > LATE:
            report.findings.append(_of("unsealed", row.pk, row, (None, None)))
    _check_nodes(report)


def _check_nodes(report: Report) -> None:
    kept = {(level, index): bytes(digest) for level, index, digest in TreeNode.objects.values_list("level", "index", "hash")}
    edge, made = Frontier(), set()

    def keep(level: int, index: int, digest: bytes) -> None:
        if level % STEP == 0:
            made.add((level, index))
            if kept.get((level, index)) != digest:
                report.findings.append(Finding("node", more=f"{level}/{index}"))

    for part in _parts():
        for n, (index, _digest) in enumerate(part):
            if index != edge.size + n:
                report.findings.append(Finding("index", more=f"{edge.size + n}"))
                return
        edge = merkle.grow(edge, [digest for _index, digest in part], keep=keep)
    if set(kept) != made:
        report.findings.append(Finding("node", more=f"{len(kept)}/{len(made)}"))


def _parts() -> Iterator[list[tuple[int, bytes]]]:
    """Yield the index of leaves, some at a time."""
    part: list[tuple[int, bytes]] = []
    for index, digest in Leaf.objects.order_by("index").values_list("index", "hash").iterator(chunk_size=_SLICE):
        part.append((index, bytes(digest)))
        if len(part) == _SLICE:
            yield part
            part = []
    yield part
