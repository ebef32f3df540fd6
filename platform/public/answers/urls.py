"""URLs on the platform host."""

from django.urls import path

from public.answers import views

urlpatterns = [
    path("desk/answers", views.listing, name="desk-answers"),
    path("desk/answers/<uuid:proposal>", views.item, name="desk-answer"),
    path("desk/answers/<uuid:proposal>/decide", views.decide, name="desk-answer-decide"),
    path("desk/answers/<uuid:proposal>/take-down", views.take_down, name="desk-answer-take-down"),
]
