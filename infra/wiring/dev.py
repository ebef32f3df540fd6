"""Pages for people who build the product; 404 in production."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from infra.kit import clock
from infra.ui import gallery


def components(request: HttpRequest) -> HttpResponse:
    """Show every component with sample data."""
    if not settings.DEV_TOOLS:
        raise Http404
    return render(request, "ui/gallery.html", gallery.context(clock.now()))
