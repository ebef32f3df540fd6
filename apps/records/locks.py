"""Locks that last until the transaction ends: one chain, one row of serial numbers."""

from django.db import connection

from tenants.scope import require


def hold(name: str) -> None:
    """Wait for the lock ``name`` of the current enterprise, e.g. ``ledger:<uuid>``. Needs an open transaction.

    Chains are locked before serials, everywhere, so that two transactions never wait for each other.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{require().schema}:{name}"])
