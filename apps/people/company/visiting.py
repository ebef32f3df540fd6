"""An operator of the platform in an enterprise's console: by leave of its owner, with an auditor's eyes, read-only (`public.lifecycle`)."""

from uuid import UUID

from django.contrib.auth import logout
from django.http import HttpRequest

from apps.people.models import Manager
from apps.people.shapes import ManagerView, Profile
from infra.kit import clock
from public.lifecycle import api as lifecycle
from tenants.addresses import client_ip
from tenants.api import current_site, platform_scope

VISIT = "visit"
"""Session key: the uuid of the visit. A session of a visit has no credential."""
NOBODY_ID = 0
"""No row of a manager has this id: what a visitor would write could never name somebody of the enterprise."""


def visitor(request: HttpRequest) -> Profile | None:
    """Return the visitor behind a session, as an auditor; None for everybody else, and from the moment on which the visit ends."""
    known = request.session.get(VISIT) if hasattr(request, "session") else None
    if not known:
        return None
    site = current_site()
    with platform_scope():
        visit = lifecycle.visitor(enterprise_id=site.id, visit=UUID(known), at=clock.now())
    if visit is None:
        return None
    role = Manager.Role.AUDITOR
    return Profile("manager", None, role, None, ManagerView(NOBODY_ID, visit.operator_name, role), visit)


def begin(request: HttpRequest, ticket: str) -> None:
    """Use a ticket up and begin a session that holds nothing but the visit and ends with it.

    :raises DomainError: 403 ``ticket_gone``
    """
    site, at = current_site(), clock.now()
    with platform_scope():
        visit = lifecycle.enter_visit(enterprise_id=site.id, ticket=ticket, at=at, ip=client_ip(request))
    logout(request)
    request.session[VISIT] = str(visit.uuid)
    assert visit.expires_at is not None  # noqa: S101 - granted
    request.session.set_expiry(max(1, int((visit.expires_at - at).total_seconds())))


def end(request: HttpRequest, visit: lifecycle.Visit) -> None:
    """End the visit from within, by the visitor."""
    site = current_site()
    by = lifecycle.By(f"operator:{visit.operator_id}", visit.operator_name, clock.now(), client_ip(request))
    with platform_scope():
        lifecycle.end_visit(enterprise_id=site.id, visit=visit.uuid, who=by)
    request.session.flush()
