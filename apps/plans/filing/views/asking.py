"""Who asks for files, and how files are given."""

from collections.abc import Iterator
from typing import TypeVar
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from apps.people import api as people
from apps.records import api as records
from infra.kit import clock, sheets
from infra.kit.errors import DomainError
from public.audit import api as audit
from tenants.addresses import client_ip

F = TypeVar("F", bound=forms.Form)
PDF = "application/pdf"


def manager(request: HttpRequest) -> people.ManagerView:
    """Return the manager who asks; the guard has let nobody else in."""
    found = people.profile(request).manager
    assert found is not None  # noqa: S101 - `manager_page` lets nobody else in
    return found


def learner(request: HttpRequest) -> people.LearnerView:
    """Return the learner who asks."""
    found = people.profile(request).learner
    assert found is not None  # noqa: S101 - `learner_page` lets nobody else in
    return found


def ref(request: HttpRequest) -> str:
    """Return the reference of the manager who asks."""
    return f"manager:{manager(request).id}"


def own(request: HttpRequest) -> UUID | None:
    """Return the manager's own uuid as a learner: nobody corrects or signs the own record as another."""
    found = people.profile(request).learner
    return found.uuid if found else None


def acting(request: HttpRequest) -> records.Acting:
    """Return who corrects or decides."""
    return records.Acting(ref(request), manager(request).name, own(request))


def seen(request: HttpRequest, subject: UUID) -> people.LearnerView:
    """Return a learner whose file the manager sees.

    :raises DomainError: 404 ``not_found``
    """
    return people.learner_by_uuid(subject, within=people.within(request))


def refused(form: F, error: DomainError) -> F:
    """Put a refusal where it belongs."""
    field = error.details.get("field")
    form.add_error(field if field in form.fields else None, str(error.message))
    return form


def uuids(values: list[str]) -> list[UUID]:
    """Return the uuids among what a form sent.

    :raises DomainError: 422 ``nothing_chosen`` for nonsense
    """
    try:
        return [UUID(value) for value in values]
    except ValueError as error:
        raise DomainError("nothing_chosen", _("请重新勾选要处理的档案。"), status=422) from error


def given(data: bytes, name: str, kind: str, *, shown: bool = False) -> HttpResponse:
    """Answer with a file; never kept by caches."""
    response = HttpResponse(data, content_type=kind)
    _kept_by_nobody(response, name, shown=shown)
    return response


def given_in_pieces(pieces: Iterator[bytes], size: int, name: str, kind: str) -> StreamingHttpResponse:
    """Answer with a large file to be saved, without holding it as a whole.

    :param size: of the whole, in bytes
    """
    response = StreamingHttpResponse(pieces, content_type=kind)
    response["Content-Length"] = str(size)
    _kept_by_nobody(response, name, shown=False)
    return response


def _kept_by_nobody(response: HttpResponseBase, name: str, *, shown: bool) -> None:
    response["Content-Disposition"] = content_disposition_header(not shown, name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"


def printed(request: HttpRequest, document: records.FileDocument, ending: str) -> HttpResponse:
    """Answer with a file as PDF, to be read, or as workbook, to be saved."""
    if ending == "xlsx":
        return given(records.file_workbook(document), f"{document.stem}.xlsx", sheets.XLSX)
    return given(records.file_pdf(document), f"{document.stem}.pdf", PDF, shown="download" not in request.GET)


def note_taken(request: HttpRequest, what: str, uuid: UUID) -> None:
    """Write down that a manager took a file out of the house."""
    audit.record("archives.file_taken", actor=ref(request), target=f"{what}:{uuid}", at=clock.now(), ip=client_ip(request))
