"""URLs of enterprises on the desk."""

from django.urls import path

from public.lifecycle.views import enterprises, verifications

urlpatterns = [
    path("desk/enterprises", enterprises.listing, name="desk-enterprises"),
    path("desk/enterprises/<int:enterprise_id>", enterprises.detail, name="desk-enterprise"),
    path("desk/enterprises/<int:enterprise_id>/suspend", enterprises.suspend, name="desk-enterprise-suspend"),
    path("desk/enterprises/<int:enterprise_id>/reactivate", enterprises.reactivate, name="desk-enterprise-reactivate"),
    path("desk/enterprises/<int:enterprise_id>/keep", enterprises.keep, name="desk-enterprise-keep"),
    path("desk/enterprises/<int:enterprise_id>/visits", enterprises.ask_visit, name="desk-visit-ask"),
    path("desk/enterprises/<int:enterprise_id>/visits/<uuid:visit>/enter", enterprises.enter_visit, name="desk-visit-enter"),
    path("desk/enterprises/<int:enterprise_id>/visits/<uuid:visit>/end", enterprises.end_visit, name="desk-visit-end"),
    path("desk/verifications", verifications.listing, name="desk-verifications"),
    path("desk/verifications/<uuid:verification>", verifications.detail, name="desk-verification"),
    path("desk/verifications/<uuid:verification>/pass", verifications.passes, name="desk-verification-pass"),
    path("desk/verifications/<uuid:verification>/refuse", verifications.refuse, name="desk-verification-refuse"),
    path("desk/verifications/<uuid:verification>/papers/<uuid:upload>", verifications.paper, name="desk-verification-paper"),
]
