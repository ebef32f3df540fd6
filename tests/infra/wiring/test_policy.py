"""The content security policy of every kind of page: only ourselves, and no way around it (clause 二.6)."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from apps.people import api as people
from infra.wiring.settings import security
from infra.wiring.settings.services import _storage
from tenants.api import Credential
from tenants.scope import enterprise_scope, platform_scope
from tests.apps.learning.conftest import A, enrol, publish_course
from tests.conftest import NOON
from tests.public.desk import HOST as PLATFORM
from tests.public.desk import desk

OWN = {"'self'", "'none'", "data:", "blob:"}


def rules_of(answer: HttpResponse) -> dict[str, list[str]]:
    """Every directive with its sources; the page must have exactly one enforced policy."""
    words = [part.split() for part in answer["Content-Security-Policy"].split(";")]
    return {name: sources for name, *sources in words}


@pytest.fixture
def pages(db: None, jia: Any) -> dict[str, HttpResponse]:
    """One page of each kind, as the person who uses it gets it."""
    version = publish_course()
    stranger = Client(HTTP_HOST=PLATFORM)
    with enterprise_scope(jia):
        school = enrol(A, version)
        people.open_owner(name="安全员", mobile="13800000008", password="a-long-password", at=NOON)
        learner, manager = Client(HTTP_HOST=jia.host), Client(HTTP_HOST=jia.host)
        learner.force_login(Credential.objects.by_login(A["mobile"]))
        manager.force_login(Credential.objects.by_login("13800000008"))
    with platform_scope():
        operations = desk("OPERATIONS")
    found = {
        "landing": stranger.get("/"),
        "sign-up": stranger.get("/sign-up"),
        "desk sign-in": stranger.get("/desk/sign-in"),
        "sign-in": Client(HTTP_HOST=jia.host).get("/sign-in"),
        "learner home": learner.get("/learn"),
        "course": learner.get(f"/learn/{school.assignment.uuid}"),
        "player": learner.get(f"/learn/{school.assignment.uuid}/{school.first}"),
        "console": manager.get("/console"),
        "desk": operations.get("/desk/"),
        "refused": stranger.get("/desk/enterprises/999999", follow=True),
        "missing": stranger.get("/no-such-page"),
        "unknown host": Client(HTTP_HOST="nobody-here.localhost").get("/"),
    }
    for name in ("landing", "sign-in", "learner home", "course", "player", "console", "desk"):
        assert found[name].status_code == 200, name
    return found


@pytest.mark.req("R2.6")
def test_no_page_lets_anybody_else_in(pages: dict[str, HttpResponse]) -> None:
    for kind, answer in pages.items():
        rules = rules_of(answer)
        reports = rules.pop("report-uri")
        assert reports == ["/api/csp-reports"], kind
        assert rules["default-src"] == ["'none'"], kind
        if kind == "sign-up":  # its form leads into the new workspace
            assert rules["form-action"] == ["'self'", "http://*.localhost:*", "https://*.localhost:*"]
            rules["form-action"] = ["'self'"]
        assert {source for sources in rules.values() for source in sources} <= OWN, kind
        for name in ("script-src", "style-src", "connect-src", "form-action"):
            assert rules[name] == ["'self'"], (kind, name)
        for name in ("object-src", "base-uri", "frame-ancestors"):
            assert rules[name] == ["'none'"], (kind, name)
        assert "Content-Security-Policy-Report-Only" not in answer


@pytest.mark.req("R2.6")
def test_no_page_carries_scripts_or_styles_of_its_own(pages: dict[str, HttpResponse]) -> None:
    for kind, answer in pages.items():
        html = answer.content.decode().lower()
        assert "<style" not in html, kind
        assert " style=" not in html, kind
        assert "javascript:" not in html, kind
        for opening in html.split("<script")[1:]:
            tag = opening.partition(">")[0]
            assert "src=" in tag or "application/json" in tag, (kind, tag)


@pytest.mark.req("R2.6")
@pytest.mark.parametrize(("more", "player"), [("", []), ("&direct=yes", ["https://s3.example.cn"])])
def test_with_s3_only_its_own_origin_is_added_and_for_films_only_where_wished(
    monkeypatch: pytest.MonkeyPatch, more: str, player: list[str]
) -> None:
    monkeypatch.setitem(security.STORAGES, "default", _storage(f"s3://key:secret@s3.example.cn/films?region=cn{more}"))
    assert security._own("upload_origin") == ["'self'", "https://s3.example.cn"]
    assert security._own("direct_origin") == ["'self'", *player]
