"""A seeded catalogue for each test."""

import pytest

from public.catalogue import api as catalogue
from public.catalogue.models import CourseVersion, MediaAsset
from tests.conftest import NOON
from tests.public.rights.ground import cover
from tests.public.subtitles.ground import subtitle

AUTHOR, REVIEWER = 1, 2
COURSE = "AQ-CY-C-TS-0021-A"
"""The course whose register is in order, so that it can be published."""


@pytest.fixture
def seeded(platform):
    """The 28 demo courses as drafts, the question bank and the legal rows."""
    catalogue.load_seed(author_id=AUTHOR, at=NOON)
    cover(CourseVersion.objects.get(course__code=COURSE).pk, author_id=AUTHOR, at=NOON)


@pytest.fixture
def with_films(seeded):
    """The same, with every film pretended to be measured at 40 s: for tests that are not about films."""
    MediaAsset.objects.update(
        state="READY", duration_ms=40_000, package={"init": "init.mp4", "segments": []}, keys_sealed=b"\x01", progress=100
    )


@pytest.fixture
def version(with_films):
    """The forklift course's draft."""
    found = CourseVersion.objects.get(course__code=COURSE)
    subtitle(found.pk)
    return found
