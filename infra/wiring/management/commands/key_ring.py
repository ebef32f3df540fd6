"""Make the key ring that ``KMS_URL=file:///…`` names, or add a master key to it."""

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from infra.adapters.kms import ring


class Command(BaseCommand):
    """``manage.py key_ring make|add``."""

    help = __doc__ or ""
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: Any) -> None:
        """Add the step."""
        parser.add_argument("step", choices=("make", "add"))

    def handle(self, *args: Any, **options: Any) -> None:
        """Run one step."""
        parts = urlsplit(settings.KMS_URL)
        if parts.scheme != "file":
            raise CommandError("KMS_URL names no key ring in a file")
        path = Path(unquote(parts.path))
        if options["step"] == "make":
            if path.exists():
                raise CommandError(f"{path} exists already; `add` gives it another master key")
            self.stdout.write(f"{ring.ensure(path)}: keep a copy apart from the database's backups")
            return
        try:
            number = ring.add_master(path)
        except ring.NoRing as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"master key {number} is the present one; now: manage.py rotate_keys --master")
