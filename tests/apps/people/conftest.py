"""People of the tests, and browsers that stand on an enterprise's host."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from apps.people import api as people
from tenants.scope import enterprise_scope

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
PASSWORD = "a-long-password"
OWNER, LEARNER = "13800000008", "13800000001"


def browser(site) -> Client:
    return Client(HTTP_HOST=site.host)


def sign_in(client, mobile, password=PASSWORD):
    return client.post("/sign-in", {"way": "password", "do": "enter", "mobile": mobile, "password": password})


def is_in(client) -> bool:
    """Whether the browser is signed in: the password page opens only then."""
    return client.get("/password").status_code == 200


@pytest.fixture
def staff(db, jia):
    """甲 has an owner (安全员) and a learner (学员甲), both with passwords."""
    with enterprise_scope(jia):
        people.open_owner(name="安全员", mobile=OWNER, password=PASSWORD, at=NOON)
        return people.add_learner(name="学员甲", id_number="330106199003070014", mobile=LEARNER, password=PASSWORD, at=NOON)


@pytest.fixture
def manager(staff, jia) -> Client:
    """A browser signed in as the manager of 甲."""
    client = browser(jia)
    assert sign_in(client, OWNER).status_code == 302
    return client


@pytest.fixture
def learner(staff, jia) -> Client:
    """A browser signed in as 学员甲."""
    client = browser(jia)
    assert sign_in(client, LEARNER).status_code == 302
    return client


@pytest.fixture
def neighbour(db, yi) -> Client:
    """A browser signed in as the manager of 乙."""
    with enterprise_scope(yi):
        people.open_owner(name="邻居", mobile="13700000008", password=PASSWORD, at=NOON)
    client = browser(yi)
    assert sign_in(client, "13700000008").status_code == 302
    return client
