"""Every list that is given as a file is in the exchange log: asked of each page of the desk and of the console, so that a new one is in it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from apps.people import api as people
from infra.wiring.mediation import is_file
from public.audit.models import AuditEvent
from public.operators.api import Role
from tenants.scope import enterprise_scope, platform_scope
from tests.conftest import NOON
from tests.infra.wiring.permission_ground import signed_in
from tests.public.desk import desk

pytestmark = [pytest.mark.req("R5.4"), pytest.mark.req("R5.7")]
KINDS = ("xlsx", "csv", "docx")


def _lists(resolver: URLResolver, root: str, before: str = "/") -> Iterator[tuple[str, str]]:
    """Yield (name, path) of each page below ``root`` whose address names nothing."""
    for item in resolver.url_patterns:
        pattern = before + str(item.pattern)
        if isinstance(item, URLResolver):
            yield from _lists(item, root, pattern)
        elif isinstance(item, URLPattern) and item.name and pattern.startswith(root) and "<" not in pattern:
            yield item.name, pattern


def _given(browser: Client, pages: list[tuple[str, str]]) -> dict[str, str]:
    """Return name of the page -> SHA-256 of the file that it gave."""
    found = {}
    for name, path in pages:
        for kind in KINDS:
            answer: HttpResponse = browser.get(path, {"export": kind})
            if is_file(answer) and not answer.streaming:
                assert answer["X-Data-Label"], name
                found[f"{name} {hashlib.sha256(answer.content).hexdigest()}"] = name
    return found


def _noted() -> set[str]:
    rows = AuditEvent.objects.filter(action="file.sent", direction="OUT")
    return {f"{row.target.removeprefix('page:')} {row.details['sha256']}" for row in rows}


def test_each_file_of_the_desk(platform):
    pages = list(_lists(get_resolver("infra.wiring.urls.platform"), "/desk/"))
    given: dict[str, str] = {}
    for role in (Role.OPERATIONS, Role.AUTHOR, Role.REVIEWER, Role.SYSTEM, Role.SECURITY, Role.AUDIT):
        given |= _given(desk(role), pages)
    assert {"desk-enterprises", "desk-ends", "desk-verifications", "desk-complaints", "desk-announcements"} <= set(given.values())
    with platform_scope():
        assert set(given) - _noted() == set()


def test_each_file_of_an_enterprise_and_none_in_its_neighbours_log(db, jia: Any, yi: Any):
    with enterprise_scope(jia):
        owner = signed_in(jia, people.open_owner(name="安全员", mobile="13900000000", password=None, at=NOON))
    given = _given(owner, list(_lists(get_resolver("infra.wiring.urls.enterprise"), "/console/")))
    assert {"console-people", "console-certificates", "console-privacy"} <= set(given.values())
    with enterprise_scope(jia):
        assert set(given) - _noted() == set()
    with enterprise_scope(yi):
        assert not set(given) & _noted()
