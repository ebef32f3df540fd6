"""Migrations of all enterprises (decision 6): plan once, run really once, replay as SQL everywhere else.

For each group of schemas in the same state the first one is migrated by Django while every statement is recorded; the
others get the recorded statements in one transaction each. The applied set is the state, so a run that was cut off is
simply started again. A plan with Python steps runs in process for each schema.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations import RunPython
from psycopg.sql import SQL, Identifier

from tenants import state
from tenants.database.provision import enterprise_grants_sql, owner_connection
from tenants.models import PooledSchema
from tenants.scope import PLATFORM, Scope, using

_LOCK = 7_203_002
_TRIES = 5

Statement = tuple[str, tuple[Any, ...] | None]
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one run did: schemas looked at, migrated, and those that failed with the reason."""

    seen: int
    migrated: int
    failed: dict[str, str]


@contextmanager
def _recording(log: list[Statement]) -> Iterator[None]:
    """Write down each statement that a schema editor of the owner's connection really runs."""
    connection = connections["owner"]
    original = connection.SchemaEditorClass

    class Recorder(original):  # type: ignore[misc, valid-type]
        def execute(self, sql: Any, params: Any = ()) -> None:
            super().execute(sql, params)
            log.append((str(sql), tuple(params) if params else None))

    connection.SchemaEditorClass = Recorder
    try:
        yield
    finally:
        connection.SchemaEditorClass = original


def migrate_in_process(schema: str) -> tuple[list[state.Node], list[Statement], bool]:
    """Migrate one schema through Django.

    :returns: applied migrations, statements in order, whether they may be replayed on another schema
    """
    log: list[Statement] = []
    with using(Scope(schema)), _recording(log):
        executor = MigrationExecutor(connections["owner"])
        wanted = state.targets(executor.loader)
        plan = executor.migration_plan(wanted)
        executor.migrate(wanted, plan=plan)
    replayable = not any(isinstance(op, RunPython) for migration, _ in plan for op in migration.operations)
    return [(m.app_label, m.name) for m, _ in plan], log, replayable


def _replay(db: psycopg.Connection[Any], schema: str, nodes: list[state.Node], log: list[Statement]) -> None:
    with db.transaction():
        db.execute("SET LOCAL lock_timeout = '2s'")
        db.execute(SQL("SET LOCAL search_path = {}, public").format(Identifier(schema)))
        for sql, params in log:
            db.execute(sql.encode() if params is None else sql, params)
        for app, name in nodes:
            db.execute("INSERT INTO django_migrations (app, name, applied) VALUES (%s, %s, now())", [app, name])
        db.execute(enterprise_grants_sql(schema))


def _with_retries(step: Callable[[], None]) -> None:
    for attempt in range(_TRIES):
        try:
            return step()
        except psycopg.errors.LockNotAvailable:
            if attempt == _TRIES - 1:
                raise
            time.sleep(0.2 * 2**attempt)


def _group(db: psycopg.Connection[Any], members: list[str], done: Callable[[str, str | None], None]) -> None:
    first, *others = members
    nodes, log, replayable = migrate_in_process(first)
    if first != state.TEMPLATE:
        db.execute(enterprise_grants_sql(first))
    done(first, None)
    for schema in others:
        try:
            if replayable and schema != state.TEMPLATE:
                _with_retries(lambda schema=schema: _replay(db, schema, nodes, log))  # type: ignore[misc]
            else:
                migrate_in_process(schema)
                if schema != state.TEMPLATE:
                    db.execute(enterprise_grants_sql(schema))
        except psycopg.Error as error:
            done(schema, str(error))
        else:
            done(schema, None)


def migrate_all(*, progress: Progress = lambda done, total, name: None) -> Outcome:
    """Bring the template, the pool and every enterprise to the migrations of the running code.

    :param progress: called with (done, total, schema)
    """
    wanted = state.wanted_fingerprint()
    failed: dict[str, str] = {}
    migrated = 0
    with owner_connection() as db:
        db.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        names = state.schemas(db)
        behind = {key: members for key, members in state.fingerprints(db, names).items() if key != wanted}
        total = sum(map(len, behind.values()))

        def done(schema: str, error: str | None) -> None:
            nonlocal migrated
            if error:
                failed[schema] = error
            migrated += error is None
            progress(migrated + len(failed), total, schema)

        for members in behind.values():
            _group(db, sorted(members, key=lambda name: name != state.TEMPLATE), done)
    if behind:
        with using(PLATFORM):
            PooledSchema.objects.using("owner").exclude(name__in=failed).update(fingerprint=wanted)
    return Outcome(seen=len(names), migrated=migrated, failed=failed)


__all__ = ["Outcome", "migrate_all", "migrate_in_process"]
