"""One release's migrations reach the template, the warm schemas and every enterprise, whatever gets in the way."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from tenants import fanout, opening, state
from tenants.database.provision import owner_connection
from tenants.scope import enterprise_scope
from tests.tenants.ground import open_for_test
from tests.tenants.trial import ADD_FIELD, CREATE_TABLE, take_back, trial_migrations


@pytest.fixture
def even(twenty: list) -> Iterator[list]:
    """Twenty enterprises at the code's own migrations, before and after."""
    take_back()
    fanout.migrate_all()
    yield twenty
    connection.close()


def having(table: str, column: str) -> set[str]:
    """Return the schemas in which ``table`` has ``column``."""
    with owner_connection() as db:
        rows = db.execute(
            "SELECT table_schema FROM information_schema.columns WHERE table_name = %s AND column_name = %s", [table, column]
        ).fetchall()
    return {str(row[0]) for row in rows}


def ours() -> set[str]:
    with owner_connection() as db:
        return set(state.schemas(db))


@pytest.mark.req("S2")
def test_a_new_column_and_table_reach_template_pool_and_enterprises(even, tmp_path):
    with trial_migrations(tmp_path, ADD_FIELD, CREATE_TABLE):
        seen: list[tuple[int, int]] = []
        outcome = fanout.migrate_all(progress=lambda done, total, name: seen.append((done, total)))
        assert outcome == fanout.Outcome(seen=len(ours()), migrated=len(ours()), failed={})
        assert seen == [(n, len(ours())) for n in range(1, len(ours()) + 1)]
        assert having("accounts_credential", "trial_note") == ours()
        assert having("accounts_trial", "word") == ours()


def test_a_new_table_can_be_used_by_its_enterprise_and_changed_by_nobody_but_the_owner(even, tmp_path, passing):
    with trial_migrations(tmp_path, CREATE_TABLE):
        fanout.migrate_all()
        newcomer = open_for_test(f"{passing}after-release")
        for site in (even[0], newcomer):
            with enterprise_scope(site), connection.cursor() as cursor:
                cursor.execute("INSERT INTO accounts_trial (word) VALUES ('新表')")
                cursor.execute("SELECT count(*) FROM accounts_trial")
                assert cursor.fetchone() == (1,)
                with pytest.raises(ProgrammingError, match="must be owner"):
                    cursor.execute("ALTER TABLE accounts_trial ADD COLUMN more int")


def test_nothing_to_do_takes_one_look_and_less_than_a_second(even):
    called: list[str] = []
    began = time.monotonic()
    outcome = fanout.migrate_all(progress=lambda done, total, name: called.append(name))
    assert (outcome.seen, outcome.migrated, outcome.failed, called) == (len(ours()), 0, {}, [])
    assert time.monotonic() - began < 1


@pytest.mark.parametrize("busy", ["enterprise", "template"])
def test_a_schema_whose_tables_are_busy_is_reported_and_done_by_the_next_run(even, tmp_path, busy):
    held = even[7].schema_name if busy == "enterprise" else state.TEMPLATE
    with trial_migrations(tmp_path, CREATE_TABLE, ADD_FIELD):
        with owner_connection() as reader, reader.transaction():
            reader.execute(f'LOCK TABLE "{held}".accounts_credential IN ACCESS SHARE MODE')
            outcome = fanout.migrate_all(tries=1)
        assert list(outcome.failed) == [held]
        assert "lock timeout" in outcome.failed[held]
        assert having("accounts_credential", "trial_note") == ours() - {held}
        assert having("accounts_trial", "word") == ours() - {held}, "nothing half done"
        assert fanout.migrate_all().migrated == 1
        assert having("accounts_credential", "trial_note") == ours()


def test_a_short_lock_is_waited_for(even, tmp_path):
    held = even[3].schema_name
    locked = threading.Event()

    def read_for_a_while() -> None:
        with owner_connection() as db, db.transaction():
            db.execute(f'LOCK TABLE "{held}".accounts_credential IN ACCESS SHARE MODE')
            locked.set()
            time.sleep(2.6)

    reader = threading.Thread(target=read_for_a_while)
    reader.start()
    locked.wait(5)
    with trial_migrations(tmp_path, ADD_FIELD):
        assert fanout.migrate_all().failed == {}
    reader.join()


def test_python_steps_run_in_every_schema_on_its_own_rows(even, tmp_path):
    code = """
        def write(apps, editor):
            model = apps.get_model("accounts", "Trial")
            model.objects.using(editor.connection.alias).create(word=editor.connection.schema_name)
        """
    with trial_migrations(tmp_path, CREATE_TABLE, "migrations.RunPython(write)", code=code):
        assert fanout.migrate_all().failed == {}
        with owner_connection() as db:
            for name in ours():
                assert db.execute(f'SELECT word FROM "{name}".accounts_trial').fetchall() == [(name,)]


def test_a_percent_sign_arrives_the_same_everywhere(even, tmp_path):
    rule = 'models.CheckConstraint(name="trial_rule", condition=~models.Q(name__contains="100%"))'
    with trial_migrations(tmp_path, f'migrations.AddConstraint("credential", {rule})'):
        fanout.migrate_all()
        with owner_connection() as db:
            rows = db.execute("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'trial_rule'").fetchall()
        assert len(rows) == len(ours())
        assert len(set(rows)) == 1


@pytest.mark.req("S2")
def test_a_warm_schema_claimed_by_the_old_code_meanwhile_is_migrated_under_its_new_name(even, tmp_path, passing, monkeypatch):
    with trial_migrations(tmp_path, CREATE_TABLE):
        newcomers = []

        def sign_up_meanwhile(done: int, total: int, name: str) -> None:
            if not newcomers:
                newcomers.append(open_for_test(f"{passing}in-between"))

        last_release = _pool_fingerprint()
        monkeypatch.setattr(opening, "_fingerprint", lambda: last_release)  # a web process that still runs the old code
        outcome = fanout.migrate_all(progress=sign_up_meanwhile)
        monkeypatch.undo()
        assert outcome.failed == {}
        assert newcomers[0].schema_name in having("accounts_trial", "word")
        assert having("accounts_trial", "word") == ours(), "and nothing fell into public"


def _pool_fingerprint() -> str:
    with owner_connection() as db:
        row = db.execute(
            "SELECT fingerprint FROM public.tenants_pooledschema GROUP BY 1 ORDER BY count(*) DESC LIMIT 1"
        ).fetchone()
    assert row
    return str(row[0])


def test_an_error_in_one_schema_is_told_and_the_others_go_on(even, tmp_path):
    odd = even[5]
    with enterprise_scope(odd), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_credential SET name = '100%'")
    rule = 'models.CheckConstraint(name="trial_rule", condition=~models.Q(name__contains="100%"))'
    try:
        with trial_migrations(tmp_path, f'migrations.AddConstraint("credential", {rule})'):
            outcome = fanout.migrate_all()
            assert list(outcome.failed) == [odd.schema_name]
            assert outcome.migrated == len(ours()) - 1
    finally:
        with enterprise_scope(odd), connection.cursor() as cursor:
            cursor.execute("UPDATE accounts_credential SET name = login_key")
