"""What is odd stops neither the sealer nor the verification, and what is honest is never called altered."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.core.management import call_command

from apps.records.sealing import sealing
from infra.kit import clock, notes, sm2
from infra.kit.notes import Checkpoint
from public.seals import api as seals
from public.seals import services
from public.seals.models import Head, LogHead
from tenants.scope import platform_scope
from tests.apps.records.sealing.ground import EACH, FORGED, ONE, PART, SIZE, N, note_of, overwrite

pytestmark = pytest.mark.req("R4.2")


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
