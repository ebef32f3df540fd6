"""The database backend: what happens to the place when transactions fail, connections die and aliases differ."""

from __future__ import annotations

from contextlib import suppress

import pytest
from django.db import connection, connections, transaction
from django.db.utils import DatabaseError, InterfaceError, OperationalError
from django.test.utils import CaptureQueriesContext

from tenants.accounts.models import Credential
from tenants.api import each_enterprise
from tenants.database.provision import owner_connection
from tenants.scope import current, enterprise_scope, platform_scope, using
from tests.tenants.ground import run


def whereabouts() -> tuple[str, str]:
    """Return schema and role that the database itself sees."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schema(), split_part(current_user, '.', 2)")
        row = cursor.fetchone()
    return str(row[0]), str(row[1])


def test_the_database_sees_schema_and_role_of_the_place(db, jia, yi):
    for site in (jia, yi, jia):
        with enterprise_scope(site):
            assert whereabouts() == (site.schema_name, site.schema_name)
    with platform_scope():
        assert whereabouts() == ("public", "platform")


def test_leaving_an_inner_place_brings_the_outer_one_back(db, jia, yi):
    with enterprise_scope(jia):
        with suppress(RuntimeError), enterprise_scope(yi):
            assert whereabouts()[0] == yi.schema_name
            raise RuntimeError
        assert whereabouts()[0] == jia.schema_name


def test_the_place_is_chosen_once_and_not_for_every_query(twenty, monkeypatch):
    opened: list[object] = []
    with enterprise_scope(twenty[0]):
        Credential.objects.count()
        raw = connection.connection
        original = raw.cursor
        monkeypatch.setattr(raw, "cursor", lambda *args, **kwargs: opened.append(args) or original(*args, **kwargs))
        for _ in range(5):
            Credential.objects.count()
        assert len(opened) == 5
    with enterprise_scope(twenty[1]):
        Credential.objects.count()
        assert len(opened) == 7, "one more for the choice"
    connection.close()


def test_a_rollback_does_not_leave_the_place_of_the_failed_block(twenty):
    first, second = twenty[:2]
    with enterprise_scope(first):
        assert whereabouts()[0] == first.schema_name
    with enterprise_scope(second), suppress(DatabaseError), transaction.atomic():
        assert whereabouts()[0] == second.schema_name
        run("SELECT 1/0")
    with enterprise_scope(second):
        assert whereabouts()[0] == second.schema_name
    connection.close()


def test_a_savepoint_rolled_back_within_another_place_is_followed(twenty):
    first, second = twenty[:2]
    with enterprise_scope(first), transaction.atomic():
        assert whereabouts()[0] == first.schema_name
        with enterprise_scope(second), suppress(DatabaseError), transaction.atomic():
            assert whereabouts()[0] == second.schema_name
            run("SELECT 1/0")
        assert whereabouts() == (first.schema_name, first.schema_name)
        with enterprise_scope(second):
            assert whereabouts() == (second.schema_name, second.schema_name)
    connection.close()


def test_a_killed_connection_is_an_error_once_and_then_a_new_one_finds_its_place(twenty):
    site = twenty[0]
    with enterprise_scope(site):
        Credential.objects.count()
        with owner_connection() as db:
            db.execute("SELECT pg_terminate_backend(%s)", [connection.connection.info.backend_pid])
        with pytest.raises(OperationalError):
            Credential.objects.count()
        connection.close_if_unusable_or_obsolete()
        assert whereabouts() == (site.schema_name, site.schema_name)
    connection.close()


def test_a_connection_that_died_between_two_requests_is_replaced_unseen(twenty):
    first, second = twenty[:2]
    for after in (first, second):  # looked at the socket, and by going to another place
        with enterprise_scope(first):
            Credential.objects.count()
            with owner_connection() as db:
                db.execute("SELECT pg_terminate_backend(%s, 5000)", [connection.connection.info.backend_pid])
        connection.close_if_unusable_or_obsolete()
        with enterprise_scope(after):
            assert whereabouts() == (after.schema_name, after.schema_name)
    connection.close()


def test_a_request_asks_for_its_connection_s_health_without_a_round_trip(twenty, monkeypatch):
    opened: list[object] = []
    first, second = twenty[:2]
    with enterprise_scope(first):
        Credential.objects.count()
    raw = connection.connection
    original = raw.cursor
    monkeypatch.setattr(raw, "cursor", lambda *args, **kwargs: opened.append(args) or original(*args, **kwargs))
    for place, trips in ((first, 1), (second, 3), (second, 4)):
        connection.close_if_unusable_or_obsolete()
        with enterprise_scope(place):
            assert Credential.objects.values_list("name", flat=True).get() == place.schema_name
        assert len(opened) == trips, "the choice of the place is the question"
    connection.close()


def test_a_quiet_connection_is_asked_now_and_then(twenty, monkeypatch):
    with enterprise_scope(twenty[0]):
        Credential.objects.count()
        monkeypatch.setattr(connection, "_lived_at", connection._lived_at - 61)
        asked: list[bool] = []
        original = connection.is_usable
        monkeypatch.setattr(connection, "is_usable", lambda: asked.append(True) or original())
        for _request in range(2):
            connection.close_if_unusable_or_obsolete()
            Credential.objects.count()
    assert len(asked) == 1
    connection.close()


def test_a_cursor_opened_in_one_place_cannot_be_used_in_another(twenty):
    first, second = twenty[:2]
    with enterprise_scope(first), connection.cursor() as cursor:
        with enterprise_scope(second), pytest.raises(InterfaceError):
            cursor.execute("SELECT name FROM accounts_credential")
        cursor.execute("SELECT name FROM accounts_credential")
        assert cursor.fetchall() == [(first.schema_name,)]
    connection.close()


def test_an_enterprise_that_has_no_schema_reads_nothing(database):
    from tenants.scope import Scope

    with using(Scope("e_000000000000")), pytest.raises(DatabaseError, match="does not exist"):
        Credential.objects.count()
    connection.close()


def test_the_owner_follows_the_place_without_changing_its_role(twenty):
    owner = connections["owner"]
    with using(None):
        assert owner.schema_name == "public"
    with enterprise_scope(twenty[0]):
        assert Credential.objects.using("owner").values_list("name", flat=True).get() == twenty[0].schema_name
    owner.close()


def test_visiting_each_enterprise_stands_in_it_and_leaves_no_trace(twenty):
    met = {}
    with platform_scope():
        for site in each_enterprise(division_prefix="3301"):
            name = Credential.objects.values_list("name", flat=True).first()
            if site.subdomain.startswith("erq-"):
                met[site.schema_name] = name
        here = current()
    assert here is not None
    assert here.is_platform
    assert met == {site.schema_name: site.schema_name for site in twenty}
    connection.close()


def test_stopping_a_visit_half_way_brings_the_place_back(twenty):
    with platform_scope():
        for _ in each_enterprise():
            break
        here = current()
        assert here is not None
        assert here.is_platform
    connection.close()


def test_queries_are_counted_without_the_choice_of_place(in_jia):
    with CaptureQueriesContext(connection) as queries:
        Credential.objects.count()
    assert len(queries) == 1
