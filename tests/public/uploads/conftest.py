"""Uploads are kept in a folder of the test."""

import pytest

from infra.wiring.settings.services import _storage


@pytest.fixture
def kept(platform, settings, tmp_path):
    """Stand on the platform, with storage in this test's folder and small parts."""
    settings.STORAGES = {**settings.STORAGES, "default": _storage(tmp_path.as_uri())}
    return tmp_path / "platform/uploads"


@pytest.fixture
def small_parts(monkeypatch):
    """Parts of 1 KB, so that files of a few KB have several."""
    from public.uploads import rules

    monkeypatch.setattr(rules, "PART_SIZE", 1024)
