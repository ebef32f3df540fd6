"""Sealing: new entries get their places in the tree, and its new head is signed (decision 0022)."""

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache
from django.db import transaction
from django.db.models import Max, QuerySet

from apps.records import rules
from apps.records.locks import hold
from apps.records.models import LedgerEntry
from apps.records.sealing.models import Leaf, TreeNode
from infra.kit import merkle
from infra.kit.notes import NoteSigner
from public.audit import api as audit
from public.seals import api as seals

log = logging.getLogger("anxue.records")
BATCH = 10_000
STEP = 8
"""Only nodes of every eighth level are kept (`TreeNode`)."""
_LOOK_BACK = 100_000
"""Ids below the newest sealed one in which an entry may still have come late; `seal_all` looks at all of them."""
_WARN_AGAIN_S = 3_600


@dataclass(frozen=True, slots=True)
class Sealed:
    """What one turn did: size of the tree now, how many entries were added, ids of those that were refused as altered."""

    size: int
    added: int
    refused: Sequence[int]


def seal(*, signers: Sequence[NoteSigner], at: datetime, everything: bool = False) -> Sealed:
    """Seal what is committed and not sealed yet, in batches, each with a head of its own.

    An entry whose content no longer fits its hash is left out and reported: it is never given a proof.

    :param everything: look through all entries, not only the newest
    """
    added, refused = 0, list[int]()
    after: int | None = None
    while True:
        found, after = _seal_batch(signers=signers, at=at, everything=everything, after=after)
        added += found.added
        refused += found.refused
        if after is None:
            break
    if refused:
        _warn(refused, at)
    return Sealed(found.size, added, refused)


@transaction.atomic
def _seal_batch(*, signers: Sequence[NoteSigner], at: datetime, everything: bool, after: int | None) -> tuple[Sealed, int | None]:
    """Seal one batch beyond the entry ``after``; return with it the last entry looked at, None where there are no more."""
    hold("seal")
    edge, edge_sm3 = seals.last_edges()
    whole, broken = _judge(_unsealed(everything=everything, after=after))
    looked_at = [*(pk for pk, _data in whole), *broken]
    last = max(looked_at) if len(looked_at) == BATCH else None
    if not whole:
        return Sealed(edge.size, 0, broken), last
    leaves = [merkle.leaf_hash(data) for _pk, data in whole]
    nodes: list[TreeNode] = []

    def keep(level: int, index: int, digest: bytes) -> None:
        if level % STEP == 0:
            nodes.append(TreeNode(level=level, index=index, hash=digest))

    grown = merkle.grow(edge, leaves, keep=keep)
    grown_sm3 = merkle.grow(edge_sm3, (merkle.leaf_hash(data, merkle.sm3) for _pk, data in whole), merkle.sm3)
    placed = [
        Leaf(index=edge.size + n, entry_id=pk, hash=leaf) for n, ((pk, _data), leaf) in enumerate(zip(whole, leaves, strict=True))
    ]
    Leaf.objects.bulk_create(placed, batch_size=2_000)
    TreeNode.objects.bulk_create(nodes)
    pairs = [(pk, leaf) for (pk, _data), leaf in zip(whole, leaves, strict=True)]
    seals.add_head(edge=grown, edge_sm3=grown_sm3, leaves=pairs, signers=signers, at=at)
    return Sealed(grown.size, len(whole), broken), last


def _unsealed(*, everything: bool, after: int | None) -> QuerySet[LedgerEntry]:
    rows = LedgerEntry.objects.filter(leaf=None).order_by("pk")
    if after is not None:
        rows = rows.filter(pk__gt=after)
    if not everything:
        newest = Leaf.objects.order_by("-index")[:1].aggregate(top=Max("entry_id"))["top"] or 0
        rows = rows.filter(pk__gt=newest - _LOOK_BACK)
    return rows[:BATCH]


def _judge(rows: QuerySet[LedgerEntry]) -> tuple[list[tuple[int, bytes]], list[int]]:
    """Return (id, bytes of the leaf) of the entries that are as they were written, and the ids of the others."""
    whole: list[tuple[int, bytes]] = []
    broken: list[int] = []
    for row in rows:
        data = content_of(row)
        if data is not None and hashlib.sha256(data).digest() == bytes(row.hash):
            whole.append((row.pk, data))
        else:
            broken.append(row.pk)
    return whole, broken


def content_of(row: LedgerEntry) -> bytes | None:
    """Return the bytes that an entry is hashed from; None where its content has no such form, so that we cannot have written it."""
    try:
        return rules.entry_bytes(bytes(row.prev), subject=row.subject, n=row.n, kind=row.kind, body=row.body, at=row.at)
    except (ValueError, RecursionError):  # a number beyond 2**53, half a character, a nest without end
        return None


def _warn(broken: Sequence[int], at: datetime) -> None:
    if not cache.add("records:altered", value=True, timeout=_WARN_AGAIN_S):
        return
    log.error("%d entries of the ledger do not fit their hash and were not sealed", len(broken))
    audit.record("ledger.altered", actor="system", target=f"entry:{broken[0]}", at=at, entries=list(broken[:100]))
