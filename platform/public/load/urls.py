"""URLs on the platform host."""

from django.urls import path

from public.load import views

urlpatterns = [
    path("desk/load", views.board, name="desk-load"),
    path("desk/load/log", views.log, name="desk-load-log"),
    path("desk/load/warnings/<uuid:episode>", views.warning, name="desk-load-warning"),
    path("desk/load/design/<str:meter>", views.choose, name="desk-load-design"),
]
