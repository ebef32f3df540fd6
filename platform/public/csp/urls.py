"""URLs on the platform host."""

from django.urls import path

from public.csp import views

urlpatterns = [path("desk/csp", views.listing, name="desk-csp")]
