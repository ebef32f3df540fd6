"""Pages of exams on an enterprise's host."""

from django.urls import include, path

from apps.exams import views

urlpatterns = [
    path("", include("apps.exams.papers.urls")),
    path("", include("apps.exams.bank.urls")),
    path("learn/<uuid:assignment>/exam", views.exam, name="learn-exam"),
    path("learn/exams/<uuid:attempt>", views.result, name="learn-exam-result"),
]
