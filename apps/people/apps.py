"""App configuration."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Learners, managers and units of one enterprise; sign-in and import."""

    name = "apps.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Plug in what lower rooms ask for; make the own kinds of notice known."""
        from apps.people import takeaway
        from apps.people.identity.keepers import Faces, Proofs, pictures
        from apps.people.joining import telling
        from apps.people.notify import own
        from apps.people.plugs import OwnerOfNewEnterprise
        from apps.records.api import KEEPERS
        from tenants.ports import FIRST_MANAGER

        telling.register_kinds()
        FIRST_MANAGER.plug(OwnerOfNewEnterprise())
        own.register()
        KEEPERS.plug(Faces(), pictures=pictures)
        KEEPERS.plug(Proofs())
        takeaway.plug()
