"""Migrations that exist only for a test or a bench: added to the app `accounts`, taken back at the end."""

from __future__ import annotations

import shutil
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module, invalidate_caches
from pathlib import Path

from django.test import override_settings
from psycopg.sql import SQL, Identifier

from tenants import opening, state
from tenants.accounts import migrations as real
from tenants.database.provision import owner_connection

ADD_FIELD = 'migrations.AddField("credential", "trial_note", models.CharField(max_length=20, null=True))'
CREATE_TABLE = (
    'migrations.CreateModel("Trial", [("id", models.BigAutoField(primary_key=True)), ("word", models.CharField(max_length=60))])'
)
_UNDO = "ALTER TABLE accounts_credential DROP COLUMN IF EXISTS trial_note; DROP TABLE IF EXISTS accounts_trial"
_HEAD = "from django.db import migrations, models\n"


@contextmanager
def trial_migrations(folder: Path, *operations: str, code: str = "", undo: bool = True) -> Iterator[None]:
    """Let the running code know one more migration of `accounts` for each of ``operations``; undo them in every schema.

    :param folder: an empty folder for the package
    :param operations: source of each migration's operation list, without brackets
    :param code: source that the operations refer to
    """
    package = f"trial_{folder.name.replace('-', '_')}"
    shutil.copytree(Path(real.__path__[0]), folder / package)
    last = "0001_initial"
    for number, operation in enumerate(operations, start=2):
        name = f"{number:04d}_trial"
        (folder / package / f"{name}.py").write_text(_source(last, operation, code))
        last = name
    sys.path.insert(0, str(folder))
    invalidate_caches()
    import_module(package)
    try:
        with override_settings(MIGRATION_MODULES={"accounts": package}):
            opening._fingerprint.cache_clear()
            yield
    finally:
        sys.path.remove(str(folder))
        opening._fingerprint.cache_clear()
        if undo:
            take_back()


def _source(last: str, operation: str, code: str) -> str:
    return (
        _HEAD
        + textwrap.dedent(code)
        + textwrap.dedent(
            f"""
        class Migration(migrations.Migration):
            dependencies = [("accounts", "{last}")]
            operations = [{operation}]
        """
        )
    )


def take_back() -> None:
    """Remove from every schema what trial migrations made; also what a run that was killed left behind."""
    wanted = state.wanted_fingerprint()
    with owner_connection() as db:
        names = state.schemas(db)
        behind = [name for key, members in state.fingerprints(db, names).items() if key != wanted for name in members]
        for name in behind:
            with db.transaction():
                db.execute(SQL("SET LOCAL search_path = {}").format(Identifier(name)))
                db.execute(_UNDO)
                db.execute("ALTER TABLE accounts_credential DROP CONSTRAINT IF EXISTS trial_rule")
                db.execute("DELETE FROM django_migrations WHERE app = 'accounts' AND name LIKE '%%_trial'")
        db.execute("UPDATE public.tenants_pooledschema SET fingerprint = %s WHERE name = ANY(%s)", [wanted, behind])
