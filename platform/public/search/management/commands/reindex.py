"""``manage.py reindex``: bring the search index up to date. Safe to repeat and to interrupt; unchanged rows are left alone."""

from typing import Any

from django.core.management import BaseCommand

from infra.kit import clock
from public.search import index
from tenants.api import platform_scope


class Command(BaseCommand):
    """Walk over all published versions."""

    help = __doc__ or ""

    def add_arguments(self, parser: Any) -> None:
        """Add options."""
        parser.add_argument("--after", type=int, default=0, help="go on behind this version, as printed by an interrupted run")

    def handle(self, *args: Any, **options: Any) -> None:
        """Index and say how far it is."""

        def told(last: int, step: int) -> None:
            self.stdout.write(f"… {last} (+{step})")

        with platform_scope():
            written = index.reindex(at=clock.now(), after=options["after"], progress=told)
        self.stdout.write(f"rows written: {written}")
