"""`make contract`: schemathesis, as it is installed, against the open interface of the served product; exit 0 when all of it held.

All its phases and checks, with everything that the document allows and what it does not. `CONTRACT_SECONDS=600` gives it more time.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.product import end, product
from tests.web import ROOT

_PREPARE = """
import django; django.setup()
import json
from tests.apps.openapi.ground import furnished
print(json.dumps(furnished()))
"""


def main() -> int:
    """Serve, ask, and return what the tool returned."""
    os.environ["ANXUE_TEST_FOLDER"] = str(ROOT / "build/contract")
    try:
        return _asked()
    finally:
        end()


def _asked() -> int:
    with product(_PREPARE) as served:
        here = f"http://127.0.0.1:{served.web.port}/api/v1"
        command = [
            str(Path(sys.executable).with_name("schemathesis")), "--config-file", str(ROOT / "tests/schemathesis.toml"),
            "run", f"{here}/openapi.json", "--url", here,
            "-H", f"Host: {served.known['host']}:{served.web.port}", "-H", f"Authorization: Bearer {served.known['key']}",
            "--checks", "all", "--phases", "examples,coverage,fuzzing,stateful",
            "--max-time", os.environ.get("CONTRACT_SECONDS", "180"), "--continue-on-failure", "--no-color", "--warnings", "off",
        ]  # fmt: skip
        return subprocess.run(command, cwd=ROOT / "build", check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
