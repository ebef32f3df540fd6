"""The example in Node.js verifies what we sign, and nothing else."""

from __future__ import annotations

import json
import subprocess
from typing import Any

from apps.openapi.hooks import signing
from infra.wiring import node
from tests.web import ROOT


def ran(body: bytes, said: dict[str, Any]) -> subprocess.CompletedProcess[bytes]:
    command = [str(node.program()), "apps/openapi/examples/hook.mjs", json.dumps(said)]
    return subprocess.run(command, cwd=ROOT, input=body, capture_output=True, check=False)


def test_node_verifies_our_signature_and_refuses_an_altered_message():
    secret, body = signing.new_secret(), '{"type":"exam.recorded","data":{"名":"值"}}'.encode()
    heads = {key.lower(): value for key, value in signing.headers([secret], of="a-1", timestamp=1_800_000_000, body=body).items()}
    said = {"headers": heads, "secret": secret, "now": 1_800_000_010}
    assert ran(body, said).stdout.decode().strip() == "a-1"
    assert ran(body + b" ", said).returncode != 0
    assert ran(body, {**said, "now": 1_800_000_400}).returncode != 0
