"""Whoever owns the database and the server's files, and switches every guard off, still cannot alter the record unseen.

Each row of ``WAYS`` is one alteration by superuser SQL or on stored files. All are found, with the entry where there is one, and the window.
"""

from __future__ import annotations

import base64
import json
from datetime import timedelta

import pytest
from django.core.management import call_command

from apps.records import rules
from apps.records.sealing import sealing
from apps.records.sealing.models import Leaf
from infra.kit import clock, merkle, notes, signing, sm2
from infra.kit.notes import Checkpoint
from public.seals import api as seals
from public.seals import services
from public.seals.models import Head, LogHead
from tenants.scope import enterprise_scope, platform_scope
from tests.apps.records.sealing import ground
from tests.apps.records.sealing.ground import EACH, HEADS, LEARNERS, learner
from tests.tenants.ground import open_for_test, remove_enterprises

pytestmark = pytest.mark.req("R4.2")
SIZE = LEARNERS * EACH
PART = SIZE // HEADS
ONE = 7
"""The learner, and below the number of the entry, that is altered: sealed by the second head."""
N = 8
FORGED = '{"effective_ms": 99000}'
BEYOND = '{"effective_ms": 99999999999999999999}'


@pytest.fixture(scope="module")
def vault(database, django_db_blocker, tmp_path_factory):
    site = open_for_test("sealed-vault")
    yield ground.sealed_vault(site, tmp_path_factory.mktemp("vault") / "kept")
    remove_enterprises("sealed-vault")


@pytest.fixture
def altered(vault):
    """The vault, put back after the test."""
    yield vault
    vault.put_back()
    assert vault.verify().is_clean


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


def note_of(vault, size):
    return vault.own_files / f"{size:014d}.note"


def overwrite(path, data):
    path.chmod(0o644)
    path.write_bytes(data)


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


def test_what_lies_beside_the_notes_and_is_none_stops_no_verification(altered):
    """A turn that was killed leaves half a file; somebody else may put any name there."""
    for folder in (altered.own_files, altered.files / "log"):
        for name in ("tmpk3x_half", "eins.note", f"{PART}.note"):
            (folder / name).write_bytes(b"half a no")
    assert altered.verify().is_clean
    with platform_scope():
        assert seals.check_log(seals.verifiers()) == []


def test_a_turn_of_several_batches_after_days_without_the_sealer_is_not_called_backdated(altered):
    """All its heads bear the moment at which it began: the second is not held against entries as old as those of the first."""
    now = clock.now()
    for who in (ONE, ONE + 1):
        altered.append(who, EACH + 1, at=now - timedelta(days=5))
        assert altered.seal(at=now).added == 1
    assert altered.verify().findings == []


def test_a_foreign_note_in_the_way_of_one_enterprise_holds_nobody_else_up(altered):
    """A database put back from yesterday meets the copies of today: its enterprise waits for a look, the log of heads goes on."""
    note_of(altered, SIZE + 1).write_text("what lies here already")
    altered.append(ONE, EACH + 1)
    altered.seal()
    with platform_scope():
        assert Head.objects.filter(schema_name=altered.site.schema_name, copy=None).count() == 1
        assert not LogHead.objects.filter(copy=None).exists()
    assert "copy" in {one.kind for one in altered.verify().findings}


def test_altered_entries_do_not_keep_the_sealer_from_what_lies_beyond_them(altered, monkeypatch):
    monkeypatch.setattr(sealing, "BATCH", 2)
    fresh = [altered.append(who, EACH + 1) for who in range(5)]
    with altered.hands() as db:
        db.execute("UPDATE records_ledgerentry SET body = %s WHERE id = ANY(%s)", [FORGED, fresh[:2]])
    done = altered.seal()
    assert (done.size, done.added, list(done.refused)) == (SIZE + 3, 3, fresh[:2])


def test_each_turn_looks_at_the_newest_heads_and_the_one_of_the_night_at_all(altered, monkeypatch):
    monkeypatch.setattr(services, "_LOOK_BACK", 0)
    first = "SELECT id FROM seals_head WHERE schema_name = %s AND size = %s"
    with altered.hands() as db:
        db.execute(f"DELETE FROM seals_copy WHERE head_id = ({first})", [altered.site.schema_name, PART])
    altered.append(ONE, EACH + 1)
    altered.seal()
    with platform_scope():
        lacking = Head.objects.filter(schema_name=altered.site.schema_name, copy=None)
        assert [row.size for row in lacking] == [PART], "the new one has its copy, the old one was not looked at"
        assert services.settle(at=clock.now(), everything=True) == 1
        assert not lacking.all().exists()


def test_heads_stay_ours_when_the_platform_moves_to_another_host(vault, settings):
    settings.PLATFORM_HOST = "moved.example"
    assert vault.verify().findings == []
    with platform_scope():
        assert seals.check_log(seals.verifiers()) == []


def test_a_moment_that_nobody_can_read_ends_no_verification(altered, capsys):
    with altered.hands() as db:
        db.execute("UPDATE records_ledgerentry SET at = 'infinity' WHERE id = %s", [altered.entry(ONE, N)])
    with pytest.raises(SystemExit) as ended:
        call_command("archive_verify", altered.site.subdomain, "--json")
    assert ended.value.code == 1
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (told["clean"], [one["kind"] for one in told["enterprises"][0]["findings"]]) == (False, ["changed"])


def test_a_key_that_was_slipped_into_the_database_signs_nothing(altered):
    """SM2 keys are rows: the owner of the database adds one of his own, and puts a head of his own in the place of ours."""
    public, private = sm2.make_key()
    point = Checkpoint(seals.origin(altered.site.schema_name), 2 * PART, bytes(32), ("at 2026-11-01T00:00:00Z",))
    forged = notes.sign(point.text(), [sm2.NoteKey(seals.log_name(), public, private)])
    columns = "(kind, name, public_key, private_key, made_at, retired_at)"
    with altered.hands() as db:
        (key,) = db.execute(
            f"INSERT INTO public.seals_logkey {columns} VALUES ('SM2', %s, %s, %s, now(), now()) RETURNING id",
            [seals.log_name(), public, bytes(60)],
        ).fetchone()
        overwrite(note_of(altered, 2 * PART), forged.encode())
        sql = "UPDATE seals_head SET note = %s WHERE schema_name = %s AND size = %s"
        db.execute(sql, [forged, altered.site.schema_name, 2 * PART])
    try:
        found = {one.kind for one in altered.verify().findings}
    finally:
        with altered.hands() as db:
            db.execute("DELETE FROM public.seals_logkey WHERE id = %s", [key])
    assert {"copy", "head"} <= found


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
