"""Every address of every URL table is asked by everybody; none gives the enrolled photo or anything sealed away with it."""

from __future__ import annotations

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
        waits = vault.take(FaceCheck.objects.get(uuid=grey.uuid).frames, row)
    return {"secret": secret, "snapshots": waits, "uuids": uuids, "ids": [staff.id, row.pk, 0], "photo": row.photo}


def addresses(table: str, enrolled) -> list[str]:
    """Return every path of a URL table, with each value that could mean the learner, the checks or the photo."""
    found: set[str] = set()
    for route in _routes(import_module(table).urlpatterns, ""):
        kinds = {part["kind"] or "str" for part in _PART.finditer(route)}
        for turn in range(3):
            one = [one for one in enrolled["uuids"] if re.fullmatch(r"[0-9a-f-]{36}", one)][turn]
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


def leaks(client: Client, paths: list[str], watched: dict[str, list[bytes]]) -> set[str]:
    """Ask for each address, once for each route also with POST; return what came back of what is watched, and where."""
    client.raise_request_exception = False
    found, posted = set(), set()
    for path in paths:
        if path in {"/sign-out", "/learn/privacy/withdraw", "/learn/identity/choose"} or "/decide" in path:
            continue  # they would change who asks, or destroy what is looked for; they answer with a redirect, see test_pages
        route = re.sub(r"[0-9a-f-]{36}|[0-9]+", "*", path)
        for ask in (client.get,) if route in posted else (client.get, client.post):
            said = body_of(ask(path))
            found |= {f"{what}: {path}" for what, kept in watched.items() if any(data in said for data in kept)}
        posted.add(route)
    return found


@pytest.fixture
def operator(db) -> Client:
    with platform_scope():
        operators.open_operator(login="ops-crawl", name="平台运营", password=DESK_PASSWORD, role="OPERATIONS", at=clock.now())
        client = Client(HTTP_HOST="anxue.localhost")
        client.force_login(Credential.objects.by_login("ops-crawl"))
    return client


def test_no_address_of_any_table_gives_the_enrolled_photo_to_anybody(learner, manager, neighbour, operator, enrolled, jia):
    """What the crawl would find it shows with the snapshots of the check that waits: managers see them, at one address."""
    watched = {"secret": enrolled["secret"], "snapshot": enrolled["snapshots"]}
    house = addresses("infra.wiring.urls.enterprise", enrolled)
    assert len(house) > 60
    assert leaks(manager, house, watched) == {f"snapshot: /console/identity/{enrolled['uuids'][2]}/pictures/0.jpg"}
    for other in (learner, neighbour, browser(jia)):
        assert leaks(other, house, watched) == set()
    assert leaks(operator, addresses("infra.wiring.urls.platform", enrolled), watched) == set()
