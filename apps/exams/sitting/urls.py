"""Pages of sitting on an enterprise's host."""

from django.urls import path

from apps.exams.sitting import console, views

urlpatterns = [
    path("learn/<uuid:assignment>/exam", views.exam, name="learn-exam"),
    path("learn/exams/<uuid:attempt>", views.result, name="learn-exam-result"),
    path("learn/exams/<uuid:attempt>/media/<int:no>/<int:index>", views.media, name="learn-exam-media"),
    path("console/plans/<uuid:plan>/attempts", console.attempts, name="console-attempts"),
    path("console/attempts/<uuid:attempt>", console.attempt, name="console-attempt"),
]
