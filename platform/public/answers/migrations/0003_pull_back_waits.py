"""Taking back waits for a decision that is being made at the same moment, and then takes back what that decision has published."""

from typing import ClassVar

from django.db import migrations

# The proposal first, as the platform locks it too: only then is it known which answer was published of it. Looked up before the wait,
# an answer that was published meanwhile would stay in sight of everybody.
PULL_BACK = """
CREATE OR REPLACE FUNCTION public.answers_pull_back() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
  published bigint;
BEGIN
  UPDATE answers_proposal SET state = 'WITHDRAWN', decided_at = coalesce(decided_at, NEW.at), told_at = coalesce(told_at, NEW.at)
    WHERE id = NEW.proposal_id AND schema_name = NEW.schema_name AND state IN ('OPEN', 'PUBLISHED')
    RETURNING shared_id INTO published;
  UPDATE answers_shared SET withdrawn_at = NEW.at WHERE id = published AND withdrawn_at IS NULL;
  RETURN NULL;
END $$
"""


class Migration(migrations.Migration):
    """Function."""

    dependencies: ClassVar = [("answers", "0002_rights")]
    operations: ClassVar = [migrations.RunSQL(PULL_BACK, migrations.RunSQL.noop)]
