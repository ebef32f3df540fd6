"""The product's own web application with one bare endpoint more, against which the heartbeat is measured."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "infra.wiring.settings")
application = get_wsgi_application()

from django.conf import settings  # noqa: E402 - needs the application
from django.db import connection, transaction  # noqa: E402
from django.http import HttpRequest  # noqa: E402
from django.urls import path  # noqa: E402
from ninja import NinjaAPI, Schema  # noqa: E402

from infra.wiring.urls.enterprise import urlpatterns as real  # noqa: E402

api = NinjaAPI(urls_namespace="bench", docs_url=None, openapi_url=None)


class Note(Schema):
    """What a bare endpoint is told."""

    counter: int
    note: str


@api.post("/baseline")
def baseline(request: HttpRequest, body: Note) -> dict[str, int]:
    """One UPDATE and one INSERT in one transaction, by Django's own means."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE bench_counter SET n = n + 1 WHERE id = %s", [body.counter])
        cursor.execute("INSERT INTO bench_row (counter, note, at) VALUES (%s, %s, now())", [body.counter, body.note])
    return {"counter": body.counter}


urlpatterns = [path("bench/", api.urls), *real]
settings.ENTERPRISE_URLCONF = __name__
