"""The outbox page for people who try the product out."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from infra.adapters.sms import outbox


def dev_outbox(request: HttpRequest) -> HttpResponse:
    """List the messages, newest first; the page asks again every 2 s. 404 in production."""
    if not settings.DEV_TOOLS:
        raise Http404
    template = "sms/_messages.html" if request.headers.get("HX-Request") else "sms/outbox.html"
    return render(request, template, {"messages_sent": outbox.messages()})
