"""A process that does one batch of certificates as a worker does. Run by `certificates`, so that its memory can be seen.

Its output is one JSON object: seconds, megabytes before the batch, and at most (``VmHWM``).
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from uuid import UUID

import django

django.setup()

from apps.plans.certificates import building  # noqa: E402
from infra.kit import clock  # noqa: E402
from tenants.api import enterprise_scope, site_by_schema  # noqa: E402


def main(schema: str, batch: str) -> None:
    """Do the batch."""
    site, before, began = site_by_schema(schema), _mb("VmRSS"), time.monotonic()
    assert site
    with enterprise_scope(site):
        done = building.work(UUID(batch), at=clock.now())
    spent = round(time.monotonic() - began, 1)
    json.dump({"state": done.state, "s": spent, "before_mb": before, "peak_mb": _mb("VmHWM")}, sys.stdout)


def _mb(name: str) -> int:
    """Of this program alone, while ``ru_maxrss`` begins with what the process was before it."""
    told = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return int(told[name].split()[0]) // 1024


if __name__ == "__main__":
    main(*sys.argv[1:])
