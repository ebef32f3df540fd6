"""The embedded services as settings: what is named outside stays outside, secrets are kept and private."""

import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from infra.wiring.embedded import services
from infra.wiring.embedded.account import Account

NAMES = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "STORAGE_URL", "SECRET_KEY", "KMS_URL")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    yield tmp_path
    home = Account.for_server().home(tmp_path / "postgres")
    services.remove_all(tmp_path)
    assert not home.exists()


def test_names_every_service_and_keeps_its_answer(folder: Path) -> None:
    found = services.ensure_all(folder, durable=False)
    assert set(found) == set(NAMES)
    assert services.ensure_all(folder, durable=False) == found
    owner, web = urlsplit(found["DATABASE_OWNER_URL"]), urlsplit(found["DATABASE_URL"])
    assert (owner.username, web.username) == ("app", "anxue_web")
    assert (owner.port, owner.path) == (web.port, web.path) == (owner.port, "/anxue")
    assert owner.password != web.password
    assert found["SECRET_KEY"].startswith("demo-")
    for name in ("secret-key", "web-password", "key-ring.json"):
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600


def test_leaves_named_outside_services_alone(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.setenv(name, "named-outside")
    assert services.ensure_all(folder) == {}
    assert not (folder / "postgres").exists()
    assert not (folder / "valkey").exists()


def test_runs_a_command_beside_the_services_and_stops_them_after_it(folder: Path) -> None:
    look = "import os, sys, psycopg; psycopg.connect(os.environ['DATABASE_OWNER_URL']); sys.exit(7)"
    command = [sys.executable, "-m", "infra.wiring.embedded", "--fast", "--folder", str(folder)]
    done = subprocess.run([*command, sys.executable, "-c", look], env=dict(os.environ), check=False)
    assert done.returncode == 7
    assert not services.is_running(folder)
