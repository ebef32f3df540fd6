"""The first step of each request: from host to place."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tenants import scope, sites

_ANYWHERE = ("/healthz", "/static/")


def host_of(request: HttpRequest) -> str:
    """Return the request's host in lower case without port."""
    return request.get_host().rsplit(":", 1)[0].lower().rstrip(".")


def platform_url(request: HttpRequest) -> str:
    """Return the address of the platform's first page, on the port that the request came through."""
    port = request.get_host().partition(":")[2]
    return f"{request.scheme}://{settings.PLATFORM_HOST}{':' if port else ''}{port}/"


class EnterpriseMiddleware:
    """Chooses the place and the URL table by host; unknown hosts get a clear page.

    What a suspended or closed enterprise still answers is decided once the view is known: `infra.wiring.standing`.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer within the place that the host names."""
        host = host_of(request)
        if host == settings.PLATFORM_HOST or request.path.startswith(_ANYWHERE):
            request.enterprise = None  # type: ignore[attr-defined]
            with scope.platform_scope():
                return self.get_response(request)
        site = sites.resolve(host)
        if site is None:
            return self._page(request, "ui/unknown_host.html", 404, host=host, platform_url=platform_url(request))
        request.enterprise = site  # type: ignore[attr-defined]
        request.urlconf = settings.ENTERPRISE_URLCONF
        with scope.enterprise_scope(site):
            return self.get_response(request)

    def _page(self, request: HttpRequest, template: str, status: int, **context: Any) -> HttpResponse:
        request.enterprise = None  # type: ignore[attr-defined]
        with scope.platform_scope():
            return render(request, template, context, status=status)
