"""Health of one process for load balancers."""

from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, JsonResponse


def healthz(request: HttpRequest) -> JsonResponse:
    """Answer 200 when the database and Valkey answer; the edge makes 503 of the rest."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    cache.get("platform:health")
    return JsonResponse({"status": "ok"})
