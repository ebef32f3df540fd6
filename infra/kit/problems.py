"""Refusals in the form of RFC 9457, for the addresses that other systems ask."""

from http import HTTPStatus
from typing import Any

from django.http import HttpResponse, JsonResponse

from infra.kit.errors import DomainError

OPEN = "/api/v1/"
"""Every refusal below this path has this form, wherever in the house it was raised."""
CONTENT_TYPE = "application/problem+json"
TYPES = "urn:anxue:problem:"
"""`type` is this and the code: stable, and nobody has to fetch it."""
_PHRASES = {status.value: status.phrase for status in HTTPStatus}


def problem(error: DomainError) -> HttpResponse:
    """Return the answer to a refusal; a time to wait is said in ``Retry-After`` too."""
    response = JsonResponse(body_of(error), status=error.status, content_type=CONTENT_TYPE)
    response["Cache-Control"] = "no-store"
    if "retry_after_s" in error.details:
        response["Retry-After"] = str(error.details["retry_after_s"])
    if error.status == HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = f'Bearer realm="anxue", error="{error.code}"'
    return response


def body_of(error: DomainError) -> dict[str, Any]:
    """Return the JSON of a refusal; the details of the error stand beside the fields of the form."""
    title = _PHRASES.get(error.status, "")
    said = {"type": f"{TYPES}{error.code}", "title": title, "status": error.status, "detail": str(error.message)}
    return {**error.details, **said, "code": error.code}
