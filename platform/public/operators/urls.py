"""URLs of the desk on the platform host."""

from django.urls import path

from public.operators import enterprise_views, key_views, views

urlpatterns = [
    path("desk/", views.home, name="desk"),
    path("desk/sign-in", views.sign_in, name="desk-sign-in"),
    path("desk/code", views.code, name="desk-code"),
    path("desk/sign-out", views.sign_out, name="desk-sign-out"),
    path("desk/enterprises", enterprise_views.listing, name="desk-enterprises"),
    path("desk/enterprises/<int:enterprise_id>", enterprise_views.detail, name="desk-enterprise"),
    path("desk/enterprises/<int:enterprise_id>/verify", enterprise_views.verify, name="desk-enterprise-verify"),
    path("desk/enterprises/<int:enterprise_id>/status", enterprise_views.status, name="desk-enterprise-status"),
    path("desk/keys", key_views.listing, name="desk-keys"),
    path("desk/keys/rotate", key_views.rotate, name="desk-keys-rotate"),
    path("desk/keys/rotate-all", key_views.rotate_all, name="desk-keys-rotate-all"),
]
