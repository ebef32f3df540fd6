"""New data keys for owners, while everybody works on: ask, work off in batches, look once more, done."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q

from infra.kit import clock, envelope
from infra.kit.ports import KMS
from tenants.api import Enterprise, enterprise_scope, platform_scope, site_of
from tenants.keys import making, opened, owners, resealing, sealing
from tenants.keys.events import key_changed
from tenants.keys.models import DataKey, Rotation
from tenants.keys.registry import Column, columns

State = Rotation.State
SILENT = timedelta(seconds=30)
"""Whoever works says so at each batch; after this long somebody else takes the job over."""
MARGIN_S = 60.0


def settle_after() -> timedelta:
    """Return how long after a new key was made a process may still seal with the old one."""
    return timedelta(seconds=opened.fresh_s() + MARGIN_S)


def ask(*, enterprise_id: int | None, by: str, at: datetime) -> Rotation:
    """Queue the rotation of one enterprise's key, or of the platform's (None). One that is under way is returned as it is.

    :raises Enterprise.DoesNotExist: there is no such enterprise
    """
    with platform_scope(), transaction.atomic():
        owner, schema = owners.PLATFORM, owners.PLATFORM
        if enterprise_id is not None:
            row = Enterprise.objects.get(pk=enterprise_id, destroyed_at=None)
            owner, schema = str(row.uuid), row.schema_name
        Rotation.objects.bulk_create([Rotation(owner=owner, schema_name=schema, by=by, asked_at=at)], ignore_conflicts=True)
        return Rotation.objects.exclude(state=State.DONE).get(owner=owner)


def ask_all(*, by: str, at: datetime) -> int:
    """Queue everybody: the platform and all enterprises; returns how many are new."""
    with platform_scope(), transaction.atomic():
        known = set(Rotation.objects.exclude(state=State.DONE).values_list("owner", flat=True))
        everybody = [(owners.PLATFORM, owners.PLATFORM)]
        everybody += [
            (str(uuid), schema)
            for uuid, schema in Enterprise.objects.filter(destroyed_at=None).order_by("pk").values_list("uuid", "schema_name")
        ]
        rows = [Rotation(owner=o, schema_name=s, by=by, asked_at=at) for o, s in everybody if o not in known]
        Rotation.objects.bulk_create(rows, batch_size=1000, ignore_conflicts=True)
        return len(rows)


def take(*, at: datetime) -> Rotation | None:
    """Take the next job that nobody works on, or None. Jobs that wait for their last look are taken when it is time.

    One that was touched longest ago comes first, so that one which breaks off each time keeps nobody waiting.
    """
    with platform_scope(), transaction.atomic():
        idle = Q(beat_at=None) | Q(beat_at__lt=at - SILENT)
        due = Q(state__in=[State.QUEUED, State.RUNNING]) | Q(state=State.SETTLING, started_at__lt=at - settle_after())
        rows = (
            Rotation.objects.filter(idle, due)
            .order_by(F("beat_at").asc(nulls_first=True), "id")
            .select_for_update(skip_locked=True)
        )
        row = rows.first()
        if row is not None:
            row.beat_at = at
            row.save(update_fields=["beat_at"])
        return row


def work_off(
    row: Rotation,
    *,
    tell: Callable[[Rotation], None] = lambda row: None,
    now: Callable[[], datetime] = clock.now,
    stop: Callable[[], bool] = lambda: False,
) -> Rotation:
    """Do batch after batch until the job is done or has to wait; each is one transaction, so it may be killed at any moment.

    :param stop: asked after each batch; True lets the job go for whoever takes it next
    """
    while True:
        row, goes_on = step(row.pk, at=now())
        tell(row)
        if goes_on and stop():
            with platform_scope():
                Rotation.objects.filter(pk=row.pk).update(beat_at=None)
            return row
        if not goes_on:
            return row


def step(rotation_id: int, *, at: datetime) -> tuple[Rotation, bool]:
    """Do the next batch of a job; returns the job and whether there is more to do now.

    The job of an enterprise whose destruction has begun ends as it is: there is nothing to seal anew, and no key is made (tenants migration 0007).
    """
    with platform_scope():
        row = Rotation.objects.get(pk=rotation_id)
        if Enterprise.objects.filter(schema_name=row.schema_name, destroyed_at__isnull=False).exists():
            Rotation.objects.filter(pk=row.pk).exclude(state=State.DONE).update(state=State.DONE, ended_at=at, beat_at=at)
            return Rotation.objects.get(pk=row.pk), False
    with _standing(row):  # what waits for the commit runs in the owner's place, too
        if row.state == State.QUEUED:
            _new_key(row)
        with transaction.atomic():
            with platform_scope():
                row = Rotation.objects.select_for_update().get(pk=rotation_id)
            goes_on = _step(row, at)
            row.beat_at = at
            with platform_scope():
                row.save()
    return row, goes_on


def _step(row: Rotation, at: datetime) -> bool:
    if row.state == State.DONE:
        return False
    if row.state == State.QUEUED:
        _begin(row, at)
    if row.state == State.SETTLING:
        if _is_early(row, at):
            return False
        row.state = State.RUNNING
        _from_the_start(row)
    sealed = _columns(row)
    while row.place < len(sealed):
        batch = resealing.reseal(sealed[row.place], after=row.last_pk)
        row.done, row.found, row.broken = row.done + batch.done, row.found + batch.done, row.broken + batch.broken
        row.total = max(row.total, row.done)
        row.place, row.last_pk = (row.place + 1, 0) if batch.is_last else (row.place, batch.last_pk)
        if batch.done or not batch.is_last:  # columns in which there is nothing to do cost no transaction of their own
            return True
    return _end_of_pass(row, at)


def _columns(row: Rotation) -> Sequence[Column]:
    return columns(of_platform=row.owner == owners.PLATFORM)


def _is_early(row: Rotation, at: datetime) -> bool:
    """Whether some process may still seal with the old key."""
    return row.started_at is None or at < row.started_at + settle_after()


def _from_the_start(row: Rotation) -> None:
    row.place, row.last_pk, row.found, row.broken = 0, 0, 0, 0


def _new_key(row: Rotation) -> None:
    """Make the key whose number follows the newest; done twice by a worker that died in between, the second one counts."""
    newest = DataKey.objects.filter(owner=row.owner).order_by("-number").values_list("number", flat=True).first() or 0
    making.make(row.owner, newest + 1)
    opened.forget(row.owner)


def _begin(row: Rotation, at: datetime) -> None:
    row.number, row.algorithm = opened.current(row.owner).number, envelope.NAMES[sealing.algorithm()]
    row.total = sum(resealing.waiting(column) for column in _columns(row))
    row.state, row.started_at = State.RUNNING, at
    _tell(row, "rotation_started", at)


def _end_of_pass(row: Rotation, at: datetime) -> bool:
    """Once more after a pass that found something; wait while it is early; else done, and the old keys rest."""
    if row.found:
        _from_the_start(row)
        return True
    left = sum(resealing.waiting(column) for column in _columns(row) if not column.is_file)
    if _is_early(row, at) or left > row.broken:  # the latter: somebody held rows for the whole pass
        row.state = State.SETTLING
        return False
    row.state, row.ended_at = State.DONE, at
    _tell(row, "rotation_finished", at, sealed_anew=row.done, broken=row.broken)
    if not row.broken:
        with platform_scope():
            DataKey.objects.filter(owner=row.owner, number__lt=row.number, retired_at=None).update(retired_at=at)
    return False


def _tell(row: Rotation, event: str, at: datetime, **more: int) -> None:
    body = {"event": event, "key": row.number, "algorithm": row.algorithm, **more}
    key_changed.send(sender=Rotation, body=body, by=row.by, at=at)


def rewrap(*, after: int = 0, most: int = 100) -> tuple[int, int]:
    """Wrap the next data keys anew with the present master key; returns (last id, how many were looked at). Data stay as they are.

    :raises KeyRefused: a key does not open: its master key is gone
    """
    service = KMS.get()
    with platform_scope(), transaction.atomic():
        rows = list(DataKey.objects.filter(pk__gt=after, destroyed_at=None).order_by("pk").select_for_update()[:most])
        for row in rows:
            if row.wrapped_by != service.name:
                context = making.context(row.owner, row.number)
                row.wrapped = service.wrap(service.unwrap(bytes(row.wrapped), context=context), context=context)
                row.wrapped_by = service.name
                row.save(update_fields=["wrapped", "wrapped_by"])
    return (rows[-1].pk if rows else after), len(rows)


@contextmanager
def _standing(row: Rotation) -> Iterator[None]:
    """Stand where the owner's data are."""
    if row.owner == owners.PLATFORM:
        with platform_scope():
            yield
        return
    with platform_scope():
        site = site_of(Enterprise.objects.get(schema_name=row.schema_name))
    with enterprise_scope(site):
        yield


__all__ = ["MARGIN_S", "SILENT", "ask", "ask_all", "rewrap", "settle_after", "step", "take", "work_off"]
