"""Names and rights of database roles (decision 4).

Roles are cluster-wide, schemas are not: a role's name carries the database's name, so two databases of one cluster never meet.
"""

PLATFORM_ROLE = "platform"
ENTERPRISE_GROUP = "enterprise"
"""Every enterprise role is a member; what enterprises may see of `public` is granted to it."""


def role_name(database: str, schema: str) -> str:
    """Return the role that requests in ``schema`` run as, e.g. ``anxue.e_3f9c…`` or ``anxue.platform``."""
    return f"{database}.{PLATFORM_ROLE if schema == 'public' else schema}"
