"""``manage.py translations collect|check|compile``: the English words of the product."""

from typing import Any

from django.core.management import BaseCommand

from infra.wiring import translations


class Command(BaseCommand):
    """Collect texts from the source, check that each has English, compile the catalogue."""

    help = __doc__ or ""
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: Any) -> None:
        """Add the step."""
        parser.add_argument("step", choices=("collect", "check", "compile"))

    def handle(self, *args: Any, **options: Any) -> None:
        """Run one step."""
        if options["step"] == "collect":
            total, missing = translations.collect()
            self.stdout.write(f"{total} texts, {missing} without English")
        elif options["step"] == "compile":
            self.stdout.write(str(translations.compile_catalogue()))
        elif found := translations.problems():
            self.stderr.write("\n".join(found))
            raise SystemExit(1)
