"""Prepare the database: login and roles, public migrations, template, fan-out, schema pool. Safe to repeat."""

from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, call_command
from django.core.management.commands.migrate import Command as Migrate

from infra.wiring.progress import bar
from tenants import fanout, pool
from tenants.database import provision
from tenants.scope import platform_scope

_UNGUARDED = (
    "Nothing stops the owner from dropping a ledger table or schema, since it is no superuser. Have an administrator run once: "
    "CREATE EVENT TRIGGER only_grows ON sql_drop EXECUTE FUNCTION public.refuse_drop(); ALTER EVENT TRIGGER only_grows ENABLE ALWAYS;"
)


class Command(BaseCommand):
    """``manage.py bootstrap``: run by the owner before the web starts."""

    help = __doc__ or ""

    def add_arguments(self, parser: Any) -> None:
        """Add options."""
        parser.add_argument("--pool", type=int, default=settings.SCHEMA_POOL_TARGET, help="warm schemas to keep ready")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run all steps in order."""
        provision.ensure_roles(settings.DATABASE_URL)
        with platform_scope():
            call_command(Migrate(), database="owner", verbosity=0, interactive=False)
        provision.grant_platform()
        if not provision.guard_against_drops():
            self.stderr.write(_UNGUARDED)
        pool.ensure_template()
        with bar("migrating enterprises") as step:
            outcome = fanout.migrate_all(progress=lambda done, total, name: step(done, total))
        for name, reason in outcome.failed.items():
            self.stderr.write(f"{name}: {reason}")
        with bar("preparing workspaces") as step:
            pool.fill(options["pool"], progress=step)
        if outcome.failed:
            raise SystemExit(1)
