"""Pages for people who build the product; 404 in production."""

import pyotp
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from infra.adapters.sms import outbox as sms
from infra.kit import clock
from infra.ui import gallery
from infra.wiring.demo_accounts import TOTP


def components(request: HttpRequest) -> HttpResponse:
    """Show every component with sample data."""
    if not settings.DEV_TOOLS:
        raise Http404
    return render(request, "ui/gallery.html", gallery.context(clock.now()))


def outbox(request: HttpRequest) -> HttpResponse:
    """List the text messages, newest first, and the present one-time codes of the demo accounts; the page asks every 2 s."""
    if not settings.DEV_TOOLS:
        raise Http404
    template = "sms/_messages.html" if request.headers.get("HX-Request") else "sms/outbox.html"
    codes = {login: pyotp.TOTP(secret).now() for login, secret in TOTP.items()}
    return render(request, template, {"messages_sent": sms.messages(), "codes": codes})
