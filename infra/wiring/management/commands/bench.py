"""``manage.py bench onboarding|migrate|heartbeat|search|transcode|faces|import|ledger|lighthouse|pages|exam|certificates|audit|exchange|figures --json``: speed budgets, measured on services of their own in `build/bench`.

The command starts the embedded services, runs itself again with only their settings, so that no other database can be
meant, and stops what it started. What it filled is kept for the next run. The last line of stdout is one JSON object.
"""

import importlib
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

from django.core.management import BaseCommand

from infra.wiring.embedded import services
from infra.wiring.settings.env import BASE_DIR

FOLDER = BASE_DIR / "build" / "bench"
_INSIDE = "ANXUE_BENCH"
_NAMES = (
    "onboarding",
    "migrate",
    "heartbeat",
    "search",
    "transcode",
    "faces",
    "import",
    "ledger",
    "lighthouse",
    "pages",
    "exam",
    "certificates",
    "audit",
    "exchange",
    "figures",
)
_MODULES = {"import": "roster"}  # a word of Python's own
_FOREIGN = (
    "DATABASE_URL",
    "DATABASE_OWNER_URL",
    "REDIS_URL",
    "STORAGE_URL",
    "SECRET_KEY",
    "SEALING_SECRET",
    "KMS_URL",
    "SENTRY_DSN",
)


class Command(BaseCommand):
    """Run one bench."""

    help = __doc__ or ""
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: Any) -> None:
        """Add options."""
        parser.add_argument("name", choices=_NAMES)
        parser.add_argument("--json", action="store_true", help="only the JSON line on stdout (progress goes to stderr)")
        parser.add_argument("--enterprises", type=int, default=1000)
        parser.add_argument(
            "--kill", action="store_true", help="heartbeat: kill -9 web, worker and PostgreSQL under load, count lost beats"
        )
        parser.add_argument(
            "--entries", type=int, default=1_000_000, help="ledger: how many entries are sealed and verified at last"
        )
        parser.add_argument(
            "--events", type=int, default=10_000_000, help="audit: how many events are searched (10,000,000 fill 12 GB)"
        )
        parser.add_argument("--seconds", type=float, default=20.0, help="length of each measurement under load")

    def handle(self, *args: Any, **options: Any) -> None:
        """Measure and print, or start the services and let a second process do so."""
        if not os.environ.get(_INSIDE):
            raise SystemExit(_beside_services(sys.argv))
        from django.core.management import call_command

        call_command("bootstrap", pool=4, stdout=self.stderr)
        found: dict[str, Any] = importlib.import_module(f"tests.bench.{_MODULES.get(options['name'], options['name'])}").run(
            options
        )
        if not options["json"]:
            for name, value in found.items():
                self.stdout.write(f"{name}: {value}")
        self.stdout.write(json.dumps(found))


def _beside_services(command: list[str]) -> int:
    was_running = services.is_running(FOLDER)
    own = {name: value for name, value in os.environ.items() if name not in _FOREIGN}
    try:
        settings = _start(own)
        environment = own | settings | {_INSIDE: "1", "ANXUE_ENV": "demo", "LOG_LEVEL": "WARNING"}
        return subprocess.run([sys.executable, *command], cwd=BASE_DIR, env=environment, check=False).returncode
    except KeyboardInterrupt:
        return 130
    finally:
        if not was_running:
            services.stop_all(FOLDER)


def _start(environment: Mapping[str, str]) -> dict[str, str]:
    """Start the services as if nothing else were named, and return all their settings."""
    os.environ.clear()
    os.environ.update(environment)
    return services.ensure_all(FOLDER, durable=True)
