"""App configuration."""

from django.apps import AppConfig


class PlansConfig(AppConfig):
    """Training plans from the law's templates, course selection, assignments."""

    name = "apps.plans"
    label = "plans"
    default_auto_field = "django.db.models.BigAutoField"
