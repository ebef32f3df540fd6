"""Whose address a request comes from, for limits and audit records."""

from django.conf import settings
from django.http import HttpRequest


def client_ip(request: HttpRequest) -> str:
    """Return the caller's address.

    ``X-Forwarded-For`` counts only as far as our own ``TRUSTED_PROXIES`` wrote it; what a caller puts before is ignored.
    """
    direct = str(request.META.get("REMOTE_ADDR") or "0.0.0.0")  # noqa: S104 - a placeholder, nothing is bound
    trusted: int = settings.TRUSTED_PROXIES
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
    return hops[-trusted] if trusted and len(hops) >= trusted else direct


def port_of(request: HttpRequest) -> str:
    """Return ``:8000`` when the caller named a port, else an empty string; for links to other hosts of ours."""
    _host, colon, port = request.get_host().rpartition(":")
    return f":{port}" if colon and port.isdigit() else ""
