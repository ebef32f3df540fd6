"""Rules of the house that no linter knows."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from infra.wiring import requirements

ROOT = Path(__file__).resolve().parents[1]


def _tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def test_the_platform_folder_never_hides_pythons_own_module():
    assert not (ROOT / "platform/__init__.py").exists()


def test_locks_and_settings_name_no_registry():
    hosts = re.compile(r"https?://(?!anxue|demo)|\bresolved\b|--(extra-)?index-url")
    for name in ("requirements.lock", "package-lock.json", ".npmrc", "pyproject.toml", "Makefile"):
        text = (ROOT / name).read_text("utf-8").replace("omit-lockfile-registry-resolved", "")
        text = re.sub(r'"url": "https?://[^"]*"', "", text)  # who asks for donations, not where packages come from
        assert not hosts.search(text), name


STAND_ALONE = {"infra/deploy/edge/busy.html", "platform/public/site/templates/site/status/snapshot.html"}
"""Pages that are shown while nothing else can be fetched (0073): one style sheet each, which their own policy names by its hash."""


def test_no_page_carries_inline_script_or_style():
    inline = re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*application/(ld\+)?json)|<style|\sstyle=|\son[a-z]+=\"", re.IGNORECASE)
    pages = [path for path in _tracked() if path.suffix == ".html"]
    assert pages
    found = {str(path.relative_to(ROOT)) for path in pages if inline.search(path.read_text("utf-8"))}
    assert found == STAND_ALONE


def test_every_app_names_its_front_door():
    for folder in [*(ROOT / "apps").iterdir(), *(ROOT / "platform/public").iterdir()]:
        if (folder / "api.py").exists():
            assert "__all__" in (folder / "api.py").read_text("utf-8"), folder
        if folder.is_dir() and (folder / "apps.py").exists():
            assert (folder / "README.md").exists(), f"{folder} has no README"


def test_english_is_complete():
    checked = subprocess.run(
        [sys.executable, "manage.py", "translations", "check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stderr


@pytest.mark.parametrize("name", ["SECRET_KEY", "SEALING_SECRET"])
@pytest.mark.parametrize("secret", [None, "", "demo-0123456789012345678901234567890123456789012345678901234567890", "short"])
def test_production_refuses_to_start_on_a_demo_secret(name, secret):
    good = "k" * 50
    environment = {"ANXUE_ENV": "production", "PATH": "/usr/bin:/bin", "SECRET_KEY": good, "SEALING_SECRET": good, name: secret}
    environment = {key: value for key, value in environment.items() if value is not None}
    begun = subprocess.run(
        [sys.executable, "manage.py", "check"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert begun.returncode != 0
    assert f"{name} must be a random value" in begun.stderr


def test_every_migration_is_written():
    made = subprocess.run(
        [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stdout


def test_every_mark_names_a_clause_and_the_table_says_which_clauses_have_no_test() -> None:
    clauses = {clause.id: clause for clause in requirements.table()}
    assert clauses["R3.5"].tests
    assert not clauses["R7.5"].tests, "nothing is claimed before it is built"
