"""Merkle trees of RFC 9162 §2.1: who holds a root can check one leaf, or that a tree only grew, from a few hashes.

A leaf is hashed with 0x00 before it, a node with 0x01, so that neither passes for the other. Hashes are plain functions of bytes
(:func:`sha256`, :func:`sm3`), both 32 bytes long.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

Hash = Callable[[bytes], bytes]
Node = Callable[[int, int], bytes]
"""(level, index) -> hash of the perfect subtree over leaves ``index * 2**level`` to ``(index + 1) * 2**level - 1``."""


def sha256(data: bytes) -> bytes:
    """Return the SHA-256 of ``data``."""
    return hashlib.sha256(data).digest()


def sm3(data: bytes) -> bytes:
    """Return the SM3 of ``data`` (GB/T 32905), by OpenSSL (decision 0024)."""
    return hashlib.new("sm3", data).digest()


def leaf_hash(data: bytes, digest: Hash = sha256) -> bytes:
    """Return the hash of one leaf."""
    return digest(b"\x00" + data)


def node_hash(left: bytes, right: bytes, digest: Hash = sha256) -> bytes:
    """Return the hash of a node over its two children."""
    return digest(b"\x01" + left + right)


@dataclass(frozen=True, slots=True)
class Frontier:
    """The right edge of a tree: all that is needed to let it grow. ``peaks``: its perfect subtrees, largest first."""

    size: int = 0
    peaks: tuple[bytes, ...] = ()

    def root(self, digest: Hash = sha256) -> bytes:
        """Return the tree's root; the empty tree's is the hash of nothing."""
        if not self.peaks:
            return digest(b"")
        found = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            found = node_hash(peak, found, digest)
        return found

    def to_bytes(self) -> bytes:
        """Return the peaks as one value; the size tells how many there are."""
        return b"".join(self.peaks)

    @classmethod
    def from_bytes(cls, size: int, data: bytes) -> "Frontier":
        """Return what :meth:`to_bytes` wrote.

        :raises ValueError: it does not belong to a tree of ``size`` leaves
        """
        if size < 0 or len(data) != 32 * size.bit_count():
            raise ValueError(f"no right edge of {size} leaves: {len(data)} bytes")
        return cls(size, tuple(data[at : at + 32] for at in range(0, len(data), 32)))


def grow(
    edge: Frontier, leaves: Iterable[bytes], digest: Hash = sha256, keep: Callable[[int, int, bytes], None] | None = None
) -> Frontier:
    """Return the right edge after more leaves (already hashed).

    :param keep: called with (level, index, hash) of each perfect subtree that became whole, level 0 left out
    """
    size, peaks = edge.size, list(edge.peaks)
    for leaf in leaves:
        found, level, rest = leaf, 0, size
        while rest & 1:
            found, level, rest = node_hash(peaks.pop(), found, digest), level + 1, rest >> 1
            if keep is not None:
                keep(level, rest, found)
        peaks.append(found)
        size += 1
    return Frontier(size, tuple(peaks))


def _split(size: int) -> int:
    """Return the largest power of two below ``size`` (≥ 2): what stands left of the root."""
    return 1 << (size - 1).bit_length() - 1


def subtree(begin: int, end: int, node: Node, digest: Hash = sha256) -> bytes:
    """Return the hash over leaves ``begin`` to ``end - 1``; ``begin`` is a multiple of the perfect part's size."""
    size = end - begin
    if size & (size - 1) == 0:
        level = size.bit_length() - 1
        return node(level, begin >> level)
    middle = begin + _split(size)
    return node_hash(subtree(begin, middle, node, digest), subtree(middle, end, node, digest), digest)


def inclusion_proof(index: int, size: int, node: Node, digest: Hash = sha256) -> list[bytes]:
    """Return the hashes beside the way from leaf ``index`` to the root of the first ``size`` leaves, lowest first.

    :raises ValueError: no such leaf
    """
    if not 0 <= index < size:
        raise ValueError(f"leaf {index} is not among {size}")
    found: list[bytes] = []
    begin, end = 0, size
    while end - begin > 1:
        middle = begin + _split(end - begin)
        if index < middle:
            found.append(subtree(middle, end, node, digest))
            end = middle
        else:
            found.append(subtree(begin, middle, node, digest))
            begin = middle
    return found[::-1]


def root_of(leaf: bytes, index: int, size: int, proof: Sequence[bytes], digest: Hash = sha256) -> bytes | None:
    """Return the root that a proof of inclusion leads to (RFC 9162 §2.1.3.2), None where it cannot belong to such a tree."""
    if not 0 <= index < size:
        return None
    here, last, found = index, size - 1, leaf
    for step in proof:
        if last == 0:
            return None
        if here & 1 or here == last:
            found = node_hash(step, found, digest)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            found = node_hash(found, step, digest)
        here, last = here >> 1, last >> 1
    return found if last == 0 else None


def consistency_proof(old: int, size: int, node: Node, digest: Hash = sha256) -> list[bytes]:
    """Return the hashes that prove the first ``old`` leaves to begin the first ``size`` ones (RFC 9162 §2.1.4.1).

    :raises ValueError: ``old`` is not between 1 and ``size``
    """
    if not 1 <= old <= size:
        raise ValueError(f"{old} leaves do not begin {size}")
    found: list[bytes] = []
    begin, end, whole = 0, size, True
    while old != end:
        middle = begin + _split(end - begin)
        if old <= middle:
            found.append(subtree(middle, end, node, digest))
            end = middle
        else:
            found.append(subtree(begin, middle, node, digest))
            begin, whole = middle, False
    if not whole:
        found.append(subtree(begin, end, node, digest))
    return found[::-1]


def grew(before: tuple[int, bytes], after: tuple[int, bytes], proof: Sequence[bytes], digest: Hash = sha256) -> bool:
    """Say whether ``proof`` shows the tree ``after`` to begin with the tree ``before`` (RFC 9162 §2.1.4.2); each (size, root)."""
    (old, old_root), (size, root) = before, after
    if old == size:
        return not proof and old_root == root
    if not 1 <= old < size:
        return False
    steps = list(proof) if old & (old - 1) else [old_root, *proof]
    if not steps:
        return False
    here, last = old - 1, size - 1
    while here & 1:
        here, last = here >> 1, last >> 1
    was = now = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if here & 1 or here == last:
            was, now = node_hash(step, was, digest), node_hash(step, now, digest)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            now = node_hash(now, step, digest)
        here, last = here >> 1, last >> 1
    return last == 0 and was == old_root and now == root
