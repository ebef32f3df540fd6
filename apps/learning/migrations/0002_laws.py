"""What the law says of credit, said again by the database: no code path can write more."""

from django.db import migrations

LAWS = {
    "learning_coverage": {
        "coverage_within_film": "spans <@ int8multirange(int8range(0, duration_ms))",
    },
    "learning_studysession": {
        "session_credit_within_clock": "credited_ms <= extract(epoch FROM last_at - opened_at) * 1000",
        "session_no_fast_forward": "forward_ms::bigint * 100 <= playing_ms::bigint * 102 + 300000",
    },
}


def _laws():
    return [
        migrations.RunSQL(
            f'ALTER TABLE "{table}" ADD CONSTRAINT {name} CHECK ({law})', f'ALTER TABLE "{table}" DROP CONSTRAINT {name}'
        )
        for table, laws in LAWS.items()
        for name, law in laws.items()
    ]


class Migration(migrations.Migration):
    """Checks that Django cannot spell."""

    dependencies = [("learning", "0001_initial")]
    operations = _laws()
