"""``manage.py requirements``: each clause of the reference conditions with the tests that prove it, and which have none."""

import json
from typing import Any

from django.core.management import BaseCommand
from rich.console import Console
from rich.table import Table

from infra.wiring.requirements import Clause, table

_COLOURS = {"passed": "green", "failed": "red", "none": "yellow", "not run": "cyan"}


class Command(BaseCommand):
    """Print the table of clauses; ``--json`` for machines."""

    help = __doc__ or ""
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: Any) -> None:
        """Add options."""
        parser.add_argument("--json", action="store_true")
        parser.add_argument("--tests", action="store_true", help="name every test")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print."""
        clauses = table()
        if options["json"]:
            rows = [{"id": c.id, "clause": c.text, "verdict": c.verdict, "tests": c.tests} for c in clauses]
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=1))
            return
        self._print(clauses, with_tests=options["tests"])

    def _print(self, clauses: list[Clause], *, with_tests: bool) -> None:
        grid = Table("id", "clause", "tests", "last run")
        for clause in clauses:
            names = "\n".join(clause.tests) if with_tests else str(len(clause.tests))
            grid.add_row(clause.id, clause.text, names, f"[{_COLOURS[clause.verdict]}]{clause.verdict}")
        Console().print(grid)
        without = [clause.id for clause in clauses if not clause.tests]
        self.stdout.write(f"{len(clauses) - len(without)} of {len(clauses)} clauses have tests; none yet: {' '.join(without)}")
