"""A folder of its own for stored files, and 学员甲 with one old month."""

import pytest

from tests.apps.records.retention import ground


@pytest.fixture
def folder(settings, tmp_path):
    settings.STORAGES = {**settings.STORAGES, "default": {**settings.STORAGES["default"], "OPTIONS": {"location": tmp_path}}}
    return tmp_path


@pytest.fixture
def pupil(in_jia, folder):
    view = ground.pupil()
    ground.month(view)
    return view
