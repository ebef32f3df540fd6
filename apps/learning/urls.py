"""Pages of learning on an enterprise's host."""

from django.urls import path

from apps.learning import views

urlpatterns = [
    path("learn/<uuid:assignment>", views.course, name="learn-course"),
    path("learn/<uuid:assignment>/<int:courseware>", views.player, name="learn-player"),
]
