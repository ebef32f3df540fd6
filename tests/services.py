"""Loaded by pytest before Django reads its settings: embedded PostgreSQL and Valkey for the tests, unless outside ones are named."""

import os
from pathlib import Path

from infra.wiring.embedded import services

FOLDER = Path(os.environ.get("ANXUE_TEST_FOLDER") or Path(__file__).resolve().parents[1] / "build/test")

os.environ["ANXUE_ENV"] = "test"
os.environ.update(services.ensure_all(FOLDER, durable=False))
