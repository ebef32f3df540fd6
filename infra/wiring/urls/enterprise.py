"""URLs of an enterprise's own host: sign-in, learners, the manager's console."""

from django.http import HttpRequest
from django.urls import URLPattern, URLResolver, include, path
from ninja import NinjaAPI

from apps.exams.sitting.routes import router as exams
from apps.learning.routes import router as learning
from apps.openapi import api as openapi
from apps.people import api as people
from apps.people.identity.routes import router as identity
from infra.kit.bodies import JsonParser
from infra.wiring import dev, phone_app
from infra.wiring.edge import api_handlers, outage_handlers
from infra.wiring.health import healthz
from public.complaints import api as complaints
from public.complaints.site_urls import urlpatterns as complaint_pages
from public.csp.routes import router as csp
from public.helpdesk.site_urls import urlpatterns as help_pages
from public.portal import api as portal
from public.site.enterprise_urls import urlpatterns as site_pages
from public.timing.routes import router as page_times
from public.uploads import api as uploads
from tenants.scope import require

_course_writer = people.manager_with(people.Permission.COURSES_WRITE)
_rectifier = people.manager_with(people.Permission.AUTHORITY_ANSWER)


@people.declares(people.Permission.COURSES_WRITE)
def manager_uploader(request: HttpRequest) -> uploads.Uploader | None:
    """Let those managers upload who write courses; what they bring is their enterprise's."""
    if _course_writer(request) is None or request.user.pk is None:
        return None
    return uploads.Uploader(request.user.pk, require().schema)


@people.declares(people.Permission.AUTHORITY_ANSWER)
def rectifier(request: HttpRequest) -> uploads.Uploader | None:
    """Let those managers upload who answer notices of an authority."""
    return portal.manager_uploader(request) if _rectifier(request) is not None else None


@people.declares(people.Permission.PUBLIC)
def complainant(request: HttpRequest) -> uploads.Uploader | None:
    """Let whoever has shown number and code of a complaint add files to it, signed in or not."""
    return complaints.filer_uploader(request)


for page in (*complaint_pages, *site_pages):  # they stand on the platform's host too, which knows no permissions of an enterprise
    people.declares(people.Permission.PUBLIC)(page.callback)


for page in help_pages:  # they stand on the platform's host too, which knows no permissions of an enterprise
    needs = people.Permission.SIGNED_IN if "tickets" in str(page.pattern) else people.Permission.PUBLIC
    people.declares(needs)(page.callback)

api = NinjaAPI(title="安学", urls_namespace="enterprise-api", docs_url=None, openapi_url=None, parser=JsonParser())
api_handlers(api)
api.add_router("/complaint-files", uploads.upload_router(complainant))
api.add_router("/csp-reports", csp)
api.add_router("/exams", exams)
api.add_router("/identity", identity)
api.add_router("/learning", learning)
api.add_router("/page-times", page_times)
api.add_router("/rectification-files", uploads.upload_router(rectifier))
api.add_router("/uploads", uploads.upload_router(manager_uploader))

outage_handlers(openapi.api)

handler500 = "infra.wiring.edge.crashed"

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/", api.urls),  # first: a beat should not be compared with every page
    path("", include("apps.openapi.urls")),  # `/api/v1/` and pages of the console
    path("api/v1/", openapi.urls()),
    path("", include("apps.openapi.nowhere")),
    path("", include("apps.community.urls")),
    path("", include("apps.exams.urls")),
    path("", include("apps.learning.urls")),
    path("", include("apps.people.urls")),
    path("", include("apps.plans.urls")),
    *complaint_pages,
    *site_pages,
    *help_pages,
    path("app.webmanifest", phone_app.manifest, name="app-manifest"),
    path("app-worker.js", phone_app.worker, name="app-worker"),
    path("offline", phone_app.offline, name="app-offline"),
    path("dev/outbox", dev.outbox, name="dev-outbox"),
    path("healthz", healthz, name="healthz"),
    path("i18n/", include("django.conf.urls.i18n")),
]
