"""Who asks, and how pages of banks answer."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _

from apps.people import api as people
from infra.kit import clock
from infra.kit.errors import DomainError

CHANGE = people.Permission.EXAMS_CHANGE
"""Banks show the answers, so only those see them who write them: no supervisor, who may be examined too."""


def by(request: HttpRequest) -> dict[str, Any]:
    """Return who changes something, and when."""
    found = people.profile(request).manager
    assert found is not None  # noqa: S101 - `manager_page` lets nobody else in
    return {"by": found.id, "at": clock.now()}


def download(content: bytes, name: str, kind: str) -> HttpResponse:
    """Answer with a file to be saved, kept by no cache."""
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["Cache-Control"] = "private, no-store"
    return response


def uuids(values: list[str]) -> list[UUID]:
    """Return what was ticked.

    :raises DomainError: 404 ``not_found`` for what is no uuid
    """
    try:
        return list(dict.fromkeys(UUID(value) for value in values))
    except ValueError as error:
        raise DomainError("not_found", _("没有找到这道题，请刷新列表后再试。"), status=404) from error


def told(request: HttpRequest, refusal: DomainError) -> None:
    """Let the page that follows say why something was refused; what is not there stays a refusal."""
    if refusal.status == 404:
        raise refusal
    messages.error(request, str(refusal.message))
