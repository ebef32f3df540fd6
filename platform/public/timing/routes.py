"""Where browsers tell how long a page took. On both kinds of host, without sign-in; it has no effect but a count."""

from django.http import HttpRequest, HttpResponse, UnreadablePostError
from ninja import Router

from infra.kit.errors import DomainError
from public.timing import beacons
from public.timing.pages import addresses, device_of, site_of
from tenants import limits
from tenants.addresses import client_ip

router = Router(tags=["page times"])
PER_ADDRESS = "600/minute"
"""A workshop of hundreds may stand behind one address, of which one page view in ten is told."""


@router.post("", auth=None)
def told(request: HttpRequest) -> HttpResponse:
    """Count what a browser tells of one page view; always 204, because no browser would act on a refusal. One round trip to Valkey, no query."""
    body = _body(request)
    found = beacons.read(body) if body and _is_from_here(request) else None
    site = site_of(request)
    if found and found.route in addresses(site) and _may(request):
        beacons.count(found, site=site, device=device_of(request))
    return HttpResponse(status=204)


def _body(request: HttpRequest) -> bytes:
    """Return the body, or nothing where it is larger than a page has to say or broke off."""
    try:
        body = request.read(beacons.MOST_BYTES + 1)
    except UnreadablePostError:  # it left before all was sent
        return b""
    return body if len(body) <= beacons.MOST_BYTES else b""


def _is_from_here(request: HttpRequest) -> bool:
    """Say whether one of our own pages sent it; browsers name the sender of each POST, other sites cannot make them lie."""
    origin = request.headers.get("Origin", "")
    return not origin or origin.lower().partition("://")[2] == request.get_host().lower()


def _may(request: HttpRequest) -> bool:
    try:
        limits.spend(PER_ADDRESS, "timing", client_ip(request))
    except DomainError:  # too many, or Valkey is away: then nothing is counted
        return False
    return True
