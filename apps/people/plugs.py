"""What lower rooms ask of people."""

from datetime import datetime

from django.http import HttpRequest

from apps.people import access, services, tokens
from public.complaints import api as complaints


class OwnerOfNewEnterprise:
    """Fills `tenants.ports.FIRST_MANAGER`."""

    def open_owner(self, *, name: str, mobile: str, password: str | None, at: datetime) -> str:
        """Make the owner in the current enterprise and return the one-time token for ``/enter``."""
        return tokens.entry_token(services.open_owner(name=name, mobile=mobile, password=password, at=at))


class PeopleOfComplaints:
    """Fills `public.complaints` with who is signed in here."""

    def person(self, request: HttpRequest) -> complaints.Person | None:
        """Return the manager or learner who makes the request, None for strangers."""
        who = access.profile(request)
        learner = who.learner.uuid if who.learner else None
        if who.manager is not None:
            return complaints.Person("MANAGER", who.manager.name, learner)
        if who.learner is not None:
            return complaints.Person("LEARNER", who.learner.name, learner)
        return None
