"""URLs of an enterprise's own host: sign-in, learners, the manager's console."""

from django.urls import URLPattern, URLResolver, include, path
from ninja import NinjaAPI

from apps.exams.routes import router as exams
from apps.learning.routes import router as learning
from infra.wiring import dev
from infra.wiring.edge import api_handlers
from infra.wiring.health import healthz
from infra.wiring.intake import JsonParser

api = NinjaAPI(title="安学", urls_namespace="enterprise-api", docs_url=None, openapi_url=None, parser=JsonParser())
api_handlers(api)
api.add_router("/exams", exams)
api.add_router("/learning", learning)

handler500 = "infra.wiring.edge.crashed"

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/", api.urls),  # first: a beat should not be compared with every page
    path("", include("apps.exams.urls")),
    path("", include("apps.learning.urls")),
    path("", include("apps.people.urls")),
    path("", include("apps.plans.urls")),
    path("dev/outbox", dev.outbox, name="dev-outbox"),
    path("healthz", healthz, name="healthz"),
    path("i18n/", include("django.conf.urls.i18n")),
]
