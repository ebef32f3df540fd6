"""The product's own web application with a few slow routes more, so that a service can be lost in mid-request."""

from __future__ import annotations

import os
import time
from pathlib import Path

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "infra.wiring.settings")
application = get_wsgi_application()

from django.conf import settings  # noqa: E402 - needs the application
from django.db import transaction  # noqa: E402
from django.http import HttpRequest, HttpResponse, JsonResponse  # noqa: E402
from django.urls import path  # noqa: E402
from django.views.decorators.csrf import csrf_exempt  # noqa: E402
from ninja import NinjaAPI  # noqa: E402

from infra.wiring.edge import api_handlers  # noqa: E402
from infra.wiring.urls.enterprise import urlpatterns as real  # noqa: E402
from tenants import limits  # noqa: E402
from tenants.accounts.models import Credential  # noqa: E402

FOLDER = Path(os.environ["OUTAGE_FOLDER"])
handler500 = "infra.wiring.edge.crashed"
api = NinjaAPI(urls_namespace="outage", docs_url=None, openapi_url=None)
api_handlers(api)


def wait_for_the_test(word: str) -> None:
    """Tell the test that the request is half way and wait until it lets us go on."""
    (FOLDER / f"{word}.begun").touch()
    for _ in range(1500):
        if (FOLDER / "go").exists():
            return
        time.sleep(0.01)


def two_rows(word: str) -> None:
    """Write one row, lose time, write another: both or none."""
    with transaction.atomic():
        Credential.objects.create(login_key=f"{word}-1", name="first", password="!")
        wait_for_the_test(word)
        Credential.objects.create(login_key=f"{word}-2", name="second", password="!")


@api.post("/two-rows")
def two_rows_by_api(request: HttpRequest) -> dict[str, str]:
    two_rows("api")
    return {"said": "done"}


@csrf_exempt
def two_rows_by_page(request: HttpRequest) -> HttpResponse:
    two_rows(request.GET["word"])
    return HttpResponse("done")


@csrf_exempt
def nothing(request: HttpRequest) -> HttpResponse:
    """Take what is sent as often as one likes, and write nothing."""
    return HttpResponse("done")


@csrf_exempt
@transaction.atomic
def row_and_limit(request: HttpRequest) -> HttpResponse:
    """Write a row, then ask Valkey."""
    Credential.objects.create(login_key="limit-1", name="first", password="!")
    wait_for_the_test("limit")
    limits.spend("5/minute", "outage")
    return HttpResponse("done")


def count(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"rows": Credential.objects.count()})


urlpatterns = [
    path("api/trial/", api.urls),
    path("trial/two-rows", two_rows_by_page),
    path("trial/nothing", nothing),
    path("trial/row-and-limit", row_and_limit),
    path("trial/count", count),
    *real,
]
settings.ENTERPRISE_URLCONF = __name__
