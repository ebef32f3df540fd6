"""URLs on the platform host."""

from django.urls import path

from public.appeals import views

urlpatterns = [
    path("desk/appeals", views.listing, name="desk-appeals"),
    path("desk/appeals/<uuid:case>", views.case, name="desk-appeal"),
    path("desk/appeals/<uuid:case>/decide", views.decide, name="desk-appeal-decide"),
]
