"""Loaded by pytest before Django reads its settings: embedded PostgreSQL and Valkey for the tests, unless outside ones are named.

Each run begins with a fresh copy of the prepared database (`base`): append-only rows that a former run committed could not be taken away otherwise.
With `-n 3` each of pytest's workers has servers of its own; the process that hands the tests out needs none.
"""

import os
import shutil
import sys
from pathlib import Path

from infra.wiring.embedded import services
from tests import base

_WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")
_HANDS_OUT = not _WORKER and any(word.startswith("-n") for word in sys.argv[1:])
_BASE = Path(os.environ.get("ANXUE_TEST_FOLDER") or Path(__file__).resolve().parents[1] / "build/test")
FOLDER = _BASE.with_name(f"{_BASE.name}-{_WORKER}") if _WORKER else _BASE


os.environ["ANXUE_ENV"] = "test"
if _WORKER:
    os.environ["ANXUE_PORT_SHIFT"] = str(100 * (1 + int(_WORKER.removeprefix("gw"))))
if not _HANDS_OUT:
    if not services.named("DATABASE_URL", "DATABASE_OWNER_URL"):
        base.fresh(FOLDER)
        shutil.rmtree(FOLDER / "storage", ignore_errors=True)
    _found = services.ensure_all(FOLDER, durable=False)
    os.environ.update(_found)
