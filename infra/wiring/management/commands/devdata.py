"""Load the demo data with a progress bar; prints the accounts and keeps them for `make demo`. Quick the second time."""

import json
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError, call_command

from infra.kit import clock
from infra.wiring import devdata
from infra.wiring.progress import bar
from infra.wiring.settings.env import BASE_DIR, MODE


class Command(BaseCommand):
    """``manage.py devdata``."""

    help = __doc__ or ""

    def add_arguments(self, parser: Any) -> None:
        """Add options."""
        parser.add_argument("--accounts", type=Path, default=BASE_DIR / "build/demo/accounts.json")
        parser.add_argument("--bootstrap", action="store_true", help="prepare the database first: one start of Python less")
        parser.add_argument("--few-films", action="store_true", help="make only the first films, queue nothing for the worker")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load and print."""
        if MODE == "production":
            raise CommandError("demo accounts have known passwords: refused in production")
        if options["bootstrap"]:
            call_command("bootstrap")
        with bar("making the first films") as step:
            found = devdata.load(at=clock.now(), progress=step, in_background=not options["few_films"])
        options["accounts"].parent.mkdir(parents=True, exist_ok=True)
        options["accounts"].write_text(json.dumps(found, ensure_ascii=False, indent=1), "utf-8")
        for account in found:
            self.stdout.write(
                f"{account['role']}: {account['host']}{account['path']}  {account['login']}  {account['password']}  {account['totp_secret']}"
            )
