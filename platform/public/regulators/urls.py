"""URLs of the authority's pages on the platform host."""

from django.urls import path

from public.regulators import views

urlpatterns = [
    path("regulator/", views.overview, name="regulator"),
    path("regulator/key", views.make_key, name="regulator-key"),
]
