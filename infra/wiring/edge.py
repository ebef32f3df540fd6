"""The one edge where refusals and outages become answers: JSON for the API, a toast for htmx, a page for the rest."""

import json
import logging
import sys
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import psycopg
from botocore.exceptions import ConnectionError as StoreLost
from botocore.exceptions import HTTPClientError
from django.db.utils import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse, RawPostDataException
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views import defaults
from redis.exceptions import RedisError

from infra.kit import problems
from infra.kit.errors import DomainError
from infra.wiring.mediation import note_refusal
from tenants.errors import Unavailable
from tenants.scope import PLATFORM, current, using

log = logging.getLogger("anxue.edge")
OUTAGES = (OperationalError, InterfaceError, psycopg.OperationalError, RedisError, ConnectionError, StoreLost, HTTPClientError)


def answer(request: HttpRequest, error: DomainError) -> HttpResponse:
    """Return the answer to a refusal in the form that the caller understands; one by role is written down."""
    if error.status == HTTPStatus.FORBIDDEN:
        note_refusal(request, error)
    if request.path.startswith(problems.OPEN):
        return problems.problem(error)
    if request.path.startswith("/api/"):
        response: HttpResponse = JsonResponse(error.as_dict(), status=error.status)
    elif request.headers.get("HX-Request"):
        response = HttpResponse(status=error.status)
        response["HX-Reswap"] = "none"
        response["HX-Trigger"] = json.dumps({"toast": {"tone": "stop", "text": str(error.message)}})
    else:
        response = _page(request, error)
    if "retry_after_s" in error.details:
        response["Retry-After"] = str(error.details["retry_after_s"])
    return response


def _page(request: HttpRequest, error: DomainError) -> HttpResponse:
    """Return the page of a refusal; for an outage without the frame, which would ask the lost service again."""
    if error.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return HttpResponse(render_to_string("ui/refused.html", {"error": error}), status=error.status)
    with using(current() or PLATFORM):
        return render(request, "ui/refused.html", {"error": error}, status=error.status)


class RefusalMiddleware:
    """Innermost: views raise, this answers."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass through; see :meth:`process_exception`."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer refusals and outages; anything else is a bug and goes on to the log."""
        if isinstance(error, DomainError):
            return answer(request, error)
        if isinstance(error, OUTAGES):
            return outage(request, error)
        if isinstance(error, RawPostDataException):
            return _misread(request)
        return None


def _misread(request: HttpRequest) -> HttpResponse:
    """Refuse a form where a plain body is due: Django has parsed it by then and keeps no copy."""
    return answer(request, DomainError("invalid", _("请求内容不完整或格式不对。"), status=400))


def outage(request: HttpRequest, error: Exception) -> HttpResponse:
    """Return 503 for a lost service, without its words (they may name hosts and people)."""
    log.error("service lost: %s on %s", type(error).__name__, request.path)
    return answer(request, Unavailable())


def crashed(request: HttpRequest) -> HttpResponse:
    """Answer what no view caught (``handler500``): 503 when a service was lost in a middleware, else the page of a bug.

    Django wraps each middleware in a handler of its own, so an outer middleware would never see these errors.
    """
    error = sys.exc_info()[1]
    return outage(request, error) if isinstance(error, OUTAGES) else defaults.server_error(request)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a lost or foreign form token."""
    return answer(request, DomainError("csrf", _("页面已过期，请刷新后重试。"), status=403))


def api_handlers(api: Any) -> None:
    """Teach a ninja API the one error shape."""
    from ninja.errors import AuthenticationError, HttpError, ValidationError

    @api.exception_handler(DomainError)  # type: ignore[untyped-decorator]
    def refused(request: HttpRequest, error: DomainError) -> HttpResponse:
        return answer(request, error)

    @api.exception_handler(ValidationError)  # type: ignore[untyped-decorator]
    def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
        fields = [{"field": ".".join(map(str, e["loc"][1:])), "message": e["msg"]} for e in error.errors]
        return JsonResponse({"code": "invalid", "message": _("请求内容不完整或格式不对。"), "fields": fields}, status=422)

    @api.exception_handler(HttpError)  # type: ignore[untyped-decorator]
    def unread(request: HttpRequest, error: HttpError) -> HttpResponse:
        return JsonResponse({"code": "invalid", "message": _("请求内容不完整或格式不对。")}, status=error.status_code)

    @api.exception_handler(AuthenticationError)  # type: ignore[untyped-decorator]
    def stranger(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
        return JsonResponse({"code": "sign_in", "message": _("请先登录。")}, status=401)

    api.add_exception_handler(RawPostDataException, lambda request, error: _misread(request))
    outage_handlers(api)


def outage_handlers(api: Any) -> None:
    """Teach a ninja API what a lost service is."""
    for kind in OUTAGES:
        api.add_exception_handler(kind, lambda request, error: outage(request, error))
