"""Months of the shared logs are made and retired by a job; what lies in them is never lost on the way, nor seen next door."""

from datetime import UTC, date, datetime

import psycopg
import pytest
from psycopg import sql

from public.audit import rules, tasks
from tenants.database.provision import owner_connection

pytestmark = pytest.mark.req("R5.4")


def exists(db, name):
    return db.execute("SELECT to_regclass(%s)", [f"public.{name}"]).fetchone()[0] is not None


def is_attached(db, name):
    found = db.execute("SELECT 1 FROM pg_inherits WHERE inhrelid = to_regclass(%s)", [f"public.{name}"])
    return found.fetchone() is not None


def note(db, at, target):
    db.execute(
        "INSERT INTO public.audit_event (uuid, schema_name, at, actor, action, target) "
        "VALUES (gen_random_uuid(), 'public', %s, 'system', 'test', %s)",
        [at, target],
    )


def test_what_has_stayed_long_enough_is_whole_months_before_this_one():
    names = ["audit_beat_202605", "audit_beat_202604", "audit_beat_default", "audit_beat_202611"]
    assert rules.retired(names, today=date(2026, 11, 30), months=6) == [date(2026, 4, 1)]
    assert rules.retired(names, today=date(2026, 12, 1), months=6) == [date(2026, 4, 1), date(2026, 5, 1)]
    assert rules.months_before(date(2026, 1, 31), 1) == date(2025, 12, 1)


def test_old_months_of_beats_go_and_those_of_events_are_kept_apart(database):
    with owner_connection() as db:
        for table in ("audit_beat", "audit_event"):
            for month in ("2019-03-01", "2019-04-01"):
                db.execute("SELECT public.audit_make_partition(%s, %s)", [table, month])
        note(db, datetime(2019, 3, 5, tzinfo=UTC), "kept")
    assert tasks.retire(today=date(2018, 12, 1)) == 0, "no law on that day: nothing goes"
    assert tasks.retire(today=date(2019, 12, 1)) == 2, "only beats are that short-lived"
    with owner_connection() as db:
        assert not exists(db, "audit_beat_201903")
        assert is_attached(db, "audit_event_201903")
    assert tasks.retire(today=date(2022, 4, 2)) == 1
    assert tasks.retire(today=date(2022, 4, 2)) == 0
    with owner_connection() as db:
        assert (exists(db, "audit_event_201903"), is_attached(db, "audit_event_201903")) == (True, False)
        assert db.execute("SELECT target FROM public.audit_event_201903").fetchall() == [("kept",)]
        assert db.execute("SELECT count(*) FROM public.audit_event WHERE target = 'kept'").fetchone() == (0,)
        _clean(db)


def _clean(db):
    with db.transaction():
        db.execute("SELECT set_config('anxue.may_drop', 'yes', true)")
        for name in ("audit_event_201903", "audit_event_201904", "audit_beat_201904"):
            db.execute(sql.SQL("DROP TABLE IF EXISTS public.{}").format(sql.Identifier(name)))


_PACKAGE = """
INSERT INTO public.retention_package (uuid, schema_name, what, month, volume, rows, contents, learners, storage_key, size, sha256,
  manifest_sha256, is_locked, kept_until, key_sealed, made_at, verified_at)
VALUES (gen_random_uuid(), %s, 'BEATS', '2018-05-01', %s, %s, '{}', '{}', 'x', 1, 'x', 'x', false, '2030-01-01', 'x', now(), now())
"""
_HOLD = """
INSERT INTO public.retention_hold (uuid, schema_name, subject, reason, by, by_name, at, ended_by, ended_name, ended_reason)
VALUES (gen_random_uuid(), %s, NULL, 'x', 'x', 'x', now(), '', '', '')
"""


@pytest.mark.req("R4.6")
def test_a_month_of_beats_waits_until_everybody_in_it_has_packed_it_and_nobody_holds_it(database, jia, yi):
    retire = "SELECT public.audit_retire_partition('audit_beat', '2018-05-01', true)"
    with owner_connection() as db, db.transaction(force_rollback=True):
        db.execute("SELECT public.audit_make_partition('audit_beat', '2018-05-01')")
        for site, count in ((jia, 3), (yi, 1)):
            db.execute(
                "INSERT INTO public.audit_beat (schema_name, at, session, seq, state, reason, position_ms, paid_ms, verdict) "
                "SELECT %s, '2018-05-07', gen_random_uuid(), n, 'playing', 'tick', 0, 0, 'paid' FROM generate_series(1, %s) n",
                [site.schema_name, count],
            )
        assert db.execute(retire).fetchone() == (False,)
        db.execute(_PACKAGE, [jia.schema_name, 1, 2])
        db.execute(_PACKAGE, [yi.schema_name, 1, 1])
        assert db.execute(retire).fetchone() == (False,), "a beat of 甲 is in no package"
        db.execute(_PACKAGE, [jia.schema_name, 2, 1])
        db.execute(_HOLD, [yi.schema_name])
        assert db.execute(retire).fetchone() == (False,), "乙 is on hold"
        assert db.execute("SELECT count(*) FROM public.audit_beat_201805").fetchone() == (4,)
        db.execute("UPDATE public.retention_hold SET ended_at = now() WHERE schema_name = %s", [yi.schema_name])
        assert db.execute(retire).fetchone() == (True,)
        assert not exists(db, "audit_beat_201805")


def test_a_retired_month_is_the_owners_alone(database, jia):
    with owner_connection() as db, db.transaction(force_rollback=True):
        db.execute("SELECT public.audit_make_partition('audit_event', '2018-07-01')")
        db.execute(sql.SQL("GRANT SELECT ON public.audit_event_201807 TO {}").format(sql.Identifier(_role(db, jia))))
        assert db.execute("SELECT public.audit_retire_partition('audit_event', '2018-07-01', false)").fetchone() == (True,)
        found = db.execute("SELECT has_table_privilege(%s, 'public.audit_event_201807', 'SELECT')", [_role(db, jia)])
        assert found.fetchone() == (False,)


def _role(db, site):
    found = db.execute("SELECT rolname FROM pg_roles WHERE rolname LIKE %s", [f"%{site.schema_name}"]).fetchone()
    return found[0]


def test_a_month_made_late_takes_its_rows_from_the_default_and_stays_guarded(database):
    with owner_connection() as db, db.transaction(force_rollback=True):
        note(db, datetime(2033, 5, 5, tzinfo=UTC), "early bird")
        assert db.execute("SELECT count(*) FROM public.audit_event_default WHERE target = 'early bird'").fetchone() == (1,)
        db.execute("SELECT public.audit_make_partition('audit_event', '2033-05-01')")
        assert db.execute("SELECT count(*) FROM public.audit_event_203305").fetchone() == (1,)
        assert db.execute("SELECT count(*) FROM public.audit_event WHERE target = 'early bird'").fetchone() == (1,)
        assert is_attached(db, "audit_event_default")
        for table, acts in (("audit_event_default", ["TRUNCATE"]), ("audit_event_203305", ["DELETE FROM", "TRUNCATE"])):
            for act in acts:
                with pytest.raises(psycopg.errors.Error, match=r"refused|only grows|grows"), db.transaction():
                    db.execute(sql.SQL(act + " public.{}").format(sql.Identifier(table)))
        triggers = db.execute(
            "SELECT count(*) FROM pg_trigger WHERE tgrelid = 'public.audit_event_default'::regclass AND tgname LIKE 'only_grows%'"
            " AND tgenabled = 'A'"
        )
        assert triggers.fetchone() == (2,)
