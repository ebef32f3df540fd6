"""Pictures and films of own stems: put in, taken out, shown to those who write questions."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from apps.exams.bank import queries, writing
from apps.exams.bank.models import Question
from apps.exams.bank.views.asking import CHANGE, by, told
from apps.people import api as people
from infra.kit.errors import DomainError
from public.questions import api as questions
from tenants.scope import require


@require_POST
@people.manager_page(CHANGE)
def attach(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Put an upload that was checked into the stem; a new version."""
    row = queries.question(uuid)
    try:
        kept = _kept(request)
        _write(request, row, [*queries.newest(row).content.get("media", []), kept], str(_("放进图片或视频")))
        messages.success(request, _("已放进题干。"))
    except DomainError as refusal:
        told(request, refusal)
    return redirect("console-bank-question", uuid)


def _kept(request: HttpRequest) -> dict[str, Any]:
    try:
        upload = UUID(request.POST.get("upload", ""))
    except ValueError as error:
        raise DomainError("unknown_upload", _("没有收到文件，请等上传检查通过后再点“放进题干”。"), status=422) from error
    owner = request.user.pk or 0
    return questions.media.keep(upload=upload, alt=request.POST.get("alt", ""), owner_id=owner, provider_schema=require().schema)


@require_POST
@people.manager_page(CHANGE)
def drop(request: HttpRequest, uuid: UUID, no: int) -> HttpResponse:
    """Take a picture or a film out of the stem; a new version, former ones keep it."""
    row = queries.question(uuid)
    media = queries.newest(row).content.get("media", [])
    try:
        _write(request, row, [one for n, one in enumerate(media, 1) if n != no], str(_("移除图片或视频")))
        messages.success(request, _("已从题干移除；以前的版本仍保留。"))
    except DomainError as refusal:
        told(request, refusal)
    return redirect("console-bank-question", uuid)


def _write(request: HttpRequest, row: Question, media: Sequence[dict[str, Any]], note: str) -> None:
    content = {**queries.newest(row).content, "media": list(media)}
    writing.change(uuid=row.uuid, content=content, seen=row.version, note=note, **by(request))


@require_GET
@people.manager_page(CHANGE)
def show(request: HttpRequest, key: str) -> HttpResponseBase:
    """Show a picture or a film of a stem."""
    return questions.media.serve(request, key)
