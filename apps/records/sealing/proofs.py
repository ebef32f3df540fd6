"""Proofs that an entry stands in the sealed ledger: what anybody needs to check it without us."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from apps.records import rules
from apps.records.models import LedgerEntry
from apps.records.sealing.models import Leaf, TreeNode
from apps.records.sealing.sealing import STEP
from infra.kit import merkle
from infra.kit.errors import DomainError
from public.seals import api as seals


@dataclass(frozen=True, slots=True)
class Proof:
    """One entry's way to a signed head. ``path``: hashes beside it, lowest first; ``note``: the head (C2SP signed note)."""

    index: int
    size: int
    leaf: bytes
    path: list[bytes]
    note: str

    def as_json(self) -> dict[str, Any]:
        """Return it as it is handed out."""
        return {
            "index": self.index,
            "size": self.size,
            "leaf": self.leaf.hex(),
            "path": [step.hex() for step in self.path],
            "checkpoint": self.note,
        }


class _Tree:
    """Perfect subtrees of the sealed ledger, read a block of at most 256 hashes at a time."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._blocks: dict[tuple[int, int], dict[int, bytes]] = {}

    def node(self, level: int, index: int) -> bytes:
        """Return the hash over the leaves ``index * 2**level`` and on."""
        floor, above = level - level % STEP, level % STEP
        first = index << above
        block = self._block(floor, first >> STEP)
        hashes = [block[at] for at in range(first, first + (1 << above))]
        return merkle.grow(merkle.Frontier(), hashes).root()

    def _block(self, level: int, number: int) -> dict[int, bytes]:
        if (level, number) not in self._blocks:
            begin, end = number << STEP, (number + 1) << STEP
            rows = Leaf.objects.all() if level == 0 else TreeNode.objects.filter(level=level)
            found = rows.filter(index__gte=begin, index__lt=end).values_list("index", "hash")
            self._blocks[level, number] = {index: bytes(digest) for index, digest in found}
        return self._blocks[level, number]


def proof_of(entry_id: int) -> Proof:
    """Return the proof of one entry of the current enterprise towards its newest head, in at most ten queries.

    :raises DomainError: 404 ``not_found``; 409 ``not_sealed_yet`` within the first minute
    """
    leaf = Leaf.objects.filter(entry=entry_id).first()
    if leaf is None:
        if not LedgerEntry.objects.filter(pk=entry_id).exists():
            raise DomainError("not_found", _("没有这条记录。"), status=404)
        raise DomainError("not_sealed_yet", _("这条记录刚刚写入，一分钟内完成封存，请稍后再试。"), status=409)
    head = seals.newest()
    assert head is not None  # noqa: S101 - a leaf is written together with its head
    path = merkle.inclusion_proof(leaf.index, head.size, _Tree(head.size).node)
    return Proof(leaf.index, head.size, bytes(leaf.hash), path, head.note)


def proven_entry(subject: UUID, n: int) -> dict[str, Any]:
    """Return one entry with everything that its proof is made of, as JSON: content, hash before it, proof.

    :raises DomainError: 404 ``not_found``; 409 ``not_sealed_yet``
    """
    row = LedgerEntry.objects.filter(subject=subject, n=n).first()
    if row is None:
        raise DomainError("not_found", _("没有这条记录。"), status=404)
    content = rules.entry_content(subject=row.subject, n=row.n, kind=row.kind, body=row.body, at=row.at)
    return {"entry": content, "prev": bytes(row.prev).hex(), "hash": bytes(row.hash).hex(), "proof": proof_of(row.pk).as_json()}
