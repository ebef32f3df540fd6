"""Trees of RFC 9162: roots against the definition, proofs of every leaf and every growth, and nothing else passes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.kit import merkle
from infra.kit.merkle import Frontier


def defined(leaves, digest=merkle.sha256):
    """MTH of RFC 9162 §2.1.1, word by word."""
    if not leaves:
        return digest(b"")
    if len(leaves) == 1:
        return digest(b"\x00" + leaves[0])
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return digest(b"\x01" + defined(leaves[:k], digest) + defined(leaves[k:], digest))


def data(size):
    return [f"entry {n}".encode() for n in range(size)]


def tree(size, digest=merkle.sha256):
    """The right edge of a tree, and its perfect subtrees."""
    nodes = {(0, n): merkle.leaf_hash(one, digest) for n, one in enumerate(data(size))}
    edge = merkle.grow(Frontier(), [nodes[0, n] for n in range(size)], digest, lambda *known: nodes.update({known[:2]: known[2]}))
    return edge, lambda level, index: nodes[level, index]


@pytest.mark.req("R4.2")
@pytest.mark.parametrize("digest", [merkle.sha256, merkle.sm3])
def test_the_root_is_that_of_the_definition_however_the_tree_grew(digest):
    for size in range(70):
        leaves = [merkle.leaf_hash(one, digest) for one in data(size)]
        once = merkle.grow(Frontier(), leaves, digest)
        assert once.root(digest) == defined(data(size), digest)
        half = merkle.grow(Frontier(), leaves[: size // 3], digest)
        again = Frontier.from_bytes(half.size, half.to_bytes())
        assert merkle.grow(again, leaves[size // 3 :], digest) == once


def test_known_answers():
    """The empty tree and the one of a single empty leaf, as RFC 6962 implementations print them."""
    assert Frontier().root().hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert merkle.leaf_hash(b"").hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert merkle.sm3(b"abc").hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


@pytest.mark.req("R4.2")
def test_every_leaf_of_every_small_tree_is_proven_and_at_no_other_place():
    for size in range(1, 34):
        edge, node = tree(size)
        for index in range(size):
            proof = merkle.inclusion_proof(index, size, node)
            assert merkle.root_of(node(0, index), index, size, proof) == edge.root()
            for elsewhere in {(index + 1) % size, index ^ 1} - {index}:
                assert merkle.root_of(node(0, index), elsewhere, size, proof) != edge.root()


@given(size=st.integers(1, 300), seed=st.integers(0, 10**9), flip=st.integers(0, 255))
def test_a_proof_with_one_bit_flipped_one_step_less_or_more_leads_elsewhere(size, seed, flip):
    edge, node = tree(size)
    index = seed % size
    proof = merkle.inclusion_proof(index, size, node)
    leaf, root = node(0, index), edge.root()
    assert merkle.root_of(leaf, index, size, proof) == root
    assert merkle.root_of(leaf, index, size, [*proof, bytes(32)]) != root
    assert merkle.root_of(leaf, size, size, proof) is None
    if proof:
        at = seed % len(proof)
        bad = bytearray(proof[at])
        bad[flip // 8] ^= 1 << flip % 8
        assert merkle.root_of(leaf, index, size, [*proof[:at], bytes(bad), *proof[at + 1 :]]) != root
        assert merkle.root_of(leaf, index, size, proof[:-1]) != root


def test_every_growth_of_small_trees_is_proven_and_no_other_history_passes():
    edges = {size: tree(size) for size in range(1, 30)}
    for size, (edge, node) in edges.items():
        for old in range(1, size + 1):
            proof = merkle.consistency_proof(old, size, node)
            was = edges[old][0].root()
            assert merkle.grew((old, was), (size, edge.root()), proof)
            assert not merkle.grew((old, bytes(32)), (size, edge.root()), proof)
            assert not merkle.grew((old, was), (size, bytes(32)), proof)
            if old < size:
                assert not merkle.grew((old, was), (size, edge.root()), proof[:-1])
                assert not merkle.grew((old, was), (size, edge.root()), [*proof, bytes(32)])


def test_what_cannot_be_is_refused():
    _edge, node = tree(5)
    with pytest.raises(ValueError, match="not among"):
        merkle.inclusion_proof(5, 5, node)
    with pytest.raises(ValueError, match="do not begin"):
        merkle.consistency_proof(0, 5, node)
    with pytest.raises(ValueError, match="no right edge"):
        Frontier.from_bytes(3, bytes(32))
