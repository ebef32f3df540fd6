"""Attachments at the desk: what complainants sent, and what operators add, e.g. a letter that came by post."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from infra.kit.errors import DomainError
from infra.kit.marking import PERSONS
from public.complaints import attaching, locking, queries
from public.complaints.models import Complaint
from public.complaints.views.desk import desk_of
from public.operators import api as operators

_ROLE = operators.Role.OPERATIONS


@require_GET
@operators.desk_page(_ROLE, label=PERSONS)
def download(request: HttpRequest, me: operators.Me, complaint: UUID, upload: UUID) -> HttpResponseBase:
    """Give an attachment as a download, or a picture to look at."""
    row = Complaint.objects.filter(uuid=complaint).first()
    if row is None:
        raise locking.not_found()
    return attaching.download(row.pk, upload, shown="show" in request.GET)


@require_POST
@operators.desk_page(_ROLE, label=PERSONS)
def attach(request: HttpRequest, me: operators.Me, complaint: UUID) -> HttpResponse:
    """Answer the upload widget: the operator's finished file belongs to the complaint; the list of files comes back."""
    try:
        upload = UUID(request.POST.get("upload", ""))
    except ValueError as error:
        raise DomainError("unknown_upload", _("没有收到文件，请重新上传。")) from error
    attaching.attach_by_desk(complaint=complaint, upload=upload, desk=desk_of(request, me))
    row = Complaint.objects.get(uuid=complaint)
    return render(request, "complaints/_desk_files.html", {"row": row, "files": queries.files(row), "oob": True})
