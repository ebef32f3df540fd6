"""URLs of enterprises on the desk."""

from django.urls import path

from public.lifecycle.views import closed, enterprises, verifications

urlpatterns = [
    path("desk/enterprises", enterprises.listing, name="desk-enterprises"),
    path("desk/enterprises/<int:enterprise_id>", enterprises.detail, name="desk-enterprise"),
    path("desk/enterprises/<int:enterprise_id>/suspend", enterprises.suspend, name="desk-enterprise-suspend"),
    path("desk/enterprises/<int:enterprise_id>/reactivate", enterprises.reactivate, name="desk-enterprise-reactivate"),
    path("desk/enterprises/<int:enterprise_id>/keep", enterprises.keep, name="desk-enterprise-keep"),
    path("desk/enterprises/<int:enterprise_id>/visits", enterprises.ask_visit, name="desk-visit-ask"),
    path("desk/enterprises/<int:enterprise_id>/visits/<uuid:visit>/enter", enterprises.enter_visit, name="desk-visit-enter"),
    path("desk/enterprises/<int:enterprise_id>/visits/<uuid:visit>/end", enterprises.end_visit, name="desk-visit-end"),
    path("desk/enterprises/<int:enterprise_id>/reopen", closed.reopen, name="desk-enterprise-reopen"),
    path("desk/enterprises/<int:enterprise_id>/destroy", closed.destroy, name="desk-enterprise-destroy"),
    path("desk/enterprises/<int:enterprise_id>/holds", closed.hold, name="desk-enterprise-hold"),
    path("desk/enterprises/<int:enterprise_id>/holds/<uuid:hold>/lift", closed.lift, name="desk-enterprise-lift"),
    path("desk/life-changes/<uuid:change>/decide", closed.decide, name="desk-life-change-decide"),
    path("desk/life-changes/<uuid:change>/withdraw", closed.withdraw, name="desk-life-change-withdraw"),
    path("desk/ends", closed.ends, name="desk-ends"),
    path("desk/destructions/<uuid:destruction>", closed.destruction, name="desk-destruction"),
    path("desk/destructions/<uuid:destruction>/stop", closed.stop, name="desk-destruction-stop"),
    path("desk/destructions/<uuid:destruction>/certificate", closed.certificate, name="desk-destruction-certificate"),
    path("desk/verifications", verifications.listing, name="desk-verifications"),
    path("desk/verifications/<uuid:verification>", verifications.detail, name="desk-verification"),
    path("desk/verifications/<uuid:verification>/pass", verifications.passes, name="desk-verification-pass"),
    path("desk/verifications/<uuid:verification>/refuse", verifications.refuse, name="desk-verification-refuse"),
    path("desk/verifications/<uuid:verification>/papers/<uuid:upload>", verifications.paper, name="desk-verification-paper"),
]
