"""Every route of an enterprise's host with what it declares, read from the URL list; and people of every role to knock with."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from apps.openapi import api as openapi
from apps.openapi.api import Scope
from apps.people.permissions import Permission
from infra.wiring.urls.enterprise import api

OPEN_TO_ALL = {"healthz", "set_language", "dev-outbox"}
"""Pages of other rooms that guard themselves or need no guard: alive or not, language, the demo's text messages."""

BY_OTHER_MEANS = {
    ("POST", "/api/csp-reports"): "browsers report without cookies",
    ("POST", "/api/page-times"): "browsers tell how long a page took; it has no effect but a count",
    ("POST", "/api/learning/sessions/{session}/beats"): "signed with the key of the session",
    **{
        ("POST", f"/api/exams/{{attempt}}/{path}"): "the signed key of an opened paper, good for one try on one device"
        for path in ("answer", "leaving", "submit", "check", "check/face", "check/code")
    },
    ("PUT", "/api/complaint-files/{upload}/parts/{number}"): "a link signed for ten minutes",
    ("PUT", "/api/rectification-files/{upload}/parts/{number}"): "a link signed for ten minutes",
    ("PUT", "/api/uploads/{upload}/parts/{number}"): "a link signed for ten minutes",
}
"""Routes of the API without a person behind them, and what guards them instead."""


@dataclass(frozen=True)
class Route:
    """One address and method. ``needs`` is None where nothing is declared."""

    method: str
    pattern: str
    name: str
    needs: Permission | None

    def url(self, **known: Any) -> str:
        """Return an address: ``known`` by name of the route or of the parameter, anything else points at nothing."""

        def value(found: re.Match[str]) -> str:
            kind, name = found["kind"] or "", found["name"]
            by_route = known.get(self.name.replace("-", "_"))
            if by_route is None:
                by_route = known.get(name)
            return str(by_route if by_route is not None else _nothing(kind, name))

        return re.sub(r"[<{](?:(?P<kind>\w+):)?(?P<name>\w+)[>}]", value, self.pattern)


def _nothing(kind: str, name: str) -> object:
    if kind == "int" or name in {"number", "no"}:
        return 987_654
    return "nothing" if kind == "str" or name == "file_name" else uuid4()


def routes() -> list[Route]:
    """Return all routes: pages once for each of GET and POST that they may answer, the API once for each operation."""
    return [*_pages(get_resolver("infra.wiring.urls.enterprise"), "/"), *_operations()]


def _pages(resolver: URLResolver, before: str) -> Iterator[Route]:
    for item in resolver.url_patterns:
        pattern = before + str(item.pattern)
        if isinstance(item, URLResolver):
            yield from _pages(item, pattern)
        elif isinstance(item, URLPattern) and not pattern.startswith("/api/"):
            named = Permission.PUBLIC if item.name in OPEN_TO_ALL else None
            for method, declared in (("GET", "permission"), ("POST", "post_permission")):
                yield Route(method, pattern, item.name or "", getattr(item.callback, declared, named))


def _operations() -> Iterator[Route]:
    for prefix, router in api._routers:
        for path, view in router.path_operations.items():
            pattern = "/api/" + "/".join(part.strip("/") for part in (prefix, path) if part.strip("/"))
            for operation in view.operations:
                guards = operation.auth_callbacks or ([router.auth] if callable(router.auth) else [])
                for method in operation.methods:
                    needs = Permission.PUBLIC if (method, pattern) in BY_OTHER_MEANS else None
                    yield Route(
                        method, pattern, operation.view_func.__name__, getattr(guards[0], "permission", None) if guards else needs
                    )


@dataclass(frozen=True)
class Operation:
    """One operation of the open interface, asked about nothing; ``scope`` None: any good key."""

    method: str
    path: str
    scope: Scope | None


def operations() -> list[Operation]:
    """Return all operations of the open interface, with the scope that each names."""
    found = []
    for prefix, router in openapi.api._routers:
        for path, view in router.path_operations.items():
            asked = re.sub(r"{\w+}", str(uuid4()), (prefix + path).replace("{code}", "nobody-here"))
            for one in view.operations:
                found += [Operation(method, asked, one.auth_callbacks[0].scope) for method in one.methods]
    return found


def signed_in(site: Any, credential: Any) -> Client:
    """Return a browser on a site's host whose session is ``credential``'s."""
    from tenants.scope import enterprise_scope

    client = Client(HTTP_HOST=site.host)
    with enterprise_scope(site):
        client.force_login(credential)
    return client
