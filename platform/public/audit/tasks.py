"""Doorbells of the logs."""

from celery import shared_task
from django.conf import settings
from django.db import connections

AHEAD_MONTHS = 2

_MAKE = """
SELECT public.audit_make_partition(t, (date_trunc('month', now() AT TIME ZONE 'Asia/Shanghai') + m * interval '1 month')::date)
FROM unnest(ARRAY['audit_event', 'audit_beat']) t, generate_series(0, %s) m
"""


@shared_task(name="audit.make_partitions")
def make_partitions() -> None:
    """Keep partitions ready for this month and the next two; only where the owner's URL is known."""
    if "owner" not in settings.DATABASES:
        return
    with connections["owner"].cursor() as cursor:
        cursor.execute(_MAKE, [AHEAD_MONTHS])
