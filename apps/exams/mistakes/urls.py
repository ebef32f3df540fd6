"""Pages of the book of wrong answers on an enterprise's host."""

from django.urls import path

from apps.exams.mistakes import views
from apps.exams.mistakes.weak import views as weak

urlpatterns = [
    path("learn/mistakes", views.book, name="learn-mistakes"),
    path("learn/mistakes/practice", views.start, name="learn-practice-start"),
    path("learn/mistakes/practice/<uuid:practice>", views.practice, name="learn-practice"),
    path("learn/mistakes/practice/<uuid:practice>/<int:no>", views.answer, name="learn-practice-answer"),
    path("learn/mistakes/practice/<uuid:practice>/<int:no>/assess", views.assess, name="learn-practice-assess"),
    path("learn/mistakes/practice/<uuid:practice>/<int:no>/media/<int:index>", views.media, name="learn-practice-media"),
    path("learn/mistakes/practice/<uuid:practice>/stop", views.stop, name="learn-practice-stop"),
    path("learn/mistakes/<uuid:mistake>/back", views.put_back, name="learn-mistake-back"),
    path("console/weak-points", weak.listing, name="console-weak-points"),
    path("console/weak-points/point", weak.point, name="console-weak-point"),
]
