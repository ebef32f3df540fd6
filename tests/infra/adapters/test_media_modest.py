"""Programs on uploads give way and stay within their bounds."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import pytest

from infra.adapters.media import modest

MB = 1 << 20


def run(code: str, **bounds: int) -> subprocess.CompletedProcess[str]:
    command = [*modest.words(**{"memory": 1024 * MB, **bounds}), sys.executable, "-c", code]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.req("R3.1")
@pytest.mark.skipif(shutil.which("prlimit") is None, reason="this machine cannot bound a program")
def test_more_memory_than_allowed_is_not_to_be_had() -> None:
    assert run("bytearray(32 << 20)", memory=256 * MB).returncode == 0
    refused = run("bytearray(512 << 20)", memory=256 * MB)
    assert (refused.returncode, "MemoryError" in refused.stderr) == (1, True)


@pytest.mark.skipif(shutil.which("prlimit") is None, reason="this machine cannot bound a program")
def test_a_program_that_only_burns_time_is_ended() -> None:
    assert run("while True: pass", cpu_s=1).returncode < 0


@pytest.mark.skipif(shutil.which("nice") is None, reason="this machine has no nice")
def test_others_go_first() -> None:
    assert int(run("import os; print(os.nice(0))").stdout) == min(19, os.nice(0) + 10)
