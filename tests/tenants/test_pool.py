"""Warm schemas: a claimed one is a true copy of the template, belongs to its role alone, and is given away once."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.apps import apps
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.utils import ProgrammingError

from infra.kit import clock
from tenants import fanout, pool, state
from tenants.database.provision import owner_connection
from tenants.models import Domain, Enterprise, PooledSchema
from tenants.opening import Application, open_enterprise
from tenants.scope import enterprise_scope, platform_scope
from tests.conftest import NOON
from tests.tenants.ground import application_of, mark, open_for_test, run
from tests.tenants.signature import signature


def append_only_tables(app_names: list[str]) -> dict[str, str]:
    """Return the tables that only grow, each with its key's column."""
    return {
        model._meta.db_table: model._meta.pk.column
        for config in apps.get_app_configs()
        if config.name in app_names
        for model in config.get_models()
        if getattr(model, "append_only", False)
    }


def test_a_claimed_schema_is_a_true_copy_of_the_template(passing):
    site = open_for_test(f"{passing}copy")
    with owner_connection() as db:
        template, copy = signature(db, state.TEMPLATE), signature(db, site.schema_name)
        applied = [
            db.execute(f'SELECT app, name FROM "{name}".django_migrations').fetchall()
            for name in (state.TEMPLATE, site.schema_name)
        ]
    assert len(template) > 50
    assert copy - template == set()
    assert template - copy == set()
    assert set(applied[0]) == set(applied[1])


def test_rows_get_numbers_and_times_in_a_claimed_schema(passing):
    site = open_for_test(f"{passing}numbers")
    mark(site)
    with enterprise_scope(site), connection.cursor() as cursor:
        cursor.execute("SELECT id, name, created_at IS NOT NULL FROM accounts_credential")
        assert cursor.fetchall() == [(1, site.schema_name, True)]
    connection.close()


@pytest.mark.req("S2")
@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE mine (id int)",
        "ALTER TABLE accounts_credential ADD COLUMN more int",
        "DROP TABLE accounts_credential",
        "TRUNCATE accounts_credential",
        "CREATE SCHEMA mine",
        "CREATE TABLE public.mine (id int)",
        "SELECT * FROM django_migrations",
        "SELECT * FROM public.tenants_domain",
        "SELECT * FROM public.accounts_credential",
        "SELECT * FROM public.django_session",
        "SELECT public.claim_schema('x', 'e_000000000000')",
        "CREATE ROLE mine",
        "ALTER DATABASE {database} SET search_path = public",
        "COPY accounts_credential TO PROGRAM 'true'",
        "SELECT pg_read_file('/etc/hostname')",
    ],
)
def test_the_role_of_an_enterprise_may_not(db, jia, statement):
    with enterprise_scope(jia), pytest.raises(ProgrammingError, match=r"permission denied|must be owner"):
        run(statement.format(database=settings.DATABASES["default"]["NAME"]))


@pytest.mark.req("R5.7")
@pytest.mark.parametrize("statement", ["UPDATE {table} SET {key} = {key}", "DELETE FROM {table}", "TRUNCATE {table}"])
def test_an_enterprise_cannot_change_a_table_that_only_grows(db, jia, statement):
    tables = append_only_tables(settings.TENANT_APPS)
    tables |= {f"public.{name}": key for name, key in append_only_tables(settings.SHARED_APPS).items() if name not in tables}
    assert tables
    for table, key in tables.items():
        with enterprise_scope(jia), pytest.raises(ProgrammingError, match=r"permission denied"):
            run(statement.format(table=table, key=key))


def test_the_owner_too_is_refused_where_the_record_only_grows(database, jia):
    import psycopg

    for table in append_only_tables(settings.TENANT_APPS):
        with owner_connection() as db, pytest.raises(psycopg.errors.InsufficientPrivilege, match="only grows"):
            db.execute(f'TRUNCATE "{jia.schema_name}"."{table}" CASCADE')


@pytest.mark.req("S2")
def test_every_table_of_a_neighbour_is_denied(db, jia, yi):
    with owner_connection() as owner:
        tables = [row[0] for row in owner.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [yi.schema_name])]
    assert tables
    for table in tables:
        with enterprise_scope(jia), pytest.raises(ProgrammingError, match=r"permission denied"):
            run(f'SELECT 1 FROM "{yi.schema_name}"."{table}"')


