"""Bring every enterprise's schema to the running code's migrations; shows progress and can be cut off and repeated."""

import time
from typing import Any

from django.core.management import BaseCommand

from tenants import fanout, pool


class Command(BaseCommand):
    """``manage.py migrate_enterprises``."""

    help = __doc__ or ""

    def handle(self, *args: Any, **options: Any) -> None:
        """Run and say what was done; exit 1 when a schema failed."""
        began = time.monotonic()
        pool.ensure_template()

        def progress(done: int, total: int, name: str) -> None:
            if done == total or done % 25 == 0:
                self.stdout.write(f"{done}/{total} {name}")

        outcome = fanout.migrate_all(progress=progress)
        for name, reason in outcome.failed.items():
            self.stderr.write(f"{name}: {reason}")
        self.stdout.write(
            f"{outcome.seen} schemas, {outcome.migrated} migrated, {len(outcome.failed)} failed, {time.monotonic() - began:.1f} s"
        )
        if outcome.failed:
            raise SystemExit(1)
