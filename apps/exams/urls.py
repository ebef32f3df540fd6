"""Pages of exams on an enterprise's host."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("apps.exams.marking.urls")),
    path("", include("apps.exams.bank.urls")),
    path("", include("apps.exams.mistakes.urls")),
    path("", include("apps.exams.papers.urls")),
    path("", include("apps.exams.sitting.urls")),
    path("", include("apps.exams.statistics.urls")),
]
