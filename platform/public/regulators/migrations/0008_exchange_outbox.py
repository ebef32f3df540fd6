"""What an enterprise adds to the feed waits for the partners from the same transaction on, whoever wrote it and however."""

from typing import ClassVar

from django.db import migrations

# Statement by statement, not row by row: a list of ten thousand people is one INSERT here too. Enterprises have no right to the queue.
ENQUEUE = """
CREATE FUNCTION public.regulators_enqueue() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO public.regulators_outgoing (record_id) SELECT fresh.id FROM fresh;
  RETURN NULL;
END $$
"""
TRIGGER = """
CREATE TRIGGER enqueue AFTER INSERT ON regulators_feedrecord REFERENCING NEW TABLE AS fresh
FOR EACH STATEMENT EXECUTE FUNCTION public.regulators_enqueue()
"""


class Migration(migrations.Migration):
    """The outbox."""

    dependencies: ClassVar = [("regulators", "0007_exchange")]
    operations: ClassVar = [
        migrations.RunSQL(
            [
                ENQUEUE,
                "REVOKE ALL ON FUNCTION public.regulators_enqueue() FROM PUBLIC",
                TRIGGER,
                "ALTER TABLE regulators_feedrecord ENABLE ALWAYS TRIGGER enqueue",
            ],
            ["DROP TRIGGER enqueue ON regulators_feedrecord", "DROP FUNCTION public.regulators_enqueue()"],
        ),
    ]
