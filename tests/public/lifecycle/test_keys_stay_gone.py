"""A rotation of keys that was queued or under way beside a destruction brings no key back, and does not break off for ever."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from infra.kit import clock
from public.lifecycle.destruction import planning, running
from public.lifecycle.models import Destruction
from tenants import keys, tasks
from tenants.keys import making, opened, rotation
from tenants.keys.models import DataKey, Rotation
from tenants.scope import enterprise_scope, platform_scope
from tests.public.lifecycle.test_destroying import due, fill, gone, run

pytestmark = [pytest.mark.req("R4.6"), pytest.mark.req("R5.1")]
__all__ = ["gone"]


def asked(site: Any) -> Rotation:
    return rotation.ask(enterprise_id=site.id, by="operator:1", at=clock.now())


def keys_of(site: Any) -> list[tuple[int, bytes]]:
    with platform_scope():
        rows = DataKey.objects.filter(owner=str(site.uuid)).order_by("number")
        return [(row.number, bytes(row.wrapped)) for row in rows]


def state_of(job: Rotation) -> str:
    with platform_scope():
        return str(Rotation.objects.get(pk=job.pk).state)


def rung() -> int:
    """The bell of the schedule."""
    with platform_scope():
        return int(tasks.rotate_keys())


def begun(site: Any) -> Destruction:
    waiting = due(site)
    with platform_scope():
        assert running.begin(waiting.pk, at=waiting.starts_at)
    return waiting


def test_one_that_is_queued_ends_with_the_destruction_and_makes_no_key(gone):
    fill(gone)
    job = asked(gone)
    run(due(gone))
    assert state_of(job) == "DONE"
    assert rung() == 0, "nobody takes it up, and nothing breaks off"
    assert keys_of(gone) == [(1, b"")]


@pytest.mark.parametrize("state", ["QUEUED", "RUNNING", "SETTLING"])
def test_a_worker_that_took_it_before_does_nothing_afterwards(gone, state):
    """The worker read the job, then the keys, the schema and the role went, then it goes on."""
    fill(gone)
    job = asked(gone)
    with platform_scope():
        Rotation.objects.filter(pk=job.pk).update(state=state, number=1, started_at=clock.now())
        taken = rotation.take(at=clock.now() + timedelta(days=1))
    assert taken is not None
    assert taken.pk == job.pk
    run(due(gone))
    with platform_scope():  # as if its bell had rung once more, with the row as it was
        Rotation.objects.filter(pk=job.pk).update(state=state)
    done = rotation.work_off(taken)
    assert (done.state, state_of(job)) == ("DONE", "DONE")
    assert keys_of(gone) == [(1, b"")]


def test_between_the_beginning_and_its_keys_no_job_is_begun_either(gone):
    fill(gone)
    job = asked(gone)
    waiting = begun(gone)
    assert rung() == 1, "it ends"
    assert state_of(job) == "DONE"
    assert [number for number, _wrapped in keys_of(gone)] == [1]
    assert run(waiting) == 1


def test_the_database_itself_makes_no_key_of_the_destroyed_and_puts_none_back(gone, jia):
    fill(gone)
    waiting = begun(gone)
    with enterprise_scope(gone), pytest.raises(psycopg.errors.InsufficientPrivilege):
        making.make(str(gone.uuid), 2)
    with platform_scope():
        wrapped = bytes(DataKey.objects.get(owner=str(gone.uuid)).wrapped)
    assert run(waiting) == 1
    with platform_scope():
        put_back = "UPDATE public.tenants_datakey SET wrapped = %s, destroyed_at = NULL WHERE owner = %s"
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(put_back, [wrapped, str(gone.uuid)])
        rotation.rewrap(after=DataKey.objects.get(owner=str(gone.uuid)).pk - 1, most=1)  # a new master key opens none of them
    assert keys_of(gone) == [(1, b"")]
    with enterprise_scope(jia):
        assert keys.unseal(keys.seal(b"x", purpose="learner-id"), purpose="learner-id") == b"x", "the neighbour's keys work on"
    opened.forget()
    with platform_scope():
        assert planning.one_by_id(waiting.pk).state == "DONE"
