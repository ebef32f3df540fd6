"""App configuration."""

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    """Courses, immutable versions, courseware, media and the law's training hours."""

    name = "public.catalogue"
    label = "catalogue"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Put the catalogue's own gates up; say what of it goes with an enterprise, and what stays."""
        from public.catalogue.authoring import trainer_gaps
        from public.catalogue.forgetting import destroy_of, kept_uploads, listed_of, lose_keys_of
        from public.catalogue.gates import add_gate
        from public.catalogue.lifecycle import media_gaps
        from public.catalogue.quiz_checks import quiz_gaps, quiz_lines
        from public.catalogue.snapshot import add_content
        from public.lifecycle.api import Belonging, add_belonging, add_kept_files

        add_gate(media_gaps)
        add_gate(trainer_gaps)
        add_gate(quiz_gaps)
        add_content("quizzes", quiz_lines)
        add_belonging(Belonging("courses", listed_of, lose_keys_of, destroy_of))
        add_kept_files(kept_uploads)
