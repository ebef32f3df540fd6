"""URLs of the authority's pages on the platform host."""

from django.urls import path

from public.regulators import certificate_rules, views

urlpatterns = [
    path("regulator/", views.overview, name="regulator"),
    path("desk/certificate-rules", certificate_rules.rules, name="desk-certificate-rules"),
    path("regulator/key", views.make_key, name="regulator-key"),
]
