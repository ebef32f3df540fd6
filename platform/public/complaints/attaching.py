"""Attachments: files that came through `public.uploads`, by the complainant or by the desk."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponseBase

from public.complaints import diary
from public.complaints.diary import FILER, Kind
from public.complaints.locking import held
from public.complaints.models import Attachment
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
            raise uploads.too_many(MOST)
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
    sender = uploads.Sender(-row.pk, provider_schema, FILER, at)
    added = uploads.attach(row.attachments, upload, sender=sender, purpose=PURPOSE, kinds=KINDS, most=MOST)
    if added:
        diary.by_filer(row, Kind.ATTACHED, at=at, text=added.file_name)


@transaction.atomic
def attach_by_desk(*, complaint: UUID, upload: UUID, desk: diary.Desk) -> None:
    """Add an operator's own upload, e.g. a letter that came by post.

    :raises DomainError: 403; 404; 409; 422 as in :func:`attach`
    """
    diary.require_desk(desk)
    row = held(complaint)
    sender = uploads.Sender(desk.me.credential_id, "", desk.actor, desk.at)
    added = uploads.attach(row.attachments, upload, sender=sender, purpose=PURPOSE, kinds=KINDS)
    if added:
        diary.by_desk(row, Kind.ATTACHED, desk, text=added.file_name)


def download(complaint_pk: int, upload: UUID, *, by: str = "", shown: bool = False) -> HttpResponseBase:
    """Return one attachment as a download, or ``shown`` where it is a picture. Runs on the platform.

    :param by: only what this one added, e.g. ``filer``
    :raises DomainError: 404
    """
    rows = Attachment.objects.filter(complaint_id=complaint_pk, upload=upload)
    return uploads.given((rows.filter(by=by) if by else rows).first(), shown=shown)
