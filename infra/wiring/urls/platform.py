"""URLs of the platform host: public pages, sign-up, operators, regulators."""

from django.urls import URLPattern, URLResolver, path

from infra.wiring.health import healthz

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
]
