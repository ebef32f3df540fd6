"""How long a release takes on all enterprises: with nothing to do, and with one new column. Budgets: 2 s and 20 s."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import Any

from tenants import fanout
from tests.bench.ground import ensure_enterprises, say
from tests.tenants.trial import ADD_FIELD, take_back, trial_migrations


def run(options: dict[str, Any]) -> dict[str, Any]:
    """Return ``enterprises``, ``schemas`` (with pool and template), ``noop_s`` and ``addfield_s``."""
    take_back()  # a run that was killed
    enterprises = ensure_enterprises(options["enterprises"])
    noop, outcome = _timed()
    assert outcome.migrated == 0, outcome
    with tempfile.TemporaryDirectory() as folder, trial_migrations(Path(folder), ADD_FIELD):
        say("adding a column everywhere")
        addfield, outcome = _timed()
        assert not outcome.failed, outcome.failed
        assert outcome.migrated == outcome.seen, outcome
        say("taking it back")
    return {"enterprises": enterprises, "schemas": outcome.seen, "noop_s": round(noop, 2), "addfield_s": round(addfield, 2)}


def _timed() -> tuple[float, fanout.Outcome]:
    began = time.monotonic()
    outcome = fanout.migrate_all()
    return time.monotonic() - began, outcome
