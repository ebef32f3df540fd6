"""What strangers do who believe nobody."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx

from tests.web import Web

MINUTE_S = 60
"""Within so many seconds an entry is provable."""


def check_alone(web: Web, code: str) -> str:
    """Fetch a certificate's proof as soon as it is sealed, run the program that the site hands out on it, and return its last finding."""
    base, headers = f"http://127.0.0.1:{web.port}", {"Host": f"anxue.localhost:{web.port}"}
    until = time.monotonic() + MINUTE_S
    while (answer := httpx.get(f"{base}/verify/{code}/proof.json", headers=headers)).status_code == 409:
        assert time.monotonic() < until, "not sealed within a minute"
        time.sleep(3)  # the page takes 30 questions a minute
    assert answer.status_code == 200, answer.text
    keys = httpx.get(f"{base}/.well-known/anxue-keys.json", headers=headers).json()["log"]
    with tempfile.TemporaryDirectory() as folder:
        proof, program = Path(folder) / "proof.json", Path(folder) / "anxue_verify.py"
        proof.write_bytes(answer.content)
        program.write_bytes(httpx.get(f"{base}/verify/check.py", headers=headers).content)
        trusted = [word for key in keys for word in ("--key", key["verifier"])]
        done = subprocess.run(
            [sys.executable, "-I", str(program), str(proof), *trusted], capture_output=True, text=True, check=False
        )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.strip().splitlines()[-1]
