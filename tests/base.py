"""One prepared database for all servers of a test run: roles, tables and warm schemas are made once and copied, file by file.

A test run starts about ten servers of its own (workers, journeys, served products). Making the tables takes each a quarter of a minute,
copying them a second.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from infra.wiring.embedded import postgres, services
from infra.wiring.embedded.files import exclusive

ROOT = Path(__file__).resolve().parents[1]
BASE = ROOT / "build/test-base"
POOL = 24
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
    "infra/wiring/embedded/*.py",
    "infra/wiring/management/commands/bootstrap.py",
    "requirements.lock",
)
"""What decides how the tables come to be: migrations, and what they read."""


def fresh(folder: Path) -> None:
    """Give the servers of ``folder`` the prepared database in place of what they held."""
    base = _ensure()
    postgres.copy(base / "postgres", folder / "postgres")
    for name in ("secret-key", "web-password", "key-ring.json"):
        shutil.copy2(base / name, folder / name)


def is_fresh_needed(folder: Path) -> bool:
    """Whether the servers of ``folder`` were never started."""
    return not postgres.has_data(folder / "postgres")


def _ensure() -> Path:
    """Make the prepared database unless it stands, as the present migrations make it; several processes may ask at once."""
    mark, shape = BASE / "shape", _shape()
    with exclusive(BASE.with_name("test-base-lock")):
        if mark.exists() and mark.read_text() == shape:
            return BASE
        if BASE.exists():
            services.stop_all(BASE)
        mark.unlink(missing_ok=True)
        _make()
        mark.write_text(shape)
    return BASE


def _make() -> None:
    outside = {name: os.environ.pop(name, None) for name in OUTSIDE}
    try:
        if (BASE / "postgres").exists():
            shutil.rmtree(BASE / "postgres")
        found = services.ensure_all(BASE, durable=False)
    finally:
        os.environ.update({name: value for name, value in outside.items() if value})
    own = {"ANXUE_ENV": "test", "PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}"}
    try:
        command = [sys.executable, "manage.py", "bootstrap", "--pool", str(POOL)]
        done = subprocess.run(command, cwd=ROOT, env={**os.environ, **found, **own}, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr[-3000:]
    finally:
        services.stop_all(BASE)


def _shape() -> str:
    found = hashlib.sha256()
    for pattern in _SHAPES:
        for root in (ROOT, ROOT / "platform/public", ROOT / "apps"):
            for path in sorted(root.glob(pattern)):
                found.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return found.hexdigest()
