"""URLs on the platform host."""

from django.urls import path

from public.timing import views

urlpatterns = [
    path("desk/timing", views.board, name="desk-timing"),
    path("desk/timing/sampling", views.sampling, name="desk-timing-sampling"),
    path("desk/timing/sampling/<str:audience>", views.choose, name="desk-timing-rate"),
]
