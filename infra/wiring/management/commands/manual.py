"""``manage.py manual collect``: makes the manual's pictures out of the screenshots that the browser tests took.

Names that have no screenshot are listed; the pages are whole without them. Touches no database.
"""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand

from infra.wiring.settings.env import BASE_DIR
from public.helpdesk.manual import pictures


class Command(BaseCommand):
    """Collect."""

    help = __doc__ or ""
    requires_system_checks = ()

    def add_arguments(self, parser: Any) -> None:
        """Add options."""
        parser.add_argument("what", choices=["collect"])
        parser.add_argument("--screens", default=str(BASE_DIR / "build/screens"), help="folder of the screenshots")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make every picture that has a screenshot."""
        made, missing = pictures.collect(Path(options["screens"]), Path(settings.MANUAL_PICTURES))
        self.stdout.write(f"{len(made)} pictures in {settings.MANUAL_PICTURES}")
        for name in missing:
            self.stdout.write(f"no screenshot: {name}")
