"""A house with four reviewers and one draft."""

from __future__ import annotations

import pytest

from tests.public.review.ground import House, draft, house


@pytest.fixture
def people(platform: None) -> House:
    return house()


@pytest.fixture
def version(people: House) -> int:
    return draft(people.author.credential_id)
