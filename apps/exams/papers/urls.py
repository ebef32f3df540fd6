"""Addresses of papers."""

from django.urls import path

from apps.exams.papers import views

urlpatterns = [
    path("console/exams/papers", views.listing, name="console-papers"),
    path("console/exams/papers/new", views.editor, name="console-paper-new"),
    path("console/exams/papers/<uuid:uuid>", views.paper, name="console-paper"),
    path("console/exams/papers/<uuid:uuid>/edit", views.editor, name="console-paper-edit"),
    path("console/exams/papers/<uuid:uuid>/preview", views.preview, name="console-paper-preview"),
    path("console/exams/papers/<uuid:uuid>/paper.pdf", views.file, name="console-paper-file"),
    path("console/exams/papers/<uuid:uuid>/copy", views.copy, name="console-paper-copy"),
    path("console/exams/papers/<uuid:uuid>/retire", views.retire, name="console-paper-retire"),
]
