"""Counts what the web answers and how long it takes, for the board of loads (`public.load`)."""

import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from public.load.api import COUNTER

_NOT_COUNTED = ("/healthz", "/static/")


class LoadMiddleware:
    """Just inside the trace. Costs two readings of the clock and an addition; once in five seconds one round trip to Valkey."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and count the answer."""
        if request.path.startswith(_NOT_COUNTED):
            return self.get_response(request)
        began = time.perf_counter()
        try:
            return self.get_response(request)
        finally:
            COUNTER.add(time.perf_counter() - began)
