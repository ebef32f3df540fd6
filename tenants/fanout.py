"""Migrations of all enterprises (decision 6): plan once, run really once, replay as SQL everywhere else.

For each group of schemas in the same state the first one is migrated by Django while every statement is recorded; the
others get the recorded statements in one transaction each. The applied set is the state, so a run that was cut off is
simply started again. A plan with Python steps, or with steps outside a transaction, runs in process for each schema.
Sign-ups go on meanwhile: a warm schema cannot be claimed while it is being migrated, and one claimed just before is
found under its new name in another pass.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any, TypeVar

import psycopg
from django.db import connections, transaction
from django.db.backends.postgresql.psycopg_any import mogrify
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations import RunPython, SeparateDatabaseAndState
from django.db.migrations.operations.base import Operation
from psycopg.sql import SQL, Identifier

from tenants import state
from tenants.database.provision import grant_enterprise, owner_connection
from tenants.scope import Scope, using

LOCK = 7_203_002
_PASSES = 3
_LOCK_WAIT = "2s"
"""Longer waits would queue every reader of the table behind the migration."""

T = TypeVar("T")
Progress = Callable[[int, int, str], None]
Database = psycopg.Connection[Any]


class Claimed(Exception):
    """The warm schema has become an enterprise's since the pass began."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one run did: schemas looked at, migrated, and those that failed with the reason."""

    seen: int
    migrated: int
    failed: dict[str, str]


@dataclass(frozen=True, slots=True)
class Recording:
    """What Django did to one schema: migrations, statements in order, whether another schema may get just these."""

    nodes: list[state.Node]
    statements: list[str]
    replayable: bool


@contextmanager
def _recording(log: list[str]) -> Iterator[None]:
    """Write down each statement that a schema editor of the owner's connection really runs, values filled in."""
    connection = connections["owner"]
    original = connection.SchemaEditorClass

    class Recorder(original):  # type: ignore[misc, valid-type]
        def execute(self, sql: Any, params: Any = ()) -> None:
            super().execute(sql, params)
            log.append(str(sql) if params is None else mogrify(str(sql), params, connection))

    connection.SchemaEditorClass = Recorder
    try:
        yield
    finally:
        connection.SchemaEditorClass = original


@contextmanager
def _short_lock_waits() -> Iterator[None]:
    connections["owner"].close_if_unusable_or_obsolete()  # whoever used it before may have left it long ago
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, false)", [_LOCK_WAIT])
    try:
        yield
    finally:
        connections["owner"].close()


def _has_python(operations: Sequence[Operation]) -> bool:
    return any(
        isinstance(op, RunPython) or (isinstance(op, SeparateDatabaseAndState) and _has_python(op.database_operations))
        for op in operations
    )


def _replayable(migrations: Sequence[Migration]) -> bool:
    return all(migration.atomic and not _has_python(migration.operations) for migration in migrations)


def migrate_in_process(schema: str) -> Recording:
    """Migrate one schema through Django, all or nothing where the plan allows a recording."""
    log: list[str] = []
    with using(Scope(schema)), _short_lock_waits(), _recording(log):
        executor = MigrationExecutor(connections["owner"])
        wanted = state.targets(executor.loader)
        plan = executor.migration_plan(wanted)
        replayable = _replayable([migration for migration, _ in plan])
        with transaction.atomic(using="owner") if replayable else nullcontext():
            executor.migrate(wanted, plan=plan)
    return Recording([(m.app_label, m.name) for m, _ in plan], log, replayable)


def _replay(db: Database, schema: str, recording: Recording) -> None:
    with db.transaction():
        db.execute("SELECT set_config('lock_timeout', %s, true)", [_LOCK_WAIT])
        db.execute(SQL("SET LOCAL search_path = {}, public").format(Identifier(schema)))
        for statement in recording.statements:
            db.execute(statement.encode())
        for app, name in recording.nodes:
            db.execute("INSERT INTO django_migrations (app, name, applied) VALUES (%s, %s, now())", [app, name])


@contextmanager
def _held(db: Database, schema: str, wanted: str) -> Iterator[None]:
    """Keep a warm schema from being claimed for the block, and note its new fingerprint at the end.

    :raises Claimed: it has been already
    """
    with db.transaction():
        warm = schema.startswith("pool_")
        if warm and not db.execute("SELECT 1 FROM public.tenants_pooledschema WHERE name = %s FOR UPDATE", [schema]).fetchone():
            raise Claimed(schema)
        yield
        if schema != state.TEMPLATE:
            grant_enterprise(db, schema)
        if warm:
            db.execute("UPDATE public.tenants_pooledschema SET fingerprint = %s WHERE name = %s", [wanted, schema])


def _with_retries(step: Callable[[], T], tries: int) -> T:
    for attempt in range(1, tries):
        try:
            return step()
        except Exception as error:
            if not isinstance(error.__cause__ or error, psycopg.errors.LockNotAvailable):
                raise
        time.sleep(0.1 * 2**attempt)
    return step()


def _group(db: Database, members: list[str], wanted: str, tries: int, done: Callable[[str, str | None], None]) -> None:
    recording: Recording | None = None

    def migrate(schema: str) -> Recording:
        with _held(db, schema, wanted):
            if recording is None or not recording.replayable or schema == state.TEMPLATE:
                return migrate_in_process(schema)
            _replay(db, schema, recording)
            return recording

    for schema in members:
        try:
            recording = _with_retries(lambda schema=schema: migrate(schema), tries)  # type: ignore[misc]
        except Claimed:
            continue
        except Exception as error:  # whatever is wrong with one enterprise's data, the others go on
            done(schema, f"{type(error).__name__}: {error}")
        else:
            done(schema, None)


def _look(db: Database, wanted: str) -> tuple[int, list[list[str]]]:
    """Return how many schemas there are and those behind, in groups of the same state; no claim renames one meanwhile."""
    with db.transaction():
        db.execute("LOCK TABLE public.tenants_pooledschema IN SHARE ROW EXCLUSIVE MODE")
        names = state.schemas(db)
        groups = state.fingerprints(db, names)
        repair = "UPDATE public.tenants_pooledschema SET fingerprint = %s WHERE fingerprint <> %s AND name = ANY(%s)"
        db.execute(repair, [wanted, wanted, groups.pop(wanted, [])])
    return len(names), [sorted(members, key=lambda name: name != state.TEMPLATE) for members in groups.values()]


def migrate_all(*, progress: Progress = lambda done, total, name: None, tries: int = 5) -> Outcome:
    """Bring the template, the pool and every enterprise to the migrations of the running code.

    :param progress: called with (done, total, schema)
    :param tries: how often a schema is tried whose tables stay locked for 2 s
    """
    wanted = state.wanted_fingerprint()
    failed: dict[str, str] = {}
    migrated = seen = total = 0

    def done(schema: str, error: str | None) -> None:
        nonlocal migrated
        if error:
            failed[schema] = error
        migrated += error is None
        progress(migrated + len(failed), total, schema)

    with owner_connection() as db:
        db.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        for _ in range(_PASSES):
            seen, groups = _look(db, wanted)
            behind = [fresh for members in groups if (fresh := [name for name in members if name not in failed])]
            total = migrated + len(failed) + sum(map(len, behind))
            for members in behind:
                _group(db, members, wanted, tries, done)
            if not behind:
                break
    return Outcome(seen=seen, migrated=migrated, failed=failed)


__all__ = ["LOCK", "Outcome", "Recording", "migrate_all", "migrate_in_process"]
