"""URLs of the platform host: public pages, sign-up, operators, regulators."""

from django.urls import URLPattern, URLResolver, include, path

from infra.wiring import dev
from infra.wiring.health import healthz

urlpatterns: list[URLPattern | URLResolver] = [
    path("dev/ui", dev.components, name="dev-ui"),
    path("healthz", healthz, name="healthz"),
    path("i18n/", include("django.conf.urls.i18n")),
]
