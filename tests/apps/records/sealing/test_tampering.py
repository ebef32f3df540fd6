"""Whoever owns the database and the server's files, and switches every guard off, still cannot alter the record unseen.

Each row of ``WAYS`` is one alteration by superuser SQL or on stored files. All are found, with the entry where there is one, and the window.
"""

from __future__ import annotations

import base64
from datetime import timedelta

import pytest

from apps.records import rules
from apps.records.sealing.models import Leaf
from infra.kit import merkle, notes, signing
from infra.kit.notes import Checkpoint
from public.seals import api as seals
from tenants.scope import enterprise_scope, platform_scope
from tests.apps.records.sealing import ground
from tests.apps.records.sealing.ground import EACH, FORGED, HEADS, ONE, PART, SIZE, N, learner, note_of, overwrite

pytestmark = pytest.mark.req("R4.2")
BEYOND = '{"effective_ms": 99999999999999999999}'


def change(db, vault):
    db.execute("UPDATE records_ledgerentry SET body = %s WHERE id = %s", [FORGED, vault.entry(ONE, N)])


def change_with_hash(db, vault):
    change(db, vault)
    entry = vault.entry(ONE, N)
    db.execute("UPDATE records_ledgerentry SET hash = %s WHERE id = %s", [ground.content_hash(db, entry)[0], entry])


def change_with_chain(db, vault):
    change(db, vault)
    return ground.rechain(db, learner(ONE))


def change_with_leaves(db, vault):
    for entry in change_with_chain(db, vault):
        leaf = merkle.leaf_hash(ground.content_hash(db, entry)[1])
        db.execute("UPDATE records_leaf SET hash = %s WHERE entry_id = %s", [leaf, entry])


def change_with_heads(db, vault):
    """Everything in the database that can be made to fit without the keys."""
    change_with_leaves(db, vault)
    rows = db.execute("SELECT entry_id, hash FROM records_leaf ORDER BY index").fetchall()
    nodes = []
    edge = merkle.Frontier()
    for number in range(HEADS):
        part = [(entry, bytes(leaf)) for entry, leaf in rows[number * PART : (number + 1) * PART]]
        edge = merkle.grow(edge, [leaf for _entry, leaf in part], keep=lambda *node: nodes.append(node))
        db.execute(
            "UPDATE seals_head SET root = %s, edge = %s, leaves = %s WHERE schema_name = %s AND size = %s",
            [
                edge.root(),
                edge.to_bytes(),
                b"".join(e.to_bytes(8, "big") + h for e, h in part),
                vault.site.schema_name,
                edge.size,
            ],
        )
    for level, index, digest in nodes:
        db.execute("UPDATE records_treenode SET hash = %s WHERE level = %s AND index = %s", [digest, level, index])


def backdate(db, vault):
    db.execute("UPDATE records_ledgerentry SET at = at - interval '30 days' WHERE id = %s", [vault.entry(ONE, N)])


def change_to_what_json_cannot_say(db, vault):
    """Beyond 2**53: the content has no canonical form, and must stop neither the verification nor the sealer."""
    db.execute("UPDATE records_ledgerentry SET body = %s WHERE id = %s", [BEYOND, vault.entry(ONE, N)])


def retype(db, vault):
    db.execute("UPDATE records_ledgerentry SET kind = 'EXAM' WHERE id = %s", [vault.entry(ONE, N)])


def give_away(db, vault):
    sql = "UPDATE records_ledgerentry SET subject = %s, n = 99 WHERE id = %s"
    db.execute(sql, [learner(ONE + 1), vault.entry(ONE, N)])


def swap_numbers(db, vault):
    first, second = vault.entry(ONE, N), vault.entry(ONE, N + 1)
    for entry, n in ((first, 999), (second, N), (first, N + 1)):
        db.execute("UPDATE records_ledgerentry SET n = %s WHERE id = %s", [n, entry])


def swap_ids(db, vault):
    first, second = vault.entry(ONE, N), vault.entry(ONE + 1, N)
    for old, new in ((first, -1), (second, first), (-1, second)):
        db.execute("UPDATE records_ledgerentry SET id = %s WHERE id = %s", [new, old])


def remove(db, vault):
    db.execute("DELETE FROM records_ledgerentry WHERE id = %s", [vault.entry(ONE, N)])


def remove_with_chain(db, vault):
    remove(db, vault)
    ground.rechain(db, learner(ONE))


def remove_with_leaf(db, vault):
    db.execute("DELETE FROM records_leaf WHERE entry_id = %s", [vault.entry(ONE, N)])
    remove(db, vault)


def remove_the_last_of_a_learner(db, vault):
    db.execute("DELETE FROM records_ledgerentry WHERE id = %s", [vault.entry(ONE, EACH)])


def remove_a_learner(db, _vault):
    db.execute("DELETE FROM records_ledgerentry WHERE subject = %s", [learner(ONE)])


