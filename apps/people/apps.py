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
        from apps.people.authority import telling as telling_of_authorities
        from apps.people.authority.telling import ManagersOfPortal
        from apps.people.company import ending
        from apps.people.company import telling as telling_of_company
        from apps.people.filed import PersonsOfFiles
        from apps.people.identity.keepers import Faces, Proofs, pictures
        from apps.people.joining import telling
        from apps.people.notify import own
        from apps.people.plugs import OwnerOfNewEnterprise, PeopleOfComplaints, PeopleOfHelp
        from apps.people.privacy import own as held
        from apps.people.privacy import telling as telling_of_privacy
        from apps.people.privacy.erasing import add_files, add_hold
        from apps.people.privacy.recorded import withdraw
        from apps.people.retention.erasing import held_until
        from apps.records.api import KEEPERS, PERSONS
        from public.complaints.api import PEOPLE as COMPLAINANTS
        from public.helpdesk.api import PEOPLE as ASKERS
        from public.portal.api import MANAGERS as TOLD_BY_AUTHORITIES
        from tenants.accounts.backends import PROFILES
        from tenants.ports import FIRST_MANAGER

        PROFILES.extend(("manager", "learner__unit"))
        telling.register_kinds()
        FIRST_MANAGER.plug(OwnerOfNewEnterprise())
        PERSONS.plug(PersonsOfFiles())
        COMPLAINANTS.plug(PeopleOfComplaints())
        ASKERS.plug(PeopleOfHelp())
        TOLD_BY_AUTHORITIES.plug(ManagersOfPortal())
        telling_of_authorities.register()
        own.register()
        telling_of_privacy.register()
        telling_of_company.register()
        ending.register()
        held.register()
        add_hold(held_until)
        add_files(withdraw)
        KEEPERS.plug(Faces(), pictures=pictures)
        KEEPERS.plug(Proofs())
        takeaway.plug()
