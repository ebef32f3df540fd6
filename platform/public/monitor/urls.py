"""URLs on the platform host."""

from django.urls import path

from public.monitor import views

urlpatterns = [
    path("desk/monitor", views.live, name="desk-monitor"),
    path("desk/monitor/<uuid:session>", views.session, name="desk-monitor-session"),
]
