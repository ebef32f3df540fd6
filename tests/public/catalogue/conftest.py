"""A seeded catalogue for each test."""

import pytest

from public.catalogue import api as catalogue
from public.catalogue.models import CourseVersion, MediaAsset
from tests.conftest import NOON

AUTHOR, REVIEWER = 1, 2


@pytest.fixture
def seeded(platform):
    """The 28 demo courses as drafts, the question bank and the legal rows."""
    catalogue.load_seed(author_id=AUTHOR, at=NOON)


@pytest.fixture
def with_films(seeded):
    """The same, with every film pretended to be measured at 40 s: for tests that are not about films."""
    MediaAsset.objects.update(
        state="READY", duration_ms=40_000, package={"init": "init.mp4", "segments": []}, keys_sealed=b"\x01", progress=100
    )


@pytest.fixture
def version(with_films):
    """The forklift course's draft."""
    return CourseVersion.objects.get(course__code="AQ-CY-C-TS-0021-V1")
