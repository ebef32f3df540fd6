"""URLs of an enterprise's own host: sign-in, learners, the manager's console."""

from django.urls import URLPattern, URLResolver, path

from infra.wiring.health import healthz

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
]
