"""What an enterprise that is not in use still answers: asked of every route, so that a new one is in it without being named."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import get_resolver

from apps.people.permissions import FOR_ANYBODY, Permission
from infra.kit import clock, problems
from infra.wiring import standing
from tenants import opening, sites
from tests.apps.openapi import ground as interfaces
from tests.apps.plans import ground
from tests.infra.wiring.permission_ground import Route, routes
from tests.public.lifecycle.ground import owner

ENDED = ("SUSPENDED", "CLOSING", "CLOSED")


@pytest.fixture(scope="module")
def all_routes() -> list[Route]:
    return routes()


def allowed(status: str, route: Route) -> bool:
    view = SimpleNamespace(permission=route.needs)
    name = "" if route.pattern.startswith("/api/") else route.name
    return standing.allows(status, route.method, route.pattern, name, view)


def test_every_name_in_the_tables_is_a_route(all_routes):
    names = {route.name for route in all_routes} | {"set_language"}
    assert (standing.STUDY | standing.OWN | standing.DUE) - names == set()


@pytest.mark.req("R5.4")
@pytest.mark.parametrize("status", ENDED)
def test_nothing_is_written_but_what_the_tables_name(all_routes, status):
    written = {
        route.name for route in all_routes if route.method == "POST" and "/api/" not in route.pattern and allowed(status, route)
    }
    named = standing.OWN | (standing.DUE if status != "CLOSED" else set())
    assert {name for name in written if not name.startswith(standing.ALWAYS)} <= named


@pytest.mark.req("R4.6")
def test_suspended_everything_is_read_but_study(all_routes):
    shut = {route.name for route in all_routes if route.method == "GET" and not allowed("SUSPENDED", route)}
    assert shut == standing.STUDY
    for path in ("/api/learning/sessions", "/api/learning/sessions/{session}/beats", "/api/identity/faces"):
        assert not standing.allows("SUSPENDED", "POST", path, "", None)
    assert standing.allows("SUSPENDED", "POST", "/api/exams/{attempt}/answer", "", None), "an exam that has begun is finished"
    assert standing.allows("SUSPENDED", "POST", "/api/rectification-files", "", None), "an authority gets its answer"


def test_closed_no_page_of_managers_is_left_and_learners_keep_their_own(all_routes):
    left = [route for route in all_routes if allowed("CLOSED", route)]
    assert {route.needs for route in left if "/api/" not in route.pattern} <= FOR_ANYBODY
    names = {route.name for route in left}
    assert {"learn-archive", "certificate-pdf", "learn-data", "learn-data-ask", "sign-in", "inspect-open"} <= names
    assert not standing.allows("CLOSED", "POST", "/api/exams/{attempt}/answer", "", None)
    assert standing.allows("CLOSED", "POST", "/api/csp-reports", "", None)


@pytest.mark.req("R7.3")
def test_the_open_interface_reads_when_suspended_and_is_shut_when_closed(in_jia: Any, db):
    caller = interfaces.Caller(in_jia, interfaces.token())
    before = ground.numbers(ground.NOON.date()).learners
    person = {"name": "学员丙", "mobile": "13900000077", "id_number": "330106199003070018"}
    for status, code in (
        ("SUSPENDED", "enterprise_suspended"),
        ("CLOSING", "enterprise_suspended"),
        ("CLOSED", "enterprise_closed"),
    ):
        closes_at = clock.now() + timedelta(days=30) if status == "CLOSING" else None
        opening.set_status(enterprise_id=in_jia.id, status=status, reason="逾期未缴费", closes_at=closes_at)
        read, search = caller.get("/learners"), caller.post("/learners/search", {"text": "学员"})
        if status == "CLOSED":
            assert [(one.status, one.code) for one in (read, search)] == [(403, code), (403, code)]
        else:
            assert (read.status, search.status) == (200, 200)
        refused = caller.post("/learners", person, once=f"try-{status}")
        assert (refused.status, refused.code) == (403, code)
        assert refused.headers["Content-Type"] == problems.CONTENT_TYPE
    assert ground.numbers(ground.NOON.date()).learners == before
    opening.set_status(enterprise_id=in_jia.id, status="ACTIVE", reason="已续费")
    assert caller.get("/learners").status == 200, "the key is as good as before"


def test_in_use_the_gate_asks_nothing():
    assert get_resolver("infra.wiring.urls.enterprise") is not None
    assert Permission.COMPANY_SEE not in FOR_ANYBODY


@pytest.mark.req("R5.4")
@pytest.mark.req("R4.6")
def test_pages_of_a_suspended_enterprise(in_jia: Any, db):
    view = ground.learner(1, "学员甲")
    opening.set_status(enterprise_id=in_jia.id, status="SUSPENDED", reason="逾期未缴费")
    site = sites.resolve(in_jia.host)
    manager, learner = ground.browser(site, owner(in_jia)), ground.learner_browser(site, view)
    for client, path in (
        (manager, "/console"),
        (manager, "/console/people"),
        (manager, "/console/retention/exports"),
        (learner, "/learn"),
        (learner, "/learn/archive"),
    ):
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert "逾期未缴费" in answer.content.decode(), f"{path} says why"
    before = ground.numbers(ground.NOON.date()).learners
    refused = manager.post("/console/people/add", {"name": "学员丙"})
    assert refused.status_code == 403
    assert "服务已暂停" in refused.content.decode()
    assert ground.numbers(ground.NOON.date()).learners == before
    beat = learner.post("/api/learning/sessions", "{}", content_type="application/json")
    assert (beat.status_code, beat.json()["code"]) == (403, "enterprise_suspended")
    quiet = manager.post("/console/people/add", {"name": "学员丙"}, headers={"HX-Request": "true"})
    assert "HX-Trigger" in quiet
    assert manager.post("/console/retention/exports", {"name": in_jia.name}).status_code == 302, "the data may be taken along"


def test_pages_of_a_closed_enterprise(in_jia: Any, db):
    view = ground.learner(1, "学员甲")
    opening.set_status(enterprise_id=in_jia.id, status="CLOSED", reason="公司搬迁")
    site = sites.resolve(in_jia.host)
    manager, learner = ground.browser(site, owner(in_jia)), ground.learner_browser(site, view)
    assert learner.get("/learn/archive").status_code == 200
    answer = manager.get("/console/people")
    assert answer.status_code == 403
    assert "已注销" in answer.content.decode()


def test_a_closing_enterprise_says_so_and_keeps_its_owners_reason_to_itself(in_jia: Any, db):
    until = clock.now() + timedelta(days=30)
    opening.set_status(enterprise_id=in_jia.id, status="CLOSING", reason="公司搬迁，不再使用", closes_at=until)
    manager = ground.browser(sites.resolve(in_jia.host), owner(in_jia))
    answer = manager.post("/console/people/add", {"name": "学员丙"})
    assert (answer.status_code, "正在注销" in answer.content.decode()) == (403, True)
    assert "公司搬迁" not in answer.content.decode()
    assert "恢复使用请联系平台客服" not in answer.content.decode(), "it is the owner who takes it back"
