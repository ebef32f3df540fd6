"""Carrying out what two approved. Each step may be cut off and repeated; what it did is written down before the next begins."""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from infra.kit.errors import DomainError
from public.audit import api as audit
from public.lifecycle import guards
from public.lifecycle.destruction import belongings, certifying, files, inventory, planning
from public.lifecycle.models import Destruction
from public.uploads import api as uploads
from tenants import keys, opening, pool
from tenants.models import Enterprise
from tenants.scope import enterprise_scope
from tenants.sites import site_of

log = logging.getLogger("anxue.lifecycle")
State, Step = Destruction.State, Destruction.Step
SHARED = (
    "retention_package", "retention_order", "retention_hold", "regulators_feedrecord", "monitor_mark", "monitor_sitting", "appeals_case",
    "persons_lease", "persons_day",
)  # fmt: skip
"""Tables of `public` that hold something about the enterprise's people; what becomes of each is in the database (migration 0003)."""
SETTLE = timedelta(minutes=1)
"""So long after the host name is gone some process may still believe in it (`tenants.sites`); only then the first step is done."""
Did = dict[str, Any]


def carry_on(*, at: datetime) -> int:
    """Begin what is due and go on with what began a minute ago or earlier; returns how many were finished. Safe to ring at any time, also beside itself.

    Needs the owner's connection, as `tenants.pool`. One that fails stops no other and is taken up again by the next round.
    """
    done = 0
    for pk in _due(State.WAITING, starts_at__lte=at):
        _guarded(lambda pk=pk: begin(pk, at=at), pk)  # type: ignore[misc]
    for pk in _due(State.RUNNING, started_at__lte=at - SETTLE):
        done += bool(_guarded(lambda pk=pk: finish(pk, at=at), pk))  # type: ignore[misc]
    return done


def _due(state: str, **more: Any) -> list[int]:
    return list(Destruction.objects.filter(state=state, **more).order_by("starts_at").values_list("pk", flat=True))


def _guarded(do: Callable[[], bool], pk: int) -> bool:
    try:
        return do()
    except Exception:
        log.exception("destruction %s broke off; the next round goes on with it", pk)
        return False


@transaction.atomic
def begin(pk: int, *, at: datetime) -> bool:
    """Begin, if still nothing stands in the way; returns whether it began. From then on nobody enters the enterprise.

    Whoever writes a hold, a complaint or a notice at this moment is waited for. Where something stands in the way it is stopped for good.
    """
    row = planning.held(pk)
    if row.state != State.WAITING or row.starts_at > at:
        return False
    guards.hold_still()
    try:
        planning.require_due(row.enterprise, at=at)
    except DomainError as refusal:
        planning.halt(row, by="system", name="", reason=str(refusal.message))
        _note("enterprise.destruction_stopped", row, at, reason=row.stopped_reason)
        return False
    row.state, row.started_at, row.beat_at = State.RUNNING, at, at
    row.save(update_fields=["state", "started_at", "beat_at"])
    opening.note_destroyed(enterprise_id=row.enterprise_id, at=at)
    _note("enterprise.destruction_begun", row, at)
    return True


def finish(pk: int, *, at: datetime) -> bool:
    """Do the steps that are left; returns whether it is done. Beside another process at the same one it does nothing.

    :param at: now; a step of hours is written down, and certified, as of when it was done
    """
    row, begun = planning.one_by_id(pk), time.monotonic()
    with _alone(row.enterprise) as is_alone:
        if not is_alone:
            return False
        while (row := planning.one_by_id(pk)).state == State.RUNNING:
            now = at + timedelta(seconds=time.monotonic() - begun)
            if row.step == Step.CERTIFICATE:
                certify(row, at=now)
            else:
                found = _STEPS[row.step](row, now)
                _did(row, found, at + timedelta(seconds=time.monotonic() - begun))
    return row.state == State.DONE


@contextmanager
def _alone(row: Enterprise) -> Iterator[bool]:
    """Say whether no other process is at this one, and keep others out; a process that dies lets go."""
    name = f"{row.schema_name}:destruction"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [name])
        is_alone = bool(cursor.fetchone()[0])
    try:
        yield is_alone
    finally:
        if is_alone:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [name])


def _list(row: Destruction, at: datetime) -> Did:
    return inventory.taken(row.enterprise)


@transaction.atomic
def _keys(row: Destruction, at: datetime) -> Did:
    keys.destroy(str(row.enterprise.uuid), at=at)
    belongings.lose_keys(row.enterprise)
    return {}


def _courses(row: Destruction, at: datetime) -> Did:
    belongings.destroy(row.enterprise)
    return {}


def _files(row: Destruction, at: datetime) -> Did:
    with enterprise_scope(site_of(row.enterprise)):
        files.delete(row.enterprise.schema_name)
    uploads.forget_of(row.enterprise.schema_name, keep=files.kept(row.enterprise))
    return {}


def _rows(row: Destruction, at: datetime) -> Did:
    """Clear the shared tables, each in a transaction of its own with the count: a table that is cleared already adds nothing to it."""
    for table in SHARED:
        with transaction.atomic(), connection.cursor() as cursor:
            held = planning.held(row.pk)
            cursor.execute("SELECT public.destruction_forget(%s, %s)", [row.enterprise.schema_name, table])
            gone = int(cursor.fetchone()[0])
            shared = {**held.contents.get("shared", {})}
            shared[table] = shared.get(table, 0) + gone
            held.contents["shared"] = shared
            held.save(update_fields=["contents"])
    return {}


def _schema(row: Destruction, at: datetime) -> Did:
    pool.drop(row.enterprise.schema_name)
    return {}


_STEPS: dict[str, Callable[[Destruction, datetime], Did]] = {
    Step.LIST: _list, Step.KEYS: _keys, Step.COURSES: _courses, Step.FILES: _files, Step.ROWS: _rows, Step.SCHEMA: _schema,
}  # fmt: skip


@transaction.atomic
def _did(row: Destruction, found: Did, at: datetime) -> None:
    """Write down that a step is done; with it goes an event of the log."""
    held = planning.held(row.pk)
    if held.step != row.step:
        return
    names = list(Step.values)
    held.contents.update(found)
    held.step, held.beat_at = names[names.index(held.step) + 1], at
    held.save(update_fields=["contents", "step", "beat_at"])
    _note("enterprise.destruction_step", held, at, step=row.step)


def certify(row: Destruction, *, at: datetime) -> None:
    """Sign the certificate once, put it into the store, and say that it is done.

    A signature differs each time, so it is kept in the row before the file is written: whoever goes on writes the same.
    """
    if not row.note:
        with transaction.atomic():
            row = planning.held(row.pk)
            row.note = row.note or certifying.signed(row, at=at)
            row.save(update_fields=["note"])
    certifying.keep(row, at=at)
    with transaction.atomic():
        row = planning.held(row.pk)
        row.state, row.ended_at = State.DONE, at
        row.save(update_fields=["state", "ended_at"])
        _note("enterprise.destroyed", row, at)


def _note(action: str, row: Destruction, at: datetime, **details: Any) -> None:
    audit.record(
        action, actor="system", target=f"enterprise:{row.enterprise.uuid}", at=at, schema_name=row.enterprise.schema_name,
        destruction=str(row.uuid), **details,
    )  # fmt: skip
