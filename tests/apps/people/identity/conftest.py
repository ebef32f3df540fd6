"""学员甲 and 学员乙 in enterprise 甲, and a folder of their own for sealed files."""

import pytest

from apps.people import api as people
from tests.conftest import NOON


@pytest.fixture
def folder(settings, tmp_path):
    settings.STORAGES = {**settings.STORAGES, "default": {**settings.STORAGES["default"], "OPTIONS": {"location": tmp_path}}}
    return tmp_path


@pytest.fixture
def pupil(in_jia, folder) -> people.LearnerView:
    return people.add_learner(name="学员甲", id_number="330106199003070014", mobile="13800000001", at=NOON)


@pytest.fixture
def colleague(in_jia) -> people.LearnerView:
    return people.add_learner(name="学员乙", id_number="330203198511120024", mobile="13800000002", at=NOON)
