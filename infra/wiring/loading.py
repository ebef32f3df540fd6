"""Counts what the web answers and how long it takes, for the boards of loads and of waits (`public.load`, `public.timing`)."""

import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from public.timing import api as timing

_NOT_COUNTED = ("/healthz", "/static/", "/api/page-times")
"""What nobody waits for: answers of no work would make the others look faster than they are."""


class LoadMiddleware:
    """Just inside the trace. Costs two readings of the clock and an addition (2 µs); once in five seconds one round trip to Valkey."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and count the answer."""
        if request.path.startswith(_NOT_COUNTED):
            timing.TIMER.tick()
            return self.get_response(request)
        began = time.perf_counter()
        try:
            return self.get_response(request)
        finally:
            took = time.perf_counter() - began
            timing.TIMER.add(timing.Key(timing.Kind.SERVER, "", timing.site_of(request), ""), round(took * 1000))
