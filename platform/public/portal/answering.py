"""What an enterprise does with its notices: looks, adds files, answers. Every service is called while standing on the platform and names the enterprise."""

from uuid import UUID

from django.db import IntegrityError, transaction
from django.http import FileResponse, HttpRequest
from django.utils.translation import gettext_lazy as _

from infra.kit import identity
from infra.kit.errors import DomainError
from public.portal import diary
from public.portal.diary import Kind
from public.portal.locking import State, held_in, words
from public.portal.models import Attachment
from public.portal.shapes import WAITING, Answerer
from public.uploads import api as uploads
from tenants.api import require

PURPOSE, KINDS = "evidence", ("image", "document")
MOST, DAY_BYTES = 20, 1 << 30
"""Files of one notice, and bytes that one manager may send in 24 hours."""


def uploader(request: HttpRequest) -> uploads.Uploader | None:
    """Return who owns the uploads of the manager who makes a request on the enterprise's site; whether the manager may is asked before."""
    place = require()
    if request.user.pk is None or place.is_platform:
        return None
    return uploads.Uploader(request.user.pk, place.schema, (PURPOSE,), DAY_BYTES)


@transaction.atomic
def see(*, rectification: UUID, by: Answerer) -> None:
    """Note that the enterprise has seen it, once a round; the authority reads when.

    :raises DomainError: 404
    """
    row = held_in(by.schema, rectification)
    if row.state in WAITING and row.steps.filter(kind=Kind.SEEN).count() < row.round:
        diary.by_enterprise(row, Kind.SEEN, by)


@transaction.atomic
def attach(*, rectification: UUID, upload: UUID, owner_id: int, by: Answerer) -> None:
    """Add a checked upload of this manager; told twice, once.

    :raises DomainError: 404; 409 ``wrong_state``, ``too_many_files``, ``not_ready``, ``taken``; 422 ``wrong_kind``
    """
    row = held_in(by.schema, rectification, *WAITING)
    found = uploads.own_upload(upload, owner_id=owner_id, provider_schema=by.schema)
    uploads.require_ready(upload, kinds=KINDS)
    if row.attachments.filter(upload=upload).exists():
        return
    if row.attachments.count() >= MOST:
        raise DomainError("too_many_files", _("一份整改通知最多上传 %(n)d 个附件。") % {"n": MOST}, status=409)
    name = identity.without_numbers(found.file_name)
    values = {"upload": found.uuid, "file_name": name, "size": found.size, "kind": found.kind}
    try:
        with transaction.atomic():
            Attachment.objects.create(rectification=row, **values, by=by.reference, at=by.at)
    except IntegrityError as error:
        raise DomainError("taken", _("这个文件已用在别处，请重新上传。"), status=409) from error
    diary.by_enterprise(row, Kind.ATTACHED, by, text=name)


@transaction.atomic
def answer(*, rectification: UUID, text: str, by: Answerer) -> None:
    """Say what was mended; the authority looks at it, and the clock stands still until then.

    :raises DomainError: 404; 409 ``wrong_state``; 422 ``words_missing``, ``personal``
    """
    row = held_in(by.schema, rectification, *WAITING)
    said = words(text, field="text", message=_("请写明整改了什么、怎样防止再发生。"), least=6)
    row.state, row.answered_at = State.ANSWERED, by.at
    row.save(update_fields=["state", "answered_at"])
    diary.by_enterprise(row, Kind.ANSWERED, by, text=said, rows=row.attachments.count())


def download(rectification_pk: int, upload: UUID) -> FileResponse:
    """Return one attachment as a download, never to be run inside our pages. Who may see the notice is asked before; runs on the platform.

    :raises DomainError: 404
    """
    row = Attachment.objects.filter(rectification_id=rectification_pk, upload=upload).first()
    if row is None:
        raise DomainError("not_found", _("没有找到这个附件。"), status=404)
    found = uploads.upload(row.upload)
    response = FileResponse(uploads.open_upload(row.upload), as_attachment=True, filename=row.file_name)
    response["Content-Type"] = found.content_type or "application/octet-stream"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
