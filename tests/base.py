"""Prepared databases for all servers of a test run: roles, tables and warm schemas are made once and copied, file by file.

A test run starts about thirty servers of its own (workers, journeys, served products). Making the tables takes each a quarter of a
minute, copying them a second or two. Each warm schema is a thousand files, so who opens few enterprises gets the one with few.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from infra.wiring.embedded import postgres, services
from infra.wiring.embedded.files import exclusive

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class Base:
    """One prepared database: what ``command`` makes of the one it is ``of``."""

    name: str
    command: tuple[str, ...]
    of: Base | None = None

    @property
    def folder(self) -> Path:
        """Where its servers lie."""
        return ROOT / f"build/test-base-{self.name}"


_OPEN = "import django; django.setup(); from tests import houses; houses.{}()"
FEW = Base("few", ("manage.py", "bootstrap", "--pool", "6"))
"""Of a product served to one file of tests."""
MANY = Base("many", ("manage.py", "bootstrap", "--pool", "24"), FEW)
"""Of the journeys."""
TWO = Base("two", ("-c", _OPEN.format("two")), MANY)
"""Of every file of tests: enterprises 甲 and 乙 are open."""
TWENTY = Base("twenty", ("-c", _OPEN.format("twenty")), TWO)
"""With twenty more, for tests that need several at once."""

OUTSIDE = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "STORAGE_URL", "SECRET_KEY", "KMS_URL")
"""What names outside services; the servers of a test are its own whatever the environment says."""
_SHAPES = (
    "*/migrations/*.py",
    "*/seed/*.json",
    "*/fingerprints.py",
    "*/laws.py",
    "*/codes.py",
    "*/synonyms.*",
    "tenants/**/*.py",
    "tests/houses.py",
    "infra/wiring/embedded/*.py",
    "infra/wiring/management/commands/bootstrap.py",
    "requirements.lock",
)
"""What decides how the tables come to be: migrations, and what they read."""


def fresh(folder: Path, base: Base) -> None:
    """Give the servers of ``folder`` the prepared database in place of what they held; their PostgreSQL is ended for it."""
    made = ensure(base)
    postgres.copy(made / "postgres", folder / "postgres")
    for name in ("secret-key", "web-password", "key-ring.json"):
        shutil.copy2(made / name, folder / name)


def is_fresh_needed(folder: Path) -> bool:
    """Whether the servers of ``folder`` were never started."""
    return not postgres.has_data(folder / "postgres")


def ensure(base: Base) -> Path:
    """Make the prepared database unless it stands, as the present migrations make it; several processes may ask at once."""
    if base in _known:
        return base.folder
    folder, shape = base.folder, _shape()
    mark = folder / "shape"
    with exclusive(folder.with_name(f"{folder.name}-lock")):
        if not mark.exists() or mark.read_text() != shape:
            if folder.exists():
                services.stop_all(folder)
            mark.unlink(missing_ok=True)
            _make(base)
            mark.write_text(shape)
    _known.add(base)
    return folder


_known: set[Base] = set()
"""Those that this process knows to stand."""


def _make(base: Base) -> None:
    folder = base.folder
    folder.mkdir(parents=True, exist_ok=True)
    if base.of:
        fresh(folder, base.of)
    elif (folder / "postgres").exists():
        shutil.rmtree(folder / "postgres")
    outside = {name: os.environ.pop(name, None) for name in OUTSIDE}
    try:
        found = services.ensure_all(folder, durable=False)
    finally:
        os.environ.update({name: value for name, value in outside.items() if value})
    own = {"ANXUE_ENV": "test", "DJANGO_SETTINGS_MODULE": "infra.wiring.settings", "PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}"}
    try:
        command = [sys.executable, *base.command]
        done = subprocess.run(command, cwd=ROOT, env={**os.environ, **found, **own}, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr[-3000:]
    finally:
        services.stop_all(folder)


def _shape() -> str:
    found = hashlib.sha256()
    for pattern in _SHAPES:
        for root in (ROOT, ROOT / "platform/public", ROOT / "apps"):
            for path in sorted(root.glob(pattern)):
                found.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return found.hexdigest()


if __name__ == "__main__":
    ensure(TWENTY)
