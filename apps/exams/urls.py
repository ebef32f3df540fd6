"""Pages of exams on an enterprise's host."""

from django.urls import path

from apps.exams import views
from apps.exams.mistakes import urls as mistakes

urlpatterns = [
    *mistakes.urlpatterns,
    path("learn/<uuid:assignment>/exam", views.exam, name="learn-exam"),
    path("learn/exams/<uuid:attempt>", views.result, name="learn-exam-result"),
]
