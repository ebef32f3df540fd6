"""New data keys for the platform and for enterprises while everybody works on; may be cut off and repeated."""

import sys
import time
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.db.models import Max

from infra.kit import clock
from infra.wiring.progress import bar
from tenants.api import Enterprise, platform_scope
from tenants.keys import rotation
from tenants.keys.models import DataKey, Rotation

_BY = "command"


class Command(BaseCommand):
    """``manage.py rotate_keys [subdomain …] [--platform] [--all] [--master]``; without any of them it carries on what was begun."""

    help = __doc__ or ""

    def add_arguments(self, parser: Any) -> None:
        """Add options."""
        parser.add_argument("subdomains", nargs="*", help="enterprises that get a new key")
        parser.add_argument("--platform", action="store_true", help="the platform gets a new key")
        parser.add_argument("--all", action="store_true", help="the platform and all enterprises")
        parser.add_argument(
            "--master", action="store_true", help="only wrap all data keys anew, with the present master key of KMS_URL"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Queue, work off, say what is left."""
        if options["master"]:
            self._rewrap()
            return
        self._ask(options)
        began, values, owners = time.monotonic(), 0, 0
        while job := rotation.take(at=clock.now()):
            before, job = job.done, self._one(job)
            values, owners = values + job.done - before, owners + 1
        self.stdout.write(f"{owners} owners, {values} values sealed anew, {time.monotonic() - began:.1f} s")
        with platform_scope():
            waiting = Rotation.objects.exclude(state=Rotation.State.DONE).count()
        if waiting:
            minutes = round(rotation.settle_after().total_seconds() / 60)
            self.stdout.write(
                f"{waiting} wait for their last look: the schedule does it, or repeat this command in {minutes} minutes"
            )

    def _ask(self, options: dict[str, Any]) -> None:
        if options["all"]:
            self.stdout.write(f"{rotation.ask_all(by=_BY, at=clock.now())} queued")
            return
        if options["platform"]:
            rotation.ask(enterprise_id=None, by=_BY, at=clock.now())
        with platform_scope():
            rows = Enterprise.objects.filter(subdomain__in=options["subdomains"], destroyed_at=None)
            found = dict(rows.values_list("subdomain", "pk"))
        missing = set(options["subdomains"]) - set(found)
        if missing:
            raise CommandError(f"no such enterprise: {', '.join(sorted(missing))}")
        for pk in found.values():
            rotation.ask(enterprise_id=pk, by=_BY, at=clock.now())

    def _one(self, job: Rotation) -> Rotation:
        with bar(job.schema_name) as show:
            job = rotation.work_off(job, tell=lambda row: show(row.done, row.total) if sys.stdout.isatty() else None)
        broken = f", {job.broken} that no key opens" if job.broken else ""
        self.stdout.write(f"{job.schema_name}: key {job.number} {job.algorithm}, {job.done} sealed anew{broken}: {job.state}")
        return job

    def _rewrap(self) -> None:
        last = done = 0
        with platform_scope():
            end = DataKey.objects.aggregate(last=Max("pk"))["last"] or 0
        with bar("data keys") as show:
            while last < end:
                last, count = rotation.rewrap(after=last)
                done += count
                show(last, end)
                if not count:
                    break
        self.stdout.write(f"{done} data keys are wrapped by the present master key")
