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
from pathlib import Path

from infra.wiring.embedded import postgres, services
from infra.wiring.embedded.files import exclusive

ROOT = Path(__file__).resolve().parents[1]
BASE = ROOT / "build/test-base"
POOL, FEW = 24, 6
"""Warm schemas: for workers and journeys, and for a product served to one file of tests."""
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


def fresh(folder: Path, pool: int = POOL) -> None:
    """Give the servers of ``folder`` the prepared database of ``pool`` warm schemas in place of what they held."""
    base = ensure(pool)
    postgres.copy(base / "postgres", folder / "postgres")
    for name in ("secret-key", "web-password", "key-ring.json"):
        shutil.copy2(base / name, folder / name)


def is_fresh_needed(folder: Path) -> bool:
    """Whether the servers of ``folder`` were never started."""
    return not postgres.has_data(folder / "postgres")


def ensure(pool: int = POOL) -> Path:
    """Make the prepared database unless it stands, as the present migrations make it; several processes may ask at once."""
    base, shape = BASE.with_name(f"{BASE.name}-{pool}"), _shape()
    mark = base / "shape"
    with exclusive(base.with_name(f"{base.name}-lock")):
        if mark.exists() and mark.read_text() == shape:
            return base
        if base.exists():
            services.stop_all(base)
        mark.unlink(missing_ok=True)
        _make(base, pool)
        mark.write_text(shape)
    return base


def _make(base: Path, pool: int) -> None:
    if pool > FEW:
        base.mkdir(parents=True, exist_ok=True)
        fresh(base, FEW)
    elif (base / "postgres").exists():
        shutil.rmtree(base / "postgres")
    outside = {name: os.environ.pop(name, None) for name in OUTSIDE}
    try:
        found = services.ensure_all(base, durable=False)
    finally:
        os.environ.update({name: value for name, value in outside.items() if value})
    own = {"ANXUE_ENV": "test", "PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}"}
    try:
        command = [sys.executable, "manage.py", "bootstrap", "--pool", str(pool)]
        done = subprocess.run(command, cwd=ROOT, env={**os.environ, **found, **own}, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr[-3000:]
    finally:
        services.stop_all(base)


def _shape() -> str:
    found = hashlib.sha256()
    for pattern in _SHAPES:
        for root in (ROOT, ROOT / "platform/public", ROOT / "apps"):
            for path in sorted(root.glob(pattern)):
                found.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return found.hexdigest()


if __name__ == "__main__":
    ensure()
