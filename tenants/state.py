"""Which migrations a schema has, told as a fingerprint. Each schema's own `django_migrations` table is the truth."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import psycopg
from django.apps import apps
from django.conf import settings
from django.db.migrations.loader import MigrationLoader
from psycopg.sql import SQL, Identifier, Literal

TEMPLATE = "tpl_7f3a9c41d2"
"""Schema that new ones are copied from; its odd name lets a text replacement never hit data."""
_CHUNK = 250

Node = tuple[str, str]


def tenant_labels() -> set[str]:
    """Return the labels of the apps whose tables live in each enterprise's schema."""
    return {config.label for config in apps.get_app_configs() if config.name in settings.TENANT_APPS}


def targets(loader: MigrationLoader) -> list[Node]:
    """Return the newest migration of each tenant app."""
    labels = tenant_labels()
    return [node for node in loader.graph.leaf_nodes() if node[0] in labels]


def fingerprint(nodes: Iterable[Node]) -> str:
    """Return the md5 of a set of migrations, order free."""
    text = ",".join(f"{app}.{name}" for app, name in sorted(nodes))
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def wanted_fingerprint() -> str:
    """Return the fingerprint that the running code expects of an enterprise's schema."""
    loader = MigrationLoader(None)
    plan: set[Node] = set()
    for target in targets(loader):
        plan.update(loader.graph.forwards_plan(target))
    return fingerprint(plan)


def schemas(db: psycopg.Connection[Any]) -> list[str]:
    """Return every schema of ours: the template, the pool and the enterprises."""
    rows = db.execute(
        "SELECT nspname FROM pg_namespace WHERE nspname = %s OR nspname ~ '^(e|pool)_[0-9a-z]+$' ORDER BY nspname", [TEMPLATE]
    )
    return [row[0] for row in rows]


def fingerprints(db: psycopg.Connection[Any], names: Sequence[str]) -> dict[str, list[str]]:
    """Return schemas grouped by the fingerprint of their applied migrations (250 schemas a query)."""
    groups: dict[str, list[str]] = defaultdict(list)
    for start in range(0, len(names), _CHUNK):
        selects = [
            SQL(
                "SELECT {}, md5(string_agg(app || '.' || name, ',' ORDER BY app COLLATE \"C\", name COLLATE \"C\")) FROM {}.django_migrations"
            ).format(Literal(name), Identifier(name))
            for name in names[start : start + _CHUNK]
        ]
        for name, found in db.execute(SQL(" UNION ALL ").join(selects)):
            groups[found or ""].append(name)
    return dict(groups)
