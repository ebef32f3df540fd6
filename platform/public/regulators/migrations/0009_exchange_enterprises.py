"""Enterprises that were there before the exchange are told of like those that open today: one record each, once."""

from typing import ClassVar

from django.db import migrations

# The trigger of the outbox takes them along. One statement; ten thousand enterprises are a second.
TELL = """
INSERT INTO regulators_feedrecord (uuid, schema_name, kind, subject, body, day, at)
SELECT gen_random_uuid(), e.schema_name, 'ENTERPRISE', e.uuid, jsonb_build_object('status', e.status),
       (now() AT TIME ZONE 'Asia/Shanghai')::date, now()
FROM tenants_enterprise e
WHERE e.schema_name <> 'public'
  AND NOT EXISTS (SELECT 1 FROM regulators_feedrecord r WHERE r.schema_name = e.schema_name AND r.kind = 'ENTERPRISE')
ORDER BY e.id
"""


class Migration(migrations.Migration):
    """The records that are missing."""

    dependencies: ClassVar = [("regulators", "0008_exchange_outbox"), ("tenants", "0003_refuse_drop")]
    operations: ClassVar = [migrations.RunSQL(TELL, migrations.RunSQL.noop)]
