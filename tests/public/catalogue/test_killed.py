"""A worker that is killed in mid-transcode: nobody goes on writing, and the next one makes the film and clears what was left."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from infra.wiring.embedded.files import wait_until
from infra.wiring.settings.services import _storage
from public.catalogue import api as catalogue
from public.catalogue.models import MediaAsset
from public.uploads.models import Upload
from tenants.scope import platform_scope
from tests.conftest import NOON
from tests.public.uploads.ground import clip, uploaded
from tests.web import ROOT

MAKE = """
import sys
import django; django.setup()
from infra.kit import clock
from public.catalogue import media_making
from tenants.scope import platform_scope
with platform_scope():
    media_making.make(int(sys.argv[1]), now=clock.now)
"""


@dataclass(frozen=True, slots=True)
class Job:
    """One asset, committed, and the folders of this test."""

    media_id: int
    work: Path
    storage: str

    def worker(self) -> subprocess.Popen[bytes]:
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "infra.wiring.settings",
            "PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}",
            "WORK_FOLDER": str(self.work),
            "STORAGE_URL": self.storage,
        }
        return subprocess.Popen([sys.executable, "-c", MAKE, str(self.media_id)], cwd=ROOT, env=environment)

    def row(self) -> MediaAsset:
        with platform_scope():
            return MediaAsset.objects.get(pk=self.media_id)


@pytest.fixture
def job(database: None, settings: object, tmp_path: Path) -> Iterator[Job]:
    storage = (tmp_path / "kept").as_uri()
    settings.STORAGES = {**settings.STORAGES, "default": _storage(storage)}  # type: ignore[attr-defined]
    film = clip(tmp_path / "film.mp4", seconds=40, size="640x480").read_bytes()
    with platform_scope():
        upload = uploaded(film, purpose="courseware")
        media_id = catalogue.add_media(upload=upload.uuid, kind="VIDEO", owner_id=1, at=NOON)
        yield Job(media_id, tmp_path / "work", storage)
        MediaAsset.objects.filter(pk=media_id).delete()
        Upload.objects.filter(uuid=upload.uuid).delete()


def _encoder(parent: int) -> int:
    """Return the process that cuts the film for ``parent``, 0 while there is none: what only ties it to its parent is none yet."""
    try:
        children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
        said = {int(pid): Path(f"/proc/{pid}/cmdline").read_bytes() for pid in children}
    except OSError:
        return 0
    return next((pid for pid, words in said.items() if b"-hls_time" in words and b"setpriv" not in words), 0)


def _is_over(pid: int) -> bool:
    """True when the process writes nothing any more, whether or not somebody has asked how it ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


@pytest.mark.req("R3.1")
@pytest.mark.skipif(shutil.which("setpriv") is None, reason="this machine cannot tie a process to the life of its parent")
def test_nobody_goes_on_writing_and_the_next_worker_makes_the_film_and_clears_the_rest(job: Job) -> None:
    worker = job.worker()
    assert wait_until(lambda: _encoder(worker.pid) > 0 or worker.poll() is not None, seconds=60, step=0.02)
    encoder = _encoder(worker.pid)
    assert encoder, "the worker was through before it could be killed"
    worker.kill()
    worker.wait()
    assert wait_until(lambda: _is_over(encoder), seconds=5, step=0.02), "ffmpeg outlived its worker"
    left = job.row()
    assert (left.state, left.package, [folder.name for folder in job.work.iterdir()]) == ("PROCESSING", None, [str(left.uuid)])
    assert job.worker().wait(120) == 0
    made = job.row()
    assert (made.state, made.error, made.attempts) == ("READY", "", 0)
    assert made.duration_ms == pytest.approx(40_000, abs=200)
    assert list(job.work.iterdir()) == []
