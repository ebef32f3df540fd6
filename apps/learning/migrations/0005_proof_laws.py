"""Earlier credit is confirmed credit; columns that running older code does not name get defaults; what pay may be, said again."""

from django.db import migrations

DEFAULTS = {
    "learning_studysession": {
        "confirmed_ms": "0",
        "provisional": "'{}'",
        "provisional_days": "'{}'",
        "voided_ms": "0",
        "unlocked": "'{}'",
        "ends_course": "false",
        "score": "0",
        "signals": "'{}'",
    },
    "learning_coverage": {"provisional": "'{}'"},
}
EARLIER = [
    "UPDATE learning_studysession SET confirmed_ms = credited_ms WHERE credited_ms > 0 AND confirmed_ms = 0",
    "INSERT INTO learning_proofstate (learner_id, kind, terminal, unproven_ms, due_ms, must_prove, misses) "
    "SELECT DISTINCT learner_id, 'code', terminal, 0, 60000, false, 0 FROM learning_studysession WHERE closed_at IS NULL "
    "ON CONFLICT DO NOTHING",
]
LAWS = {
    "learning_coverage": {"provisional_was_watched": "provisional <@ spans"},
    "learning_studysession": {"session_confirmed_was_paid": "confirmed_ms <= credited_ms", "session_score": "score <= 100"},
}


def _defaults():
    return [
        migrations.RunSQL(
            f'ALTER TABLE "{table}" ALTER COLUMN "{column}" SET DEFAULT {value}',
            f'ALTER TABLE "{table}" ALTER COLUMN "{column}" DROP DEFAULT',
        )
        for table, columns in DEFAULTS.items()
        for column, value in columns.items()
    ]


def _laws():
    return [
        migrations.RunSQL(
            f'ALTER TABLE "{table}" ADD CONSTRAINT {name} CHECK ({law})', f'ALTER TABLE "{table}" DROP CONSTRAINT {name}'
        )
        for table, laws in LAWS.items()
        for name, law in laws.items()
    ]


class Migration(migrations.Migration):
    """Defaults, data, checks."""

    dependencies = [("learning", "0004_proofs")]
    operations = [*_defaults(), *(migrations.RunSQL(sql, migrations.RunSQL.noop) for sql in EARLIER), *_laws()]
