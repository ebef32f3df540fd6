"""Ground of the tests of own banks: a bank in 甲, its manager, browsers of managers."""

import pytest
from django.test import Client

from apps.exams.bank import writing
from apps.people import api as people
from apps.people.models import Manager
from public.questions.reading import samples
from tenants.scope import enterprise_scope
from tests.conftest import NOON

SAMPLES = samples.SAMPLES


def choice(stem, *, right="A", **more):
    """Return the content of a question with one right option."""
    options = [{"key": key, "text": f"{stem}{key}"} for key in "ABC"]
    said = {"topic": "安全生产法", "points": [], "difficulty": 3, "kind": "single", "stem": stem, "media": [], "options": options}
    return {**said, "answer": [right], "explanation": "", "basis": "", **more}


@pytest.fixture
def by(in_jia):
    """The id of 甲's owner."""
    people.open_owner(name="安全员", mobile="13800000008", password=None, at=NOON)
    return Manager.objects.get().pk


@pytest.fixture
def bank(by):
    """An empty bank of 甲."""
    return writing.open_bank(title="车间题库", topic="安全生产法", about="", by=by, at=NOON)


def browser(site, credential):
    client = Client(HTTP_HOST=site.host)
    with enterprise_scope(site):
        client.force_login(credential)
    return client


@pytest.fixture
def manager(bank, in_jia):
    """A browser of 甲's owner."""
    return browser(in_jia, Manager.objects.get().credential)


@pytest.fixture
def neighbour(db, yi):
    """A browser of 乙's owner."""
    with enterprise_scope(yi):
        credential = people.open_owner(name="邻居", mobile="13700000008", password=None, at=NOON)
    return browser(yi, credential)
