"""The ledger lays out what hooks are told: one statement for all entries of a statement, in their transaction."""

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    """Trigger; its function is shared (`public.hooks`)."""

    dependencies: ClassVar = [("openapi", "0001_initial"), ("hooks", "0002_lay_out")]
    operations: ClassVar = [
        migrations.RunSQL(
            [
                'CREATE TRIGGER lay_out_hooks AFTER INSERT ON "records_ledgerentry" '
                "REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION public.lay_out_hooks()"
            ],
            ['DROP TRIGGER lay_out_hooks ON "records_ledgerentry"'],
        )
    ]
