"""A new key while people work: readers go on, the worker is killed, another one ends the job, nothing fails."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import close_old_connections, connections

from apps.people import api as people
from apps.people import sealing
from apps.people.models import ImportJob, Learner, Manager
from infra.kit import clock, envelope
from tenants import storage
from tenants.keys import resealing, rotation
from tenants.scope import enterprise_scope, platform_scope
from tenants.sites import Site
from tests.conftest import NOON
from tests.tenants.ground import open_for_test
from tests.tenants.keys.ground import version_1
from tests.web import ROOT

LEARNERS, FILES = 500, 8
WORKER = """
import django
django.setup()
from infra.kit import clock
from tenants.keys import resealing, rotation
resealing.ROWS = 10
rotation.work_off(rotation.take(at=clock.now()), tell=lambda job: print(job.done, flush=True))
"""


@pytest.fixture
def site(passing: str) -> Site:
    """An enterprise with learners and files sealed as before data keys, committed."""
    found = open_for_test(f"{passing}rotated")
    with enterprise_scope(found):
        people.open_owner(name="安全员", mobile="13800000008", password="a-long-password", at=NOON)
        rows = [
            Learner(
                name=f"学员{n}", id_sealed=version_1(b"id %d" % n, sealing.ID), person_key=f"person {n}",
                mobile_sealed=version_1(b"mobile %d" % n, sealing.MOBILE), mobile_index=f"mobile {n}", sex="M", created_at=NOON,
            )
            for n in range(LEARNERS)
        ]  # fmt: skip
        Learner.objects.bulk_create(rows)
        manager = Manager.objects.get()
        for n in range(FILES):
            name = default_storage.save(storage.key(f"imports/{n}"), ContentFile(version_1(b"list %d" % n, sealing.ROSTER)))
            ImportJob.objects.create(file_name=f"{n}", storage_key=name, by=manager, at=NOON)
    return found


class Readers:
    """Threads that open values and files over and over; ``failed`` holds what went wrong."""

    def __init__(self, site: Site, count: int = 2) -> None:
        self.site, self.read, self.failed, self._stop = site, 0, list[str](), threading.Event()
        self._threads = [threading.Thread(target=self._go, args=(number,)) for number in range(count)]

    def __enter__(self) -> Readers:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _go(self, number: int) -> None:
        with enterprise_scope(self.site):
            while not self._stop.wait(0.01):
                try:
                    self._once()
                except Exception as error:
                    self.failed.append(f"{type(error).__name__}: {error}")
        close_old_connections()
        connections.close_all()

    def _once(self) -> None:
        for row in Learner.objects.order_by("?")[:40]:
            n = row.name.removeprefix("学员")
            assert sealing.unseal(row.id_sealed, sealing.ID) == f"id {n}"
            assert sealing.unseal(row.mobile_sealed, sealing.MOBILE) == f"mobile {n}"
            self.read += 2
        for job in ImportJob.objects.order_by("?")[:4]:
            with default_storage.open(job.storage_key) as file:
                assert sealing.unseal_bytes(file.read(), sealing.ROSTER) == f"list {job.file_name}".encode()
            self.read += 1


@pytest.fixture
def worker(database: None) -> Iterator[subprocess.Popen[str]]:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "infra.wiring.settings", "PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}"}
    process = subprocess.Popen([sys.executable, "-c", WORKER], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    yield process
    process.kill()
    process.wait()


@pytest.mark.req("R5.1")
def test_no_read_fails_while_the_key_changes_and_the_worker_is_killed(site: Site, request: pytest.FixtureRequest) -> None:
    job = rotation.ask(enterprise_id=site.id, by="command", at=clock.now())
    killed: subprocess.Popen[str] = request.getfixturevalue("worker")
    assert killed.stdout is not None
    told = [killed.stdout.readline()]
    with Readers(site) as readers:
        told += [killed.stdout.readline() for _ in range(5)]
        killed.kill()
        assert killed.wait() == -9, told

        later = clock.now() + rotation.SILENT + timedelta(seconds=1)
        taken = rotation.take(at=later)
        assert taken is not None
        assert taken.pk == job.pk
        assert 0 < taken.done < 2 * LEARNERS, "it was killed in the middle"
        before = readers.read
        ended = rotation.work_off(taken, now=lambda: later)
        assert ended.done >= 2 * LEARNERS + FILES
        last = rotation.take(at=later + rotation.settle_after() + timedelta(hours=1))
        assert last is not None
        done = rotation.work_off(last, now=lambda: later + rotation.settle_after() + timedelta(hours=1))
        assert done.state == "DONE"
    assert readers.failed == []
    assert readers.read > before > 0
    wanted = envelope.header_bytes(envelope.AES_256_GCM, done.number)
    with enterprise_scope(site):
        assert resealing.wanted() == wanted
        sealed = [bytes(one) for pair in Learner.objects.values_list("id_sealed", "mobile_sealed") for one in pair]
    assert all(one.startswith(wanted) for one in sealed)
    assert len(sealed) == 2 * LEARNERS
    with platform_scope():
        done.delete()
