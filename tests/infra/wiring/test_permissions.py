"""The matrix of permissions: every route × every role × own and neighbour enterprise, made from the URL list.

A new route is in it without being named: one that declares nothing fails, and so does one that lets in whom its permission
does not, or that shows somebody outside a supervisor's units.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from apps.openapi import keys
from apps.openapi.api import Scope
from apps.people import api as people
from apps.people import managing, services
from apps.people.models import Learner, Manager
from apps.people.permissions import FOR_ANYBODY, GRANTS, Permission
from tenants.scope import enterprise_scope, platform_scope
from tests.apps.openapi import ground as interfaces
from tests.apps.plans import ground
from tests.conftest import NOON
from tests.infra.wiring.permission_ground import BY_OTHER_MEANS, OPEN_TO_ALL, Route, operations, routes, signed_in

NAME = "学员独一"
ROLES = tuple(Manager.Role.values)


@dataclass
class House:
    """An enterprise with one learner in a plan, and a browser of every role. ``ids`` point at real rows of it."""

    site: Any
    ids: dict[str, Any]
    browsers: dict[str, Client] = field(default_factory=dict)


@pytest.fixture
def house(db, jia, yi) -> House:
    with enterprise_scope(jia):
        ours, theirs = services.unit_of_path("生产部/一车间"), services.unit_of_path("仓储部")
        view = ground.learner(1, NAME, unit_id=ours.pk)
        plan = ground.open_plan()
        owner = people.open_owner(name="安全员", mobile="13900000000", password=None, at=NOON)
        me = Manager.objects.get(credential=owner)
        credentials = {Manager.Role.OWNER: owner, "learner": Learner.objects.get(pk=view.id).credential}
        places = [(role, ours.parent_id) for role in ROLES if role != Manager.Role.OWNER] + [(Manager.Role.UNIT, theirs.pk)]
        for number, (role, unit) in enumerate(places, 1):
            row = managing.invite(name="管理员", mobile=f"139000000{number:02d}", role=role, unit_id=unit, by=me.pk, at=NOON)
            credentials[role if role not in credentials else "other unit"] = row.credential
    with enterprise_scope(yi):
        neighbour = people.open_owner(name="邻居", mobile="13700000008", password=None, at=NOON)
    ids = {"learner": view.uuid, "console_archive": view.uuid, "console_plan": plan, "console_plan_add": plan,
           "console_plan_close": plan, "console_plan_change": plan, "console_plan_exemptions": plan,
           "console_archive_class": plan, "console_archive_class_pdf": plan, "console_archive_class_xlsx": plan,
           "console_archive_class_sign": plan, "manager": me.pk, "unit": ours.pk}  # fmt: skip
    found = House(jia, ids, {role: signed_in(jia, who) for role, who in credentials.items()})
    found.browsers["stranger"] = Client(HTTP_HOST=jia.host)
    found.browsers["neighbour at home"] = signed_in(yi, neighbour)
    found.browsers["neighbour"] = Client(HTTP_HOST=jia.host)  # with a session that is good next door
    found.browsers["neighbour"].cookies = found.browsers["neighbour at home"].cookies
    return found


def knock(client: Client, route: Route, ids: dict[str, Any], *, quietly: bool = False) -> tuple[Any, list[str]]:
    """Send one empty request, undo what it did, and return the answer with the statements that write.

    ``quietly`` asks as a part of a page does: a refusal then costs no page of its own, which are most of the cells.
    """
    more: dict[str, Any] = {"headers": {"HX-Request": "true"}} if quietly else {}
    if "/api/" in route.pattern and route.method not in {"GET", "HEAD"}:
        more |= {"data": "{}", "content_type": "application/json"}
    writes: list[str] = []

    def note(execute: Any, sql: Any, *rest: Any) -> Any:  # Django's own log forgets: it ends at 9,000 statements
        if str(sql).startswith(("INSERT", "UPDATE", "DELETE")):
            writes.append(str(sql))
        return execute(sql, *rest)

    with platform_scope(), transaction.atomic(), connection.execute_wrapper(note):
        answer = client.generic(route.method, route.url(**ids), **more)
        transaction.set_rollback(True)
    return answer, [sql for sql in writes if 'INTO "audit_event"' not in sql]  # that somebody was turned away is written down


GUARDS = {"sign_in", "learners_only", "managers_only", "not_permitted"}


_UNANSWERED: set[Route] = set()
"""Pages that do not know the method; asked once."""


def refused(answer: Any) -> bool:
    """Whether a guard sent the asker away, and not the page behind it."""
    if answer.status_code == 302:
        return str(answer["Location"]).startswith("/sign-in")
    if answer.status_code == 204:
        return answer.get("HX-Redirect", "").startswith("/sign-in")
    if answer.status_code not in {401, 403}:
        return False
    if answer.context is not None:
        return answer.context["error"].code in GUARDS
    return not answer.content or answer.json()["code"] in GUARDS  # asked quietly, or by HEAD, it has no words


def may(role: str, needs: Permission) -> bool:
    """What the table of roles says; asked of the table, so that a row of it is tested wherever it leads."""
    role = {"other unit": Manager.Role.UNIT}.get(role, role)
    if needs in {Permission.PUBLIC, Permission.SIGNED_IN}:
        return needs == Permission.PUBLIC or role not in {"stranger", "neighbour"}
    return role == "learner" if needs == Permission.LEARN else needs in GRANTS.get(role, frozenset())


@pytest.fixture(scope="module")
def all_routes() -> list[Route]:
    return routes()


def test_every_route_declares_what_it_needs(all_routes):
    assert [route.pattern for route in all_routes if route.needs is None] == []
    assert {route.name for route in all_routes if route.name in OPEN_TO_ALL} == OPEN_TO_ALL
    assert {(r.method, r.pattern) for r in all_routes} >= set(BY_OTHER_MEANS), "an exception that nobody needs any more"


@pytest.mark.req("R5.7")
@pytest.mark.parametrize("role", ["stranger", "neighbour", "learner", *ROLES])
def test_every_route_lets_in_whom_its_permission_lets_in_and_changes_nothing_for_others(house, all_routes, role):
    wrong = []
    for route in all_routes:
        if route.needs == Permission.PUBLIC or route in _UNANSWERED:
            continue
        answer, writes = knock(house.browsers[role], route, house.ids, quietly=not may(role, route.needs))
        if answer.status_code == 405:
            _UNANSWERED.add(route)
            continue
        lets_in = not refused(answer)
        if lets_in != may(role, route.needs) or (not lets_in and writes) or answer.status_code >= 500:
            wrong.append((route.method, route.pattern, answer.status_code, writes))
    assert wrong == []


@pytest.mark.req("R5.7")
@pytest.mark.parametrize("role", ["other unit", "neighbour at home"])
def test_no_page_shows_a_person_of_another_unit_or_enterprise(house, all_routes, role):
    """Asked with ids that exist; lists of those two are empty of the person, and the person's own pages are not there."""
    shown, found = [], []
    for route in all_routes:
        if route.method != "GET" or route.needs in FOR_ANYBODY or not may("OWNER" if "home" in role else role, route.needs):
            continue
        answer, _writes = knock(house.browsers[role], route, house.ids)
        if answer.status_code != 200 or answer.streaming:
            continue
        if NAME in answer.content.decode(errors="replace"):
            shown.append(route.pattern)
        if "learner" in route.pattern or route.name in {"console-archive", "console-plan"}:
            found.append(route.pattern)
    assert (shown, found) == ([], [])


