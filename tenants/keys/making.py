"""New data keys. One is committed before anything is sealed with it, whatever becomes of the transaction that asked for it."""

import os
from collections.abc import Mapping

import psycopg
from django.db import connection

from infra.kit import clock, envelope
from infra.kit.ports import KMS
from tenants.database.provision import database_name
from tenants.database.roles import role_name
from tenants.keys.owners import schema_here

_ADD = """
INSERT INTO public.tenants_datakey (owner, schema_name, number, wrapped, wrapped_by, made_at)
VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT (owner, number) DO NOTHING
"""


def context(owner: str, number: int) -> Mapping[str, str]:
    """Return what the key service is told when it wraps and unwraps: a wrapped key opens for its own owner and number only."""
    return {"product": "anxue", "owner": owner, "number": str(number)}


def make(owner: str, number: int) -> None:
    """Make one data key: one wrap, one row. Where another process was faster, its key counts and ours is thrown away.

    Standing in the owner's place. The row is written over a connection of its own: were it part of the caller's transaction and that rolled back,
    this process, or a file in the object store, could hold what no key opens.

    :raises DomainError: 503 ``unavailable``, the key service does not answer
    """
    service, secret = KMS.get(), os.urandom(envelope.KEY_BYTES)
    wrapped = service.wrap(secret, context=context(owner, number))
    values = [owner, schema_here(), number, wrapped, service.name, clock.now()]
    with psycopg.connect(**connection.get_connection_params(), autocommit=True) as own:
        own.execute("SELECT set_config('role', %s, false)", [role_name(database_name(), "public")])
        own.execute(_ADD, values)
