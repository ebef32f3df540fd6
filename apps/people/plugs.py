"""What lower rooms ask of people."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest

from apps.people import access, services, tokens
from apps.people.models import Learner, Manager
from apps.people.notify.port import notify
from public.complaints import api as complaints
from public.helpdesk import api as helpdesk


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


class PeopleOfHelp:
    """Fills `public.helpdesk` with who asks here, and tells them what was answered."""

    def person(self, request: HttpRequest) -> helpdesk.Person | None:
        """Return the manager or learner who makes the request, None for strangers."""
        who = access.profile(request)
        if who.manager is not None:
            first = ("TRAINER", "MANAGER") if who.manager.role == Manager.Role.TRAINER else ("MANAGER", "TRAINER")
            return helpdesk.Person("MANAGER", f"manager:{who.manager.id}", who.manager.name, (*first, "LEARNER", "PUBLIC"))
        if who.learner is not None:
            return helpdesk.Person("LEARNER", f"learner:{who.learner.uuid}", who.learner.name, ("LEARNER", "PUBLIC"))
        return None

    def tell(self, *, asker: str, ticket: UUID, number: str, what: str, turn: int, at: datetime) -> None:
        """Tell an asker that there is an answer; nobody who has left."""
        kind, _colon, key = asker.partition(":")
        told: dict[str, Any] = {
            "kind": "help.asked" if what == "ASKED" else "help.answered",
            "at": at,
            "about": f"ticket:{ticket}/{turn}",
        }
        context: dict[str, str | int] = {"number": number, "ticket": str(ticket)}
        if kind == "manager" and Manager.objects.filter(pk=int(key), left_at=None).exists():
            notify(manager_id=int(key), context=context, **told)
        elif kind == "learner":
            row = Learner.objects.filter(uuid=UUID(key)).first()
            if row is not None and row.is_active:
                notify(learner_id=row.pk, context=context, **told)
