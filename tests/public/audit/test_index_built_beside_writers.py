"""The index of the platform's own log is built month by month, and a run that was cut off is simply started again."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connections

migration = import_module("public.audit.migrations.0008_rooms_of_the_platform")
_MONTHS = "SELECT count(*) FROM pg_inherits WHERE inhparent = 'public.audit_event'::regclass"
_ATTACHED = """
SELECT count(*) FROM pg_inherits a JOIN pg_index i ON i.indexrelid = a.inhrelid
WHERE a.inhparent = 'public.audit_event_own_action'::regclass AND i.indisvalid
"""
_VALID = "SELECT indisvalid FROM pg_index WHERE indexrelid = 'public.audit_event_own_action'::regclass"


@pytest.fixture
def owner(database: None) -> Iterator[Any]:
    """The owner's connection, outside of any transaction; the index is whole afterwards, whatever a test did."""
    connection = connections["owner"]
    yield connection
    migration.build(None, SimpleNamespace(connection=connection))
    connection.close()


def one(owner: Any, statement: str) -> Any:
    with owner.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]


def is_whole(owner: Any) -> bool:
    return bool(one(owner, _VALID)) and one(owner, _ATTACHED) == one(owner, _MONTHS) >= 3


def test_every_month_has_it_after_the_migrations(owner):
    assert is_whole(owner)


@pytest.mark.parametrize("done", [0, 1, 2])
def test_a_run_that_was_cut_off_goes_on_with_the_months_that_are_left(owner, done):
    with owner.cursor() as cursor:
        cursor.execute("DROP INDEX public.audit_event_own_action")
        cursor.execute(f"CREATE INDEX audit_event_own_action ON ONLY public.audit_event {migration.ON}")
        cursor.execute(migration.LEFT)
        for number, (month, _broken) in enumerate(cursor.fetchall()[:done], 1):
            cursor.execute(f'CREATE INDEX "{month}_own_action" ON public."{month}" {migration.ON}')
            if number < done:  # the last one was built, and its run died before it was attached
                cursor.execute(f'ALTER INDEX public.audit_event_own_action ATTACH PARTITION public."{month}_own_action"')
    assert not is_whole(owner)
    migration.build(None, SimpleNamespace(connection=owner))
    assert is_whole(owner)
    migration.build(None, SimpleNamespace(connection=owner))
    assert is_whole(owner)


def test_what_a_broken_build_left_is_thrown_away(owner):
    with owner.cursor() as cursor:
        cursor.execute("DROP INDEX public.audit_event_own_action")
        cursor.execute(f"CREATE INDEX audit_event_own_action ON ONLY public.audit_event {migration.ON}")
        cursor.execute(f"CREATE INDEX audit_event_default_own_action ON public.audit_event_default {migration.ON}")
        cursor.execute(
            "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'public.audit_event_default_own_action'::regclass"
        )
    migration.build(None, SimpleNamespace(connection=owner))
    assert is_whole(owner)
