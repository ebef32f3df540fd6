"""What the pages of this room share: who acts, refusals on their fields, files."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header

from apps.people import api as people
from infra.kit import clock, sheets
from infra.kit.errors import DomainError
from public.audit import api as audit
from tenants.addresses import client_ip


def manager_id(request: HttpRequest) -> int:
    """Return the manager whom a guard has let in."""
    manager = people.profile(request).manager
    assert manager is not None  # noqa: S101 - the guards let nobody else in
    return manager.id


def acting(request: HttpRequest) -> dict[str, Any]:
    """Return who changes something, and when."""
    return {"by": manager_id(request), "at": clock.now()}


def on_field(form: forms.Form, refusal: DomainError) -> None:
    """Show a refusal on the field that it names, else above the form."""
    field = refusal.details.get("field")
    form.add_error(field if field in form.fields else None, str(refusal.message))


def log(request: HttpRequest, action: str, target: str, **facts: Any) -> None:
    """Write down what a manager took out."""
    who = f"manager:{manager_id(request)}"
    audit.record(action, actor=who, target=target, at=clock.now(), ip=client_ip(request), **facts)


def download(content: bytes, name: str) -> HttpResponse:
    """Answer with a workbook to be saved as ``name.xlsx``; never kept by caches."""
    response = HttpResponse(content, content_type=sheets.XLSX)
    response["Content-Disposition"] = content_disposition_header(True, f"{name}.xlsx") or "attachment"
    response["Cache-Control"] = "no-store"
    return response