def cut_the_tail(db, vault):
    """The last head, with all it sealed, as if that day had never been."""
    keep = SIZE - PART
    db.execute("DELETE FROM records_ledgerentry WHERE id IN (SELECT entry_id FROM records_leaf WHERE index >= %s)", [keep])
    db.execute("DELETE FROM records_leaf WHERE index >= %s", [keep])
    last = "SELECT id FROM seals_head WHERE schema_name = %s AND size = %s"
    for table in ("seals_copy", "seals_placed"):
        db.execute(f"DELETE FROM {table} WHERE head_id IN ({last})", [vault.site.schema_name, SIZE])
    db.execute("DELETE FROM seals_head WHERE schema_name = %s AND size = %s", [vault.site.schema_name, SIZE])


def remove_everything(db, vault):
    for table in ground.TABLES:
        db.execute(f"DELETE FROM {table}")
    db.execute("DELETE FROM seals_head WHERE schema_name = %s", [vault.site.schema_name])


def insert(db, vault, *, n, age="1 hour"):
    """Write an entry past the application, rightly hashed."""
    before = bytes(32)
    if n > 1:
        (before,) = db.execute(
            "SELECT hash FROM records_ledgerentry WHERE subject = %s AND n = %s", [learner(ONE), n - 1]
        ).fetchone()
    (entry,) = db.execute(
        "INSERT INTO records_ledgerentry (subject, n, kind, body, at, prev, hash)"
        " VALUES (%s, %s, 'STUDY_SESSION', %s, now() - %s::interval, %s, %s) RETURNING id",
        [learner(ONE), n, FORGED, age, bytes(before), bytes(32)],
    ).fetchone()
    db.execute("UPDATE records_ledgerentry SET hash = %s WHERE id = %s", [ground.content_hash(db, entry)[0], entry])
    return entry


def insert_at_the_end(db, vault):
    insert(db, vault, n=EACH + 1)


def insert_in_the_middle(db, vault):
    db.execute("UPDATE records_ledgerentry SET n = n + 1000 WHERE subject = %s AND n >= %s", [learner(ONE), N])
    insert(db, vault, n=N)
    db.execute("UPDATE records_ledgerentry SET n = n - 999 WHERE subject = %s AND n >= 1000", [learner(ONE)])
    ground.rechain(db, learner(ONE))


def insert_with_a_leaf(db, vault):
    entry = insert(db, vault, n=EACH + 1)
    leaf = merkle.leaf_hash(ground.content_hash(db, entry)[1])
    db.execute("INSERT INTO records_leaf (index, entry_id, hash) VALUES (%s, %s, %s)", [SIZE, entry, leaf])


def swap_places(db, vault):
    first, second = vault.entry(ONE, N), vault.entry(ONE + 1, N)
    db.execute("ALTER TABLE records_leaf DROP CONSTRAINT IF EXISTS none")
    a, b = (db.execute("SELECT index FROM records_leaf WHERE entry_id = %s", [entry]).fetchone()[0] for entry in (first, second))
    for entry, index in ((first, 10**9), (second, a), (first, b)):
        db.execute("UPDATE records_leaf SET index = %s WHERE entry_id = %s", [index, entry])


def spoil_a_node(db, _vault):
    db.execute("UPDATE records_treenode SET hash = %s WHERE level = 8 AND index = 0", [bytes(32)])


def remove_a_head(db, vault):
    db.execute("DELETE FROM seals_placed")
    db.execute("DELETE FROM seals_head WHERE schema_name = %s AND size = %s", [vault.site.schema_name, 2 * PART])


def rewrite_a_head(db, vault):
    (note,) = db.execute(
        "SELECT note FROM seals_head WHERE schema_name = %s AND size = %s", [vault.site.schema_name, 2 * PART]
    ).fetchone()
    db.execute("UPDATE seals_head SET note = %s WHERE schema_name = %s AND size = %s",
               [note.replace(f"\n{2 * PART}\n", f"\n{2 * PART - 1}\n"), vault.site.schema_name, 2 * PART])  # fmt: skip


def lose_a_note(_db, vault):
    note_of(vault, 2 * PART).unlink()


def spoil_a_note(_db, vault):
    path = note_of(vault, 2 * PART)
    data = path.read_bytes()
    overwrite(path, data.replace(b"sm3 ", b"sm4 "))


def forge_a_note(_db, vault):
    """A head of the attacker's own, under our name, with a key that is not ours."""
    key = signing.NoteKey(seals.log_name(), signing.Signer("the attacker's", purpose="ledger"))
    point = Checkpoint(seals.origin(vault.site.schema_name), 2 * PART, bytes(32), ("at 2026-11-01T00:00:00Z",))
    overwrite(note_of(vault, 2 * PART), notes.sign(point.text(), [key]).encode())


def exchange_notes(_db, vault):
    """An older head, rightly signed, in the place of a newer one."""
    overwrite(note_of(vault, 2 * PART), note_of(vault, PART).read_bytes())


def lose_leaves(_db, vault):
    (vault.own_files / f"{2 * PART:014d}.leaves").unlink()


