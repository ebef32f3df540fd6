"""An enterprise adds and sees its own proposals and takes them back; it changes none, and reads of the published what stands."""

from typing import ClassVar

from django.db import migrations

from tenants.database.append_only import append_only, own_rows_only, visible_to_enterprises

UNDECIDED = """
CREATE POLICY undecided ON answers_proposal AS RESTRICTIVE FOR INSERT
WITH CHECK (state = 'OPEN' OR public.enterprise_schema() = 'platform')
"""

# An enterprise's role may update nothing here: what it takes back is closed for it, and only if it was its own.
PULL_BACK = """
CREATE FUNCTION public.answers_pull_back() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE answers_shared s SET withdrawn_at = NEW.at FROM answers_proposal p
    WHERE p.id = NEW.proposal_id AND p.schema_name = NEW.schema_name AND s.id = p.shared_id AND s.withdrawn_at IS NULL;
  UPDATE answers_proposal SET state = 'WITHDRAWN', decided_at = coalesce(decided_at, NEW.at), told_at = coalesce(told_at, NEW.at)
    WHERE id = NEW.proposal_id AND schema_name = NEW.schema_name AND state IN ('OPEN', 'PUBLISHED');
  RETURN NULL;
END $$
"""
TRIGGER = """
CREATE TRIGGER pull_back AFTER INSERT ON answers_pull_back FOR EACH ROW EXECUTE FUNCTION public.answers_pull_back()
"""


class Migration(migrations.Migration):
    """Row-level security, trigger."""

    dependencies: ClassVar = [("answers", "0001_initial"), ("tenants", "0002_functions")]
    operations: ClassVar = [
        own_rows_only("answers_proposal"),
        own_rows_only("answers_pull_back"),
        visible_to_enterprises("answers_shared", "withdrawn_at IS NULL"),
        migrations.RunSQL(UNDECIDED, "DROP POLICY undecided ON answers_proposal"),
        append_only("answers_pull_back"),
        migrations.RunSQL(
            [PULL_BACK, TRIGGER],
            ["DROP TRIGGER pull_back ON answers_pull_back", "DROP FUNCTION public.answers_pull_back()"],
        ),
    ]
