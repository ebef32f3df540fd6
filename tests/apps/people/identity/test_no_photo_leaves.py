"""Every address of every URL table is asked by everybody; none gives the enrolled photo or anything sealed away with it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from importlib import import_module

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import URLPattern, URLResolver

from apps.people.identity import vault
from apps.people.identity.models import FaceCheck, Identity
from infra.kit import clock
from infra.wiring.demo_accounts import PASSWORD as DESK_PASSWORD
from public.operators import api as operators
from tenants.api import Credential
from tenants.scope import enterprise_scope, platform_scope
from tests import faces
from tests.apps.people.conftest import browser
from tests.apps.people.identity.ground import OPEN, enrol, hand_in

pytestmark = pytest.mark.req("R2.1", "R5.1")
_PART = re.compile(r"<(?:(?P<kind>\w+):)?(?P<name>\w+)>")


@pytest.fixture
def enrolled(staff, jia, folder) -> dict[str, object]:
    """学员甲 is enrolled, has passed, and has a check in the queue; returns everything that must not leave."""
    now = clock.now()
    with enterprise_scope(jia):
        enrol(staff.id, at=now)
        passed = hand_in(staff.id, "presence", faces.burst(["straight"], straight="obama3"), at=now)
        grey = hand_in(staff.id, "open", faces.burst(list(OPEN), start=9), actions=OPEN, at=now)
        assert (passed.outcome, grey.outcome) == ("pass", "review")
        row = Identity.objects.get(learner_id=staff.id)
        sealed = default_storage.open(row.photo).read()
        photo = vault.take(row.photo, row)[0]
        kept = [vault.take(name, row)[0] for name in FaceCheck.objects.filter(uuid=passed.uuid).values_list("frames", flat=True)]
        secret = [photo, sealed, bytes(row.template_sealed), vault.unseal(row.template_sealed, row, "template"), *kept]
        uuids = [str(staff.uuid), str(passed.uuid), str(grey.uuid), row.photo.rpartition("/")[2]]
    return {"secret": secret, "uuids": uuids, "ids": [staff.id, row.pk, 0, 1], "photo": row.photo}


def addresses(table: str, enrolled) -> list[str]:
    """Return every path of a URL table, with each value that could mean the learner, the checks or the photo."""
    found: set[str] = set()
    for route in _routes(import_module(table).urlpatterns, ""):
        kinds = {part["kind"] or "str" for part in _PART.finditer(route)}
        for turn in range(len(enrolled["uuids"])):
            one = [one for one in enrolled["uuids"] if re.fullmatch(r"[0-9a-f-]{36}", one)][turn % 3]
            text = [enrolled["photo"], *enrolled["uuids"]][turn]
            values = {
                "uuid": one,
                "uuidstr": one,
                "int": str(enrolled["ids"][turn]),
                "str": text,
                "slug": text,
                "path": enrolled["photo"],
            }
            found.add("/" + _PART.sub(lambda part, values=values: values[part["kind"] or "str"], route))
        assert kinds <= {"uuid", "uuidstr", "int", "str", "path", "slug"}, f"{route}: a converter that this crawl does not know"
    return sorted(found)


def _routes(patterns, before: str) -> Iterator[str]:
    for pattern in patterns:
        route = before + str(pattern.pattern).lstrip("^").rstrip("$")
        if isinstance(pattern, URLResolver):
            yield from _routes(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            yield route


def body_of(response) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def leaks(client: Client, paths: list[str], secret: list[bytes]) -> list[str]:
    """Ask with GET and POST; return the addresses whose answer holds something secret."""
    digests = {hashlib.sha256(data).digest() for data in secret}
    found = []
    for path in paths:
        if path in {"/sign-out", "/learn/privacy/withdraw", "/learn/identity/choose"} or "/decide" in path:
            continue  # they would change who asks, or destroy what is looked for; they answer with a redirect, see test_pages
        for ask in (client.get, client.post):
            said = body_of(ask(path))
            if hashlib.sha256(said).digest() in digests or any(data in said for data in secret):
                found.append(f"{ask.__name__} {path}")
    return found


@pytest.fixture
def operator(db) -> Client:
    with platform_scope():
        operators.open_operator(login="ops-crawl", name="平台运营", password=DESK_PASSWORD, role="OPERATIONS", at=clock.now())
        client = Client(HTTP_HOST="anxue.localhost")
        client.force_login(Credential.objects.by_login("ops-crawl"))
    return client


@pytest.mark.parametrize("who", ["learner", "manager", "neighbour", "stranger"])
def test_no_address_of_an_enterprise_gives_the_enrolled_photo(who, request, enrolled, jia):
    client = browser(jia) if who == "stranger" else request.getfixturevalue(who)
    client.raise_request_exception = False
    paths = addresses("infra.wiring.urls.enterprise", enrolled)
    assert len(paths) > 60
    assert leaks(client, paths, enrolled["secret"]) == []


def test_no_address_of_the_platform_gives_the_enrolled_photo(operator, enrolled):
    operator.raise_request_exception = False
    assert leaks(operator, addresses("infra.wiring.urls.platform", enrolled), enrolled["secret"]) == []


def test_the_crawl_would_find_a_leak(manager, enrolled, jia):
    """The one address that does give pictures is reached by it: it gives the snapshots of the check that waits."""
    with enterprise_scope(jia):
        check = FaceCheck.objects.get(outcome="review")
        row = Identity.objects.get(learner_id=check.learner_id)
        snapshot = vault.take(check.frames, row)[0]
    manager.raise_request_exception = False
    paths = addresses("infra.wiring.urls.enterprise", enrolled)
    assert leaks(manager, paths, [snapshot]) == [f"get /console/identity/{check.uuid}/pictures/0.jpg"]
