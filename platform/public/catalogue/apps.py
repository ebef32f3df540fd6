"""App configuration."""

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    """Courses, immutable versions, courseware, media, shared questions and the law's training hours."""

    name = "public.catalogue"
    label = "catalogue"
    default_auto_field = "django.db.models.BigAutoField"
