"""Compare the audit log with its signed heads outside the database; exits 1 if an event was altered, removed or put in."""

import json
from typing import Any

from django.core.management import BaseCommand

from public.audit import api as audit
from public.seals import api as seals
from tenants.scope import platform_scope


class Command(BaseCommand):
    """``manage.py audit_verify [--json]``."""

    help = __doc__ or ""

    def add_arguments(self, parser: Any) -> None:
        """Add the form of the answer."""
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Verify and tell."""
        with platform_scope():
            verifiers = seals.verifiers()
            problems = audit.verify(verifiers)
            heads = sum(1 for _head in seals.kept_heads(audit.LEDGER, verifiers))
        if options["json"]:
            found = [{"head": one.size, "event": one.no, "problem": one.words} for one in problems]
            self.stdout.write(json.dumps({"heads": heads, "problems": found}))
        else:
            for one in problems:
                self.stdout.write(f"head {one.size}, event {one.no if one.no is not None else '-'}: {one.words}")
            self.stdout.write(f"{heads} heads, {len(problems)} problems")
        if problems:
            raise SystemExit(1)
