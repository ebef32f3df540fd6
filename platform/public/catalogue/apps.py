"""App configuration."""

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    """Courses, immutable versions, courseware, media and the law's training hours."""

    name = "public.catalogue"
    label = "catalogue"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Put the catalogue's own gates up."""
        from public.catalogue.authoring import trainer_gaps
        from public.catalogue.gates import add_gate
        from public.catalogue.lifecycle import media_gaps

        add_gate(media_gaps)
        add_gate(trainer_gaps)
