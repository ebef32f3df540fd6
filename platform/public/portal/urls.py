"""URLs of the portal on the platform host."""

from django.urls import path

from public.portal.views import enterprises, notices, statistics, verify

urlpatterns = [
    path("regulator/statistics", statistics.overview, name="regulator-statistics"),
    path("regulator/enterprises", statistics.enterprises, name="regulator-enterprises"),
    path("regulator/enterprises/<uuid:company>", enterprises.enterprise, name="regulator-enterprise"),
    path("regulator/enterprises/<uuid:company>/plans/<uuid:training>", enterprises.plan, name="regulator-plan"),
    path("regulator/enterprises/<uuid:company>/classes/<uuid:training>", enterprises.klass, name="regulator-class"),
    path("regulator/enterprises/<uuid:company>/rectify", notices.ask, name="regulator-rectify"),
    path("regulator/rectifications", notices.listing, name="regulator-rectifications"),
    path("regulator/rectifications/<uuid:rectification>", notices.detail, name="regulator-rectification"),
    path("regulator/rectifications/<uuid:rectification>/do/<slug:action>", notices.act, name="regulator-rectification-do"),
    path("regulator/rectifications/<uuid:rectification>/files", notices.attach, name="regulator-rectification-attach"),
    path(
        "regulator/rectifications/<uuid:rectification>/files/<uuid:upload>", notices.download, name="regulator-rectification-file"
    ),
    path("regulator/verify", verify.verify, name="regulator-verify"),
]
