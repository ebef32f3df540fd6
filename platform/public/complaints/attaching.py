"""Attachments: files that came through `public.uploads`, by the complainant or by the desk."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.http import FileResponse, HttpRequest
from django.utils.translation import gettext as _

from infra.kit.errors import DomainError
from public.complaints import diary
from public.complaints.diary import FILER, Kind
from public.complaints.locking import held
from public.complaints.models import Attachment, Complaint
from public.uploads import api as uploads
from tenants.api import platform_scope, require

PURPOSE, KINDS = "complaint", ("image", "document", "audio", "video")
MOST, DAY_BYTES = 10, 600 << 20
"""Files that one complainant may add to one complaint, and bytes that may come in 24 hours."""
SESSION = "complaint"
"""Session key: ``{"pk", "uuid"}`` of the complaint whose number and code this browser has shown, or which it has just filed."""


def filer_uploader(request: HttpRequest) -> uploads.Uploader | None:
    """Let a browser upload for the complaint that it may open. The owner's id is below zero: no credential has such a one.

    :raises DomainError: 409 ``too_many_files``
    """
    known = request.session.get(SESSION)
    if not known:
        return None
    with platform_scope():
        if Attachment.objects.filter(complaint_id=known["pk"], by=FILER).count() >= MOST:
            raise DomainError("too_many_files", _("一件投诉最多上传 %(n)d 个附件。") % {"n": MOST}, status=409)
    return owner(known["pk"])


def owner(pk: int) -> uploads.Uploader:
    """Return who owns the uploads of one complaint's complainant in the place one stands in."""
    place = require()
    return uploads.Uploader(-pk, "" if place.is_platform else place.schema, (PURPOSE,), DAY_BYTES)


@transaction.atomic
def attach(*, complaint: UUID, upload: UUID, provider_schema: str, at: datetime) -> None:
    """Add a checked upload of the complainant; told twice, once. Also after the decision: whoever asks for another look has more to show.

    :raises DomainError: 404; 409 ``too_many_files``, ``not_ready``; 422 ``wrong_kind``
    """
    row = held(complaint)
    found = uploads.own_upload(upload, owner_id=-row.pk, provider_schema=provider_schema)
    uploads.require_ready(upload, kinds=KINDS)
    if row.attachments.filter(upload=upload).exists():
        return
    if row.attachments.filter(by=FILER).count() >= MOST:
        raise DomainError("too_many_files", _("一件投诉最多上传 %(n)d 个附件。") % {"n": MOST}, status=409)
    _add(row, found, FILER, at)
    diary.by_filer(row, Kind.ATTACHED, at=at, text=found.file_name)


@transaction.atomic
def attach_by_desk(*, complaint: UUID, upload: UUID, desk: diary.Desk) -> None:
    """Add an operator's own upload, e.g. a letter that came by post.

    :raises DomainError: 403; 404; 409; 422 as in :func:`attach`
    """
    diary.require_desk(desk)
    row = held(complaint)
    found = uploads.own_upload(upload, owner_id=desk.me.credential_id, provider_schema="")
    uploads.require_ready(upload, kinds=KINDS)
    if not row.attachments.filter(upload=upload).exists():
        _add(row, found, desk.actor, desk.at)
        diary.by_desk(row, Kind.ATTACHED, desk, text=found.file_name)


def _add(row: Complaint, found: uploads.UploadView, by: str, at: datetime) -> None:
    values = {"upload": found.uuid, "file_name": found.file_name, "size": found.size, "kind": found.kind, "by": by, "at": at}
    try:
        with transaction.atomic():
            Attachment.objects.create(complaint=row, **values)
    except IntegrityError as error:
        raise DomainError("taken", _("这个文件已用在别的投诉里，请重新上传。"), status=409) from error


def download(complaint_pk: int, upload: UUID, *, by: str = "") -> FileResponse:
    """Return one attachment as a download, never to be run inside our pages. Runs on the platform.

    :param by: only what this one added, e.g. ``filer``
    :raises DomainError: 404
    """
    rows = Attachment.objects.filter(complaint_id=complaint_pk, upload=upload)
    row = (rows.filter(by=by) if by else rows).first()
    if row is None:
        raise DomainError("not_found", _("没有找到这个附件。"), status=404)
    found = uploads.upload(row.upload)
    response = FileResponse(uploads.open_upload(row.upload), as_attachment=True, filename=row.file_name)
    response["Content-Type"] = found.content_type or "application/octet-stream"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