def spoil_leaves(_db, vault):
    path = vault.own_files / f"{2 * PART:014d}.leaves"
    data = bytearray(path.read_bytes())
    data[20] ^= 1
    overwrite(path, bytes(data))


WAYS = {
    change: ("changed", True),
    change_with_hash: ("changed", True),
    change_with_chain: ("changed", True),
    change_with_leaves: ("changed", True),
    change_with_heads: ("changed", True),
    backdate: ("changed", True),
    change_to_what_json_cannot_say: ("changed", True),
    retype: ("changed", True),
    give_away: ("changed", True),
    swap_numbers: ("changed", True),
    swap_ids: ("changed", True),
    remove: ("removed", True),
    remove_with_chain: ("removed", True),
    remove_with_leaf: ("removed", True),
    remove_the_last_of_a_learner: ("removed", False),
    remove_a_learner: ("removed", True),
    cut_the_tail: ("removed", False),
    remove_everything: ("removed", True),
    insert_at_the_end: ("unsealed", False),
    insert_in_the_middle: ("changed", True),
    insert_with_a_leaf: ("index", False),
    swap_places: ("index", True),
    spoil_a_node: ("node", False),
    remove_a_head: ("head_removed", False),
    rewrite_a_head: ("head", False),
    lose_a_note: ("copy_removed", False),
    spoil_a_note: ("copy", False),
    forge_a_note: ("copy", False),
    exchange_notes: ("copy", False),
    lose_leaves: ("leaves", False),
    spoil_leaves: ("leaves", False),
}


def test_an_untouched_ledger_is_clean(vault):
    report = vault.verify()
    assert report.findings == []
    assert (report.entries, report.sealed, report.heads) == (SIZE, SIZE, HEADS)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_every_alteration_is_found_and_named(altered, way):
    kind, names_it = WAYS[way]
    with altered.hands() as db:
        way(db, altered)
    report = altered.verify()
    assert kind in {one.kind for one in report.findings}
    if names_it:
        named = [one for one in report.findings if one.kind == kind and one.entry == altered.entry(ONE, N)]
        assert named, "the entry itself is named"
        day = altered.began - timedelta(days=20)
        assert named[0].since < day - timedelta(days=5) < day < named[0].until, "and the window in which it was sealed"


def test_an_entry_that_claims_to_be_old_is_told_when_it_is_sealed(altered):
    """The attacker writes it past the application and waits for the sealer."""
    with altered.hands() as db:
        entry = insert(db, altered, n=EACH + 1, age="30 days")
    assert altered.seal().added == 1
    (found,) = altered.verify().findings
    assert (found.kind, found.entry) == ("backdated", entry)


@pytest.mark.parametrize("body", [FORGED, BEYOND])
def test_the_sealer_refuses_an_altered_entry_and_seals_the_others(altered, body):
    fresh = [altered.append(ONE, EACH + 1), altered.append(ONE + 1, EACH + 1)]
    with altered.hands() as db:
        db.execute("UPDATE records_ledgerentry SET body = %s WHERE id = %s", [body, fresh[0]])
    done = altered.seal()
    assert (done.added, list(done.refused)) == (1, [fresh[0]])
    found = altered.verify()
    assert [(one.kind, one.entry) for one in found.findings] == [("changed", fresh[0])]


def test_a_changed_order_of_heads_and_a_lost_one_show_in_the_log_of_heads(altered):
    with platform_scope():
        known = seals.verifiers()
        assert seals.check_log(known) == []
    with altered.hands() as db:
        db.execute("UPDATE seals_head SET note = replace(note, 'sm3', 'sm4') WHERE schema_name = %s", [altered.site.schema_name])
    with platform_scope():
        assert any("were changed" in words for words in seals.check_log(known))
    altered.put_back()
    with altered.hands() as db:
        db.execute("DELETE FROM seals_placed WHERE head_id = (SELECT max(id) FROM seals_head)")
        db.execute("DELETE FROM seals_loghead WHERE id = (SELECT max(id) FROM seals_loghead)")
    with platform_scope():
        assert any("ends at" in words or "is gone" in words for words in seals.check_log(known))


def test_every_entry_is_proven_to_a_signed_head(vault):
    from apps.records.sealing import proofs

    with platform_scope():
        known = seals.verifiers()
    with enterprise_scope(vault.site):
        for index in (0, 1, PART - 1, PART, SIZE // 2, SIZE - 1):
            leaf = Leaf.objects.select_related("entry").get(index=index)
            proven = proofs.proven_entry(leaf.entry.subject, leaf.entry.n)
            proof = proven["proof"]
            point = Checkpoint.parse(notes.open_note(proof["checkpoint"], known)[0])
            data = bytes.fromhex(proven["prev"]) + rules.canonical.encode(proven["entry"])
            path = [bytes.fromhex(step) for step in proof["path"]]
            assert merkle.root_of(merkle.leaf_hash(data), proof["index"], proof["size"], path) == point.root
            assert base64.b64encode(point.root).decode() in proof["checkpoint"]
