"""Pages of the open interface on an enterprise's host, and its document."""

from django.urls import URLPattern, path

from apps.openapi.problems import nowhere
from apps.openapi.views import deliveries, hooks, keys, reference
from apps.people import api as people

_HERE = "console/interfaces"
_HOOK = f"{_HERE}/hooks/<uuid:hook>"

urlpatterns: list[URLPattern] = [
    path("api/v1/", people.declares(people.Permission.PUBLIC)(nowhere), name="open-api-root"),
    path("api/v1/openapi.json", reference.openapi_json, name="open-api-document"),
    path(_HERE, keys.listing, name="console-interfaces"),
    path(f"{_HERE}/keys/new", keys.make, name="console-interfaces-key-new"),
    path(f"{_HERE}/keys/<uuid:key>", keys.one, name="console-interfaces-key"),
    path(f"{_HERE}/keys/<uuid:key>/revoke", keys.revoke, name="console-interfaces-key-revoke"),
    path(f"{_HERE}/hooks", hooks.listing, name="console-interfaces-hooks"),
    path(f"{_HERE}/hooks/new", hooks.add, name="console-interfaces-hook-new"),
    path(_HOOK, hooks.one, name="console-interfaces-hook"),
    path(f"{_HOOK}/switch", hooks.switch, name="console-interfaces-hook-switch"),
    path(f"{_HOOK}/secret", hooks.renew_secret, name="console-interfaces-hook-secret"),
    path(f"{_HOOK}/trial", hooks.trial, name="console-interfaces-hook-trial"),
    path(f"{_HERE}/deliveries", deliveries.listing, name="console-interfaces-deliveries"),
    path(f"{_HERE}/deliveries/resend", deliveries.resend, name="console-interfaces-resend"),
    path(f"{_HERE}/deliveries/<uuid:delivery>", deliveries.one, name="console-interfaces-delivery"),
    path(f"{_HERE}/examples/<str:name>", reference.example, name="console-interfaces-example"),
    path(f"{_HERE}/reference", reference.page, name="console-interfaces-reference"),
]
