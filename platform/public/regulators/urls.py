"""URLs of the authority's pages on the platform host."""

from django.urls import path

from public.regulators import certificate_rules, views
from public.regulators.exchange import editing, published
from public.regulators.exchange import views as exchange

urlpatterns = [
    path("regulator/", views.overview, name="regulator"),
    path("desk/certificate-rules", certificate_rules.rules, name="desk-certificate-rules"),
    path("regulator/exchange", published.coverage, name="regulator-exchange"),
    path("desk/exchange", exchange.listing, name="desk-exchange"),
    path("desk/exchange/new", exchange.new, name="desk-exchange-new"),
    path("desk/exchange/<uuid:partner>", exchange.partner, name="desk-exchange-partner"),
    path("desk/exchange/<uuid:partner>/state", exchange.state, name="desk-exchange-state"),
    path("desk/exchange/<uuid:partner>/edit", editing.edit, name="desk-exchange-edit"),
    path("desk/exchange/<uuid:partner>/keys", editing.keys, name="desk-exchange-keys"),
    path("desk/exchange/<uuid:partner>/own-keys", editing.own_keys, name="desk-exchange-own-keys"),
    path("desk/exchange/<uuid:partner>/dead", exchange.dead, name="desk-exchange-dead"),
    path("desk/exchange/<uuid:partner>/resend", exchange.resend, name="desk-exchange-resend"),
    path("desk/exchange/<uuid:partner>/days/<str:day>.json", exchange.day_file, name="desk-exchange-day"),
    path("exchange/v1/", published.contract_index, name="exchange-contract"),
    path("exchange/v1/<path:name>", published.contract_file, name="exchange-contract-file"),
    path("regulator/key", views.make_key, name="regulator-key"),
]
