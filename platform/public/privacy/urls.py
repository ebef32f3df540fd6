"""URLs on the platform host."""

from django.urls import path

from public.privacy import views

urlpatterns = [
    path("desk/privacy", views.listing, name="desk-privacy"),
    path("desk/privacy/publish", views.publish, name="desk-privacy-publish"),
]