@pytest.mark.req("S2")
def test_of_public_an_enterprise_reads_only_what_is_declared_for_it(db, jia):
    allowed = {m._meta.db_table for m in apps.get_models() if "SELECT" in getattr(m, "enterprise_may", ())}
    with owner_connection() as owner:
        tables = [str(row[0]) for row in owner.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
    readable = {table for table in tables if _may_read(jia, table)}
    assert readable == allowed


def _may_read(site: object, table: str) -> bool:
    try:
        with enterprise_scope(site), transaction.atomic(), connection.cursor() as cursor:  # type: ignore[arg-type]
            cursor.execute(f'SELECT 1 FROM public."{table}" LIMIT 1')
    except ProgrammingError:
        return False
    return True


def test_an_empty_pool_refuses_the_sign_up_and_writes_nothing(db):
    with platform_scope():
        PooledSchema.objects.all().delete()
        before = (Enterprise.objects.count(), Domain.objects.count())
        with pytest.raises(pool.PoolEmpty) as refusal:
            open_enterprise(application_of("pass-nobody"), at=NOON)
        assert refusal.value.status == 503
        assert refusal.value.details["retry_after_s"] == 60
        assert (Enterprise.objects.count(), Domain.objects.count()) == before


def test_warm_schemas_of_another_release_are_not_given_away(db):
    with platform_scope():
        PooledSchema.objects.update(fingerprint="0" * 32)
        with pytest.raises(pool.PoolEmpty):
            open_enterprise(application_of("pass-old"), at=NOON)


def test_ten_sign_ups_at_once_get_ten_schemas(passing):
    pool.fill(10)

    def open_one(number: int) -> str:
        try:
            return open_for_test(f"{passing}race-{number}").schema_name
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as crew:
        names = list(crew.map(open_one, range(10)))
    assert len(set(names)) == 10
    for name in names:
        with owner_connection() as db:
            role = db.execute("SELECT 1 FROM pg_roles WHERE rolname = current_database() || '.' || %s", [name]).fetchone()
        assert role


def test_of_two_companies_with_one_credit_code_only_one_opens(passing):
    pool.fill(4)
    code = f"X{uuid.uuid4().hex[:17]}"

    def open_one(number: int) -> str:
        try:
            application = Application("同一家公司", code, f"{passing}twin-{number}", "C34", "GENERAL", "330106")
            return open_enterprise(application, at=clock.now()).schema_name
        except Exception as error:
            return getattr(error, "code", type(error).__name__)
        finally:
            connection.close()

    with platform_scope():
        before = PooledSchema.objects.count()
    with ThreadPoolExecutor(4) as crew:
        answers = list(crew.map(open_one, range(4)))
    assert answers.count("uscc_taken") == 3, answers
    with platform_scope():
        assert PooledSchema.objects.count() == before - 1, "the losers gave their warm schemas back"


def test_an_opening_that_fails_late_gives_the_schema_back(passing):
    from tenants.opening import enterprise_opened

    def fail(**_: object) -> None:
        raise IntegrityError("something later refused")

    enterprise_opened.connect(fail)
    with platform_scope():
        before = set(PooledSchema.objects.values_list("name", flat=True))
    try:
        with pytest.raises(Exception, match=r"refused|subdomain"):
            open_for_test(f"{passing}late")
    finally:
        enterprise_opened.disconnect(fail)
    with platform_scope():
        assert set(PooledSchema.objects.values_list("name", flat=True)) == before
        assert not Enterprise.objects.filter(subdomain=f"{passing}late").exists()


def test_filling_makes_what_is_missing_and_nothing_more(passing):
    with platform_scope():
        here = PooledSchema.objects.count()
    told: list[tuple[int, int]] = []
    assert pool.fill(here + 2, progress=lambda done, total: told.append((done, total))) == 2
    assert told == [(1, 2), (2, 2)]
    assert pool.fill(here + 2) == 0
    with ThreadPoolExecutor(2) as crew:
        made = list(crew.map(lambda _: pool.fill(here + 4), range(2)))
    assert sum(made) == 2, "two fillers at once do not make twice too many"


def test_a_process_whose_owner_connection_died_fills_and_migrates_on(passing):
    from django.db import connections

    with platform_scope():
        here = PooledSchema.objects.using("owner").count()
    with owner_connection() as db:
        db.execute("SELECT pg_terminate_backend(%s)", [connections["owner"].connection.info.backend_pid])
    assert pool.fill(here + 1) == 1
    fanout.migrate_in_process(state.TEMPLATE)
