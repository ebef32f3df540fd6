"""Tables that only grow: their triggers fire in replica mode too, month by month, and nobody drops them by the way."""

from __future__ import annotations

from datetime import UTC, datetime

import psycopg
import pytest
from django.apps import apps
from django.conf import settings

from public.audit import api as audit
from tenants import state
from tenants.database import provision
from tenants.database.provision import guard_against_drops, owner_connection
from tenants.scope import platform_scope
from tests.tenants.ground import open_for_test, remove_enterprises

_TRIGGERS = """
SELECT t.tgname, t.tgenabled::text FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = %s AND c.relname = %s AND t.tgname IN ('only_grows', 'only_grows_t')
"""
_PARTITIONS = "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = %s::regclass"
ALWAYS = {"only_grows": "A", "only_grows_t": "A"}
LOGS = ("audit_event", "audit_beat")


def declared(app_names: list[str]) -> list[str]:
    models = [model for config in apps.get_app_configs() if config.name in app_names for model in config.get_models()]
    return [model._meta.db_table for model in models if getattr(model, "append_only", False)]


def triggers(db: psycopg.Connection[tuple[object, ...]], schema: str, table: str) -> dict[str, str]:
    return {str(name): str(enabled) for name, enabled in db.execute(_TRIGGERS, [schema, table]).fetchall()}


def partitions(db: psycopg.Connection[tuple[object, ...]], table: str) -> list[str]:
    return [str(row[0]) for row in db.execute(_PARTITIONS, [f"public.{table}"]).fetchall()]


@pytest.mark.req("R4.2")
def test_replica_mode_switches_no_trigger_off(database, jia):
    with owner_connection() as db:
        wanted = [("public", table) for table in declared(settings.SHARED_APPS) if table not in declared(settings.TENANT_APPS)]
        wanted += [("public", part) for table in LOGS for part in partitions(db, table)]
        wanted += [(schema, table) for schema in (jia.schema_name, state.TEMPLATE) for table in declared(settings.TENANT_APPS)]
        found = {place: triggers(db, *place) for place in wanted}
    assert len(found) > 15
    assert found == dict.fromkeys(wanted, ALWAYS)


def test_a_month_made_later_is_guarded_from_its_first_day(database):
    with owner_connection() as db, db.transaction(force_rollback=True):
        for _ in range(2):
            db.execute("SELECT public.audit_make_partition('audit_event', '2031-05-01')")
        assert triggers(db, "public", "audit_event_203105") == ALWAYS


@pytest.mark.req("R5.4")
@pytest.mark.parametrize("role", ["origin", "replica"])
@pytest.mark.parametrize("change", ["UPDATE {} SET actor = 'x'", "DELETE FROM {}", "TRUNCATE {}"])
def test_even_the_owner_may_not_change_the_log_nor_one_month_of_it(database, role, change):
    with platform_scope():
        audit.record("trial.done", actor="manager:1", target="trial:1", at=datetime(2026, 1, 5, tzinfo=UTC))
    with owner_connection() as db:
        db.execute(f"SET session_replication_role = {role}")
        for table in ("public.audit_event", "public.audit_event_default"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege, match="only grows"):
                db.execute(change.format(table))


DROPS = (
    'DROP SCHEMA "{schema}" CASCADE',
    'DROP TABLE "{schema}".records_ledgerentry CASCADE',
    'DROP TRIGGER only_grows ON "{schema}".records_ledgerentry',
    "DROP FUNCTION public.refuse_change() CASCADE",
    "DROP TABLE public.audit_beat",
    "DROP TABLE public.audit_event_default",
    "DROP TABLE public.regulators_feedrecord CASCADE",
)


@pytest.mark.req("R4.2")
@pytest.mark.parametrize("role", ["origin", "replica"])
@pytest.mark.parametrize("statement", DROPS)
def test_what_only_grows_is_not_dropped(database, jia, statement, role):
    with owner_connection() as db, db.transaction(force_rollback=True):
        db.execute(f"SET LOCAL session_replication_role = {role}")
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="guards a record that only grows"):
            db.execute(statement.format(schema=jia.schema_name))


def test_other_tables_are_dropped_as_ever(database):
    with owner_connection() as db, db.transaction(force_rollback=True):
        db.execute("CREATE TABLE public.trial_of_drop (id int)")
        db.execute("DROP TABLE public.trial_of_drop")


def test_a_trial_enterprise_goes_with_its_ledger(passing):
    site = open_for_test(f"{passing}dropped")
    remove_enterprises(passing)
    with owner_connection() as db:
        assert db.execute("SELECT to_regnamespace(%s)", [site.schema_name]).fetchone() == (None,)


def test_an_owner_that_is_no_superuser_is_told(database):
    assert guard_against_drops()
    with owner_connection() as db, db.transaction(force_rollback=True):
        db.execute("DROP EVENT TRIGGER only_grows")
        db.execute("CREATE ROLE trial_owner")
        db.execute("GRANT EXECUTE ON FUNCTION public.guard_against_drops() TO trial_owner")
        db.execute("SET LOCAL ROLE trial_owner")
        assert db.execute("SELECT public.guard_against_drops()").fetchone() == (False,)


def test_rows_are_kept_where_a_model_says_so_and_not_where_a_column_is_called_so():
    assert provision._tables(settings.TENANT_APPS, "kept") == {}, "a column of the lines of an import"
    kept = provision._tables(settings.TENANT_APPS, "erased_when_packed")
    assert set(kept) == {"people_facecheck", "people_proof", "learning_studysession", "learning_presencecheck"}
    assert all(value is True for value in kept.values())
