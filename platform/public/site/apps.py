"""App configuration."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """Public pages: landing, sign-up, certificate verification, supervision."""

    name = "public.site"
    label = "site"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Put the queues on the desk, and say what operators are told in words."""
        from public.operators.api import NoticeKind, add_queues, register
        from public.site.papers import telling
        from public.site.queues import site_queues

        add_queues(site_queues)
        register(telling.KIND, NoticeKind(telling.words, telling.is_due))
