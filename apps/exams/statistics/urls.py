"""Pages of the statistics on an enterprise's host."""

from django.urls import path

from apps.exams.statistics import views

urlpatterns = [
    path("console/exams/statistics", views.overview, name="console-exam-statistics"),
    path("console/exams/statistics/plans/<uuid:plan>", views.plan, name="console-exam-statistics-plan"),
    path("console/exams/statistics/plans/<uuid:plan>/count", views.recount, name="console-exam-statistics-count"),
    path("console/exams/statistics/questions", views.questions, name="console-exam-questions"),
    path(
        "console/exams/statistics/questions/<str:bank>/<str:question>/<int:version>/<int:part>",
        views.question,
        name="console-exam-question",
    ),
    path("console/exams/statistics/pairs", views.listing, name="console-exam-pairs"),
    path("console/exams/statistics/pairs/<int:number>", views.pair, name="console-exam-pair"),
]
