"""Who asks for a class, and which classes they see."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header

from apps.people import api as people
from apps.plans.classes import queries
from apps.plans.classes.models import ClassFile, OfflineClass
from infra.kit import clock

TRAINER = "TRAINER"


def manager(request: HttpRequest) -> people.ManagerView:
    """Return the manager who asks; the guard has let nobody else in."""
    found = people.profile(request).manager
    assert found is not None  # noqa: S101 - `manager_page` lets nobody else in
    return found


def scope(request: HttpRequest) -> queries.Scope:
    """Return which classes the manager sees: a trainer the own ones, a supervisor those with people of the own units."""
    who = manager(request)
    return queries.Scope(taught_by=who.id) if who.role == TRAINER else queries.Scope(within=who.within)


def seen(request: HttpRequest, uuid: UUID) -> OfflineClass:
    """Return a class that the manager sees.

    :raises DomainError: 404 ``not_found``
    """
    return queries.klass(uuid, scope(request))


def by(request: HttpRequest) -> dict[str, Any]:
    """Return who changes something, and when."""
    return {"by": manager(request).id, "at": clock.now()}


def given(row: ClassFile, content: bytes) -> HttpResponse:
    """Answer with a file as what it was found to be when it came; pictures and PDF are shown, anything else is saved."""
    response = HttpResponse(content, content_type=row.content_type)
    is_shown = row.content_type.startswith("image/") or row.content_type == "application/pdf"
    response["Content-Disposition"] = content_disposition_header(not is_shown, row.file_name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def download(content: bytes, name: str, kind: str) -> HttpResponse:
    """Answer with a file to be saved; PDF is shown."""
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = content_disposition_header(kind != "application/pdf", name) or "attachment"
    response["Cache-Control"] = "private, no-store"
    return response
