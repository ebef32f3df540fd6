"""Files of a case: uploads of one side that then belong to a complaint or a notice, and that both sides may take."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db import IntegrityError, models, transaction
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.utils.translation import gettext_lazy as _

from infra.kit.errors import DomainError
from public.uploads import queries


class Attached(models.Model):
    """A checked upload that belongs to one case and to no other. ``by``: side and number of who added it, e.g. operator:7. Rows only grow."""

    upload = models.UUIDField(unique=True)
    file_name = models.CharField(max_length=255)
    size = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=10)
    by = models.CharField(max_length=40)
    at = models.DateTimeField()
    append_only = True

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.upload)

    @property
    def side(self) -> str:
        """Who added it, without which of them: operator, filer, manager or credential (an authority)."""
        return self.by.partition(":")[0]

    @property
    def is_picture(self) -> bool:
        """Whether a page can show it."""
        return self.kind == "image"


@dataclass(frozen=True, slots=True)
class Sender:
    """Who adds files. ``owner_id`` and ``provider_schema`` as the uploads know them; ``by`` as in `Attached`."""

    owner_id: int
    provider_schema: str
    by: str
    at: datetime


Row = TypeVar("Row", bound=Attached)


def attach(
    rows: "models.Manager[Row]",
    upload: UUID,
    *,
    sender: Sender,
    purpose: str,
    kinds: Sequence[str],
    most: int = 0,
    named: Callable[[str], str] = str,
) -> Row | None:
    """Add a file of the sender's to a case whose row is locked; told twice, once.

    :param rows: the attachments of the case
    :param purpose: what it must have been uploaded for, so that its cap held and it lies encrypted as that purpose asks
    :param most: how many one side may add; 0: any number
    :param named: what becomes of its name before both sides read it
    :returns: the row; None where it was there
    :raises DomainError: 404 ``not_found``; 409 ``not_ready``, ``too_many_files``, ``taken``; 422 ``wrong_kind``
    """
    found = queries.own_upload(upload, owner_id=sender.owner_id, provider_schema=sender.provider_schema)
    if found.purpose != purpose:
        raise queries.not_found()
    queries.require_ready(upload, kinds=kinds)
    if rows.filter(upload=upload).exists():
        return None
    if most and rows.filter(by__startswith=sender.by.partition(":")[0]).count() >= most:
        raise too_many(most)
    values: dict[str, Any] = {"file_name": named(found.file_name), "size": found.size, "kind": found.kind}
    try:
        with transaction.atomic():
            return rows.create(upload=found.uuid, by=sender.by, at=sender.at, **values)
    except IntegrityError as error:
        raise DomainError("taken", _("这个文件已用在别处，请重新上传。"), status=409) from error


def too_many(most: int) -> DomainError:
    """Return the refusal for one file too many."""
    return DomainError("too_many_files", _("最多上传 %(n)d 个附件。") % {"n": most}, status=409)


def given(row: Attached | None, *, shown: bool = False) -> HttpResponseBase:
    """Return an attachment, never to be run inside our pages; who may have it is asked before.

    :param shown: in the browser instead of as a download, where it is a picture
    :raises DomainError: 404 ``not_found``, also where the store has lost it
    """
    missing = DomainError("not_found", _("没有找到这个附件，可能已被移除。请返回刷新后再试。"), status=404)
    if row is None:
        raise missing
    found, is_shown = queries.upload(row.upload), shown and row.is_picture
    try:
        file = queries.open_upload(row.upload)
    except FileNotFoundError as error:
        raise missing from error
    response: HttpResponseBase
    if is_shown:  # whole, so that the log can say what was looked at
        with file:
            response = HttpResponse(file.read())
    else:
        response = FileResponse(file, as_attachment=True, filename=row.file_name)
    response["Content-Type"] = found.content_type or "application/octet-stream"
    response["Content-Length"] = str(found.size)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response
