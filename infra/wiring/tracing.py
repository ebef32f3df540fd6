"""Gives every request its trace number, which the answer names, so that a person can tell us which of millions went wrong."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from infra.kit import origin
from tenants.addresses import client_ip

HEADER = "X-Trace-Id"


class TraceMiddleware:
    """Outermost. A number that the caller sends is not believed: two requests under one number would hide each other in the logs."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer under a new trace."""
        with origin.coming_from(ip=client_ip(request)) as made:
            response = self.get_response(request)
        response[HEADER] = made.trace
        return response
