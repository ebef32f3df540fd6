"""The whole product for journeys and smoke: its own database with the demo data, web and worker as processes."""

import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from redis import Redis

from infra.wiring.embedded import services
from tests import base
from tests.product import own_environment
from tests.web import ROOT, Web, serving

DRAFT = "AQ-CY-ALL-SX-0028-4"
"""A course of which every run writes a new edition that nobody has submitted yet: for the desk's part of the path."""
_NEW_EDITION = f"""
import django; django.setup()
from infra.kit import clock
from public.catalogue.api import version_copied
from public.catalogue.models import Courseware, CourseVersion
from tenants.scope import platform_scope
with platform_scope():
    last = CourseVersion.objects.filter(course__code="{DRAFT}").order_by("-number").first()
    lessons = list(Courseware.objects.filter(version=last))
    former = last.pk
    last.pk, last.number, last.state, last.submitted_at, last.published_at = None, last.number + 1, "DRAFT", None, None
    last.created_at = clock.now()
    last.save(force_insert=True)
    Courseware.objects.bulk_create(Courseware(version=last, no=x.no, title=x.title, media_id=x.media_id) for x in lessons)
    version_copied.send(None, from_version=former, to_version=last.pk, lessons={{}}, by_id=last.author_id, at=last.created_at)
"""


@dataclass(frozen=True, slots=True)
class Product(Web):
    """The running web, and what a process beside it needs; ``owner_url`` opens the database as the owner of its tables."""

    environment: Mapping[str, str] = field(repr=False)
    owner_url: str = field(repr=False)

    def manage(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run ``manage.py`` to its end beside the product, whatever it answers."""
        command = [sys.executable, "manage.py", *words]
        return subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False)


@contextmanager
def whole_product(folder: Path) -> Iterator[Product]:
    """Start everything in ``folder`` (kept for the next run, so films are made once), yield the web, stop everything."""
    environment = own_environment(folder, base.MANY)
    Redis.from_url(environment["REDIS_URL"]).flushdb()  # what former runs used up of the limits per address
    try:
        command = [
            sys.executable,
            "manage.py",
            "devdata",
            "--bootstrap",
            "--few-films",
            "--accounts",
            str(folder / "accounts.json"),
        ]
        subprocess.run(command, cwd=ROOT, env=environment, check=True)
        subprocess.run([sys.executable, "-c", _NEW_EDITION], cwd=ROOT, env=environment, check=True)
        with _worker(environment, folder / "worker.log"):
            web = {name: value for name, value in environment.items() if name != "DATABASE_OWNER_URL"}
            with serving(web, log=folder / "web.log", workers=1) as served:
                yield Product(served.port, served.pid, web, environment["DATABASE_OWNER_URL"])
    finally:
        services.stop_all(folder)


@contextmanager
def _worker(environment: dict[str, str], log: Path) -> Iterator[None]:
    celery = [sys.executable, "-m", "celery", "-A", "infra.wiring.celery"]
    command = [*celery, "worker", "-Q", "celery,face,film", "-c", "1", "-P", "solo", "--without-mingle"]
    with log.open("w") as out:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=out)
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
