"""URLs of the search on the platform host."""

from django.urls import path

from public.search import views

urlpatterns = [
    path("desk/quality", views.listing, name="desk-quality"),
    path("desk/quality/<int:course_id>/handle", views.handle, name="desk-quality-handle"),
]
