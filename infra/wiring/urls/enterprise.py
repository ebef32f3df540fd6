"""URLs of an enterprise's own host: sign-in, learners, the manager's console."""

from django.urls import URLPattern, URLResolver, include, path
from ninja import NinjaAPI

from apps.learning.routes import router as learning
from infra.wiring.edge import api_handlers
from infra.wiring.health import healthz

api = NinjaAPI(title="安学", urls_namespace="enterprise-api", docs_url=None, openapi_url=None)
api_handlers(api)
api.add_router("/learning", learning)

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("apps.learning.urls")),
    path("", include("apps.people.urls")),
    path("api/", api.urls),
    path("healthz", healthz, name="healthz"),
    path("i18n/", include("django.conf.urls.i18n")),
]
