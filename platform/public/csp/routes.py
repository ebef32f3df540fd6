"""Where browsers send what they refused. On both kinds of host, without sign-in: the policy holds for everybody."""

import json
import re
from functools import partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.utils.translation import gettext_lazy as _
from ninja import Router

from infra.kit import clock
from infra.kit.errors import DomainError
from public.csp import rules, services
from tenants import limits
from tenants.addresses import client_ip

router = Router(tags=["csp"])
PER_ADDRESS, MOST_BYTES = "30/minute", 8 * 1024
_PARAMETER = re.compile(r"<[^>]*>")


@router.post("", auth=None)
def report(request: HttpRequest) -> HttpResponse:
    """Count what a browser refused; 204 also for what we have no use for, because no browser would act on a refusal."""
    limits.spend(PER_ADDRESS, "csp", client_ip(request))
    pattern = partial(_pattern, urlconf=getattr(request, "urlconf", settings.ROOT_URLCONF))
    services.count(refusals=rules.read(_told(request), host=request.get_host(), pattern=pattern), at=clock.now())
    return HttpResponse(status=204)


def _told(request: HttpRequest) -> Any:
    too_large = DomainError("too_large", _("报告太大，未被接收。"), status=413)
    if int(request.headers.get("Content-Length") or 0) > MOST_BYTES:
        raise too_large
    body = request.read(MOST_BYTES + 1)
    if len(body) > MOST_BYTES:
        raise too_large
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _pattern(path: str, *, urlconf: str) -> str:
    """Return the pattern of a page's address; it says which page, but not whose."""
    try:
        return _PARAMETER.sub("…", f"/{resolve(path, urlconf).route}")[:200]
    except Resolver404:
        return "other"