@pytest.mark.req("R5.7")
@pytest.mark.req("R7.3")
def test_an_operation_opens_for_the_key_with_its_scope_and_for_nobody_else(house, yi):
    """The matrix of the open interface: every operation × every scope, a neighbour's and an ended key, and sessions, which count for nothing."""
    wrong: list[Any] = []
    with enterprise_scope(house.site):
        good = {scope: interfaces.token([scope], name=scope) for scope in Scope}
        ended = interfaces.token(name="停用的系统")
        keys.revoke(key=interfaces.newest_key(), by=interfaces.owner(), at=NOON)
    with enterprise_scope(yi):
        foreign = interfaces.token(name="邻居的系统")
    for one in operations():
        body = "{}" if one.method != "GET" else None
        for scope, secret in good.items():
            told = interfaces.Caller(house.site, secret).ask(one.method, one.path, body and {})
            expected = {200, 400, 404, 422} if one.scope in {None, scope} else {403}
            wrong += [(one, scope, told.status)] if told.status not in expected else []
        for secret in (ended, foreign):
            told = interfaces.Caller(house.site, secret).ask(one.method, one.path, body and {})
            wrong += [(one, secret, told.status)] if told.status != 401 else []
        for role in (Manager.Role.OWNER, "learner", "neighbour", "stranger"):
            more = {"data": body, "content_type": "application/json"} if body else {}
            status = house.browsers[role].generic(one.method, interfaces.BASE + one.path, **more).status_code
            wrong += [(one, role, status)] if status != 401 else []
    assert wrong == []


def test_the_supervisor_of_the_unit_does_see_the_person(house):
    """So that the test before does not pass by showing nothing to anybody."""
    mine = house.browsers[Manager.Role.UNIT]
    for url in (
        "/console/people",
        f"/console/plans/{house.ids['console_plan']}",
        f"/console/people/{house.ids['learner']}/archive",
    ):
        assert NAME in mine.get(url).content.decode(), url
    theirs = house.browsers["other unit"]
    assert theirs.get(f"/console/people/{house.ids['learner']}/archive").status_code == 404
    assert theirs.get(f"/console/plans/{house.ids['console_plan']}").status_code == 404
    assert theirs.get("/console").context["o"].learners == 0
    assert mine.get("/console").context["o"].learners == 1


def test_the_menu_offers_what_the_role_may_open(house):
    for role in ROLES:
        for item in house.browsers[role].get("/console").context["nav"]:
            assert house.browsers[role].get(item["url"]).status_code == 200, (role, item["url"])
