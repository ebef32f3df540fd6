"""URLs of the platform host: public pages, sign-up, operators, regulators."""

from django.urls import URLPattern, URLResolver, include, path
from ninja import NinjaAPI

from infra.wiring import dev
from infra.wiring.edge import api_handlers
from infra.wiring.health import healthz
from infra.wiring.intake import JsonParser
from public.regulators.routes import router as regulator

api = NinjaAPI(title="安学平台", urls_namespace="platform-api", docs_url=None, openapi_url=None, parser=JsonParser())
api_handlers(api)
api.add_router("/regulator", regulator)

handler500 = "infra.wiring.edge.crashed"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("public.operators.urls")),
    path("", include("public.regulators.urls")),
    path("", include("public.review.urls")),
    path("", include("public.site.urls")),
    path("api/", api.urls),
    path("dev/outbox", dev.outbox, name="dev-outbox"),
    path("dev/ui", dev.components, name="dev-ui"),
    path("healthz", healthz, name="healthz"),
    path("i18n/", include("django.conf.urls.i18n")),
]
