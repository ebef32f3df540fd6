"""Pages of the enterprise's trainers and rooms."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.people import api as people
from apps.plans.classes import files, forms, resources
from apps.plans.classes.models import ClassFile, ClassTrainer
from apps.plans.classes.views.asking import TRAINER, by, given, manager
from infra.kit import clock
from infra.kit.errors import DomainError

See, Change = people.Permission.CLASSES_SEE, people.Permission.CLASSES_CHANGE
PAGE = 50


@require_GET
@people.manager_page(See)
def trainers(request: HttpRequest) -> HttpResponse:
    """List trainers, those whose qualification ends first at the top."""
    today = clock.shanghai_date(clock.now())
    show = request.GET.get("show", "")
    rows = resources.trainers(text=request.GET.get("q", "")[:60], show=show, on=today)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    values = {
        "page": page,
        "show": show,
        "lines": [(row, _days(row, today)) for row in page],
        "sees_certificates": sees_certificates(request),
        "is_filtered": bool(show or request.GET.get("q")),
    }
    return render(request, "plans/classes/trainers.html", values)


def sees_certificates(request: HttpRequest) -> bool:
    """Whether the manager sees the whole enterprise: no supervisor of a part of it, and no trainer."""
    who = manager(request)
    return who.within is None and who.role != TRAINER


def _days(row: ClassTrainer, today: date) -> int | None:
    return (row.expires_on - today).days if row.expires_on else None


@require_http_methods(["GET", "POST"])
@people.manager_page(Change)
def trainer(request: HttpRequest, uuid: UUID | None = None) -> HttpResponse:
    """Write down a trainer, or change one."""
    row = resources.trainer(uuid) if uuid else None
    names = ("name", "origin", "employer", "qualification", "expires_on", "manager_id")
    known = {name: getattr(row, name) for name in names} if row else None
    form = forms.TrainerForm(*_posted(request), initial=known)
    if form.is_valid():
        try:
            saved = _write_trainer(request, form, uuid)
        except DomainError as refusal:
            forms.on_field(form, refusal)
        else:
            messages.success(request, _("已保存%(name)s的资料。") % {"name": saved.name})
            return redirect("console-trainers")
    kept = list(files.of(row)) if row else []
    title = row.name if row else _("登记培训教师")
    values = {"form": form, "row": row, "title": title, "accept": files.ACCEPT, "files": kept}
    return render(request, "plans/classes/trainer.html", values, status=422 if form.errors else 200)


def _write_trainer(request: HttpRequest, form: forms.TrainerForm, uuid: UUID | None) -> ClassTrainer:
    """Write trainer and certificate, both or neither."""
    values = {**form.cleaned_data}
    file = values.pop("file")
    with transaction.atomic():
        row = resources.write_trainer(uuid=uuid, **values)
        if file:
            kind = ClassFile.Kind.CERTIFICATE
            files.attach(owner=row, kind=kind, data=file.read(), file_name=file.name, **by(request))
    return row


def _posted(request: HttpRequest) -> tuple[Any, ...]:
    return (request.POST, request.FILES) if request.method == "POST" else (None,)


@require_GET
@people.manager_page(See)
def trainer_file(request: HttpRequest, uuid: UUID, file: UUID) -> HttpResponse:
    """Give a trainer's certificate: to those who see the whole enterprise, and to the trainer."""
    row, who = resources.trainer(uuid), manager(request)
    if not sees_certificates(request) and row.manager_id != who.id:
        raise DomainError("not_found", _("没有找到这个附件，可能已被移除。"), status=404)
    found = files.file_of(row, file)
    return given(found, files.content(found))


@require_POST
@people.manager_page(Change)
def archive_trainer(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Take a trainer off the lists, or with ``do=restore`` put them back."""
    archived = request.POST.get("do") != "restore"
    try:
        row = resources.archive_trainer(uuid=uuid, archived=archived, at=clock.now())
    except DomainError as refusal:
        return _refused(request, refusal, "console-trainer", uuid)
    words = _("已归档%(name)s，上过的课都保留。") if archived else _("已恢复%(name)s。")
    messages.success(request, words % {"name": row.name})
    return redirect("console-trainers")


def _refused(request: HttpRequest, refusal: DomainError, page: str, uuid: UUID) -> HttpResponse:
    if refusal.status == 404:
        raise refusal
    messages.error(request, str(refusal.message))
    return redirect(page, uuid)


@require_GET
@people.manager_page(See)
def rooms(request: HttpRequest) -> HttpResponse:
    """List rooms."""
    archived = request.GET.get("show") == "archived"
    return render(request, "plans/classes/rooms.html", {"rooms": resources.rooms(archived=archived), "archived": archived})


@require_http_methods(["GET", "POST"])
@people.manager_page(Change)
def room(request: HttpRequest, uuid: UUID | None = None) -> HttpResponse:
    """Write down a room, or change one."""
    row = resources.room(uuid) if uuid else None
    known = {name: getattr(row, name) for name in ("name", "place", "seats")} if row else None
    form = forms.RoomForm(request.POST if request.method == "POST" else None, initial=known)
    if form.is_valid():
        try:
            resources.write_room(uuid=uuid, at=clock.now(), **form.cleaned_data)
        except DomainError as refusal:
            forms.on_field(form, refusal)
        else:
            messages.success(request, _("已保存。"))
            return redirect("console-rooms")
    values = {"form": form, "row": row, "title": row.name if row else _("登记场地")}
    return render(request, "plans/classes/room.html", values, status=422 if form.errors else 200)


@require_POST
@people.manager_page(Change)
def archive_room(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Take a room off the lists, or with ``do=restore`` put it back."""
    archived = request.POST.get("do") != "restore"
    try:
        resources.archive_room(uuid=uuid, archived=archived, at=clock.now())
    except DomainError as refusal:
        return _refused(request, refusal, "console-room", uuid)
    messages.success(request, _("场地已归档。") if archived else _("场地已恢复。"))
    return redirect("console-rooms")
