"""URLs of the platform host: public pages, sign-up, operators, regulators."""

from django.urls import URLPattern, URLResolver, include, path
from ninja import NinjaAPI

from infra.kit.bodies import JsonParser
from infra.wiring import dev
from infra.wiring.edge import api_handlers
from infra.wiring.health import healthz
from public.complaints import api as complaints
from public.csp.routes import router as csp
from public.portal import api as portal
from public.regulators.exchange.routes import router as exchange
from public.regulators.exchange.soap_routes import router as exchange_soap
from public.regulators.routes import router as regulator
from public.timing.routes import router as page_times
from public.uploads import api as uploads

api = NinjaAPI(title="安学平台", urls_namespace="platform-api", docs_url=None, openapi_url=None, parser=JsonParser())
api_handlers(api)
api.add_router("/complaint-files", uploads.upload_router(complaints.filer_uploader))
api.add_router("/csp-reports", csp)
api.add_router("/exchange/v1", exchange)
api.add_router("/exchange/v1", exchange_soap)
api.add_router("/page-times", page_times)
api.add_router("/rectification-files", uploads.upload_router(portal.authority_uploader))
api.add_router("/regulator", regulator)
api.add_router("/uploads", uploads.upload_router(uploads.operator_uploader))

handler500 = "infra.wiring.edge.crashed"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("public.answers.urls")),
    path("", include("public.appeals.urls")),
    path("", include("public.authoring.urls")),
    path("", include("public.csp.urls")),
    path("", include("public.catalogue.urls")),
    path("", include("public.complaints.site_urls")),
    path("", include("public.complaints.urls")),
    path("", include("public.helpdesk.site_urls")),
    path("", include("public.helpdesk.urls")),
    path("", include("public.lifecycle.urls")),
    path("", include("public.monitor.urls")),
    path("", include("public.load.urls")),
    path("", include("public.operators.urls")),
    path("", include("public.portal.urls")),
    path("", include("public.privacy.urls")),
    path("", include("public.regulators.urls")),
    path("", include("public.remarks.urls")),
    path("", include("public.review.urls")),
    path("", include("public.rights.urls")),
    path("", include("public.search.urls")),
    path("", include("public.site.urls")),
    path("", include("public.subtitles.urls")),
    path("", include("public.timing.urls")),
    path("api/", api.urls),
    path("dev/outbox", dev.outbox, name="dev-outbox"),
    path("dev/ui", dev.components, name="dev-ui"),
    path("healthz", healthz, name="healthz"),
    path("i18n/", include("django.conf.urls.i18n")),
]
