"""One class: its page, the trainer's screen, attendance by hand, submitting and confirming, files, the record."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.people import api as people
from apps.plans.classes import attending, codes, confirming, files, forms, queries, record, rules
from apps.plans.classes.models import OfflineClass, Seat
from apps.plans.classes.ports import CLASS_PRINTER
from apps.plans.classes.views.asking import by, download, given, manager, scope, seen
from infra.kit import clock, sheets
from infra.kit.errors import DomainError

See, Run, Change = people.Permission.CLASSES_SEE, people.Permission.CLASSES_RUN, people.Permission.CLASSES_CHANGE
PDF = "application/pdf"


@require_GET
@people.manager_page(See)
def klass(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show one class with everybody in it and what can be done now."""
    return _page(request, seen(request, uuid))


def _page(request: HttpRequest, row: OfflineClass, **more: Any) -> HttpResponse:
    at = clock.now()
    lines = queries.lines(row, within=people.within(request))
    stands = queries.standing(row, at)
    confirmed = row.state == OfflineClass.State.CONFIRMED
    values = {
        "klass": row,
        "lines": [(line, record.note(line)) for line in lines],
        "stands": stands,
        "tone": queries.TONES.get(stands, "neutral"),
        "state": queries.STATES[stands],
        "period": record.period(row),
        "signed": sum(1 for line in lines if line.since),
        "left": sum(1 for line in lines if line.until),
        "counted_ms": sum(line.seat.credit_ms if confirmed else line.outcome.credit_ms for line in lines),
        "shows_files": people.within(request) is None,
        "files": [(file, record.size(file.size)) for file in files.of(row)],
        "accept": files.ACCEPT,
        "submit_form": forms.SubmitForm(initial={"summary": row.summary, "cost_yuan": row.cost_yuan}),
        "file_form": forms.FileForm(),
        "may_confirm": manager(request).id not in {row.submitted_by_id, row.trainer.manager_id},
        "signing_open": rules.signing_is_open(at, starts_at=row.starts_at, ends_at=row.ends_at),
        **more,
    }
    return render(request, "plans/classes/class.html", values, status=422 if more else 200)


@require_GET
@people.manager_page(Run)
def screen(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show the code that learners scan or type; the page asks for it again every few seconds."""
    row, at = seen(request, uuid), clock.now()
    values: dict[str, Any] = {"klass": row, "period": record.period(row), "left_s": rules.left_s(at)}
    values["open"] = row.state == OfflineClass.State.PLANNED and rules.signing_is_open(
        at, starts_at=row.starts_at, ends_at=row.ends_at
    )
    if values["open"]:
        code = codes.code_at(row.uuid, at)
        url = request.build_absolute_uri(f"{reverse('learn-class', args=[row.uuid])}?c={code}")
        lines = queries.lines(row)
        values |= {
            "code": code,
            "qr": mark_safe(codes.qr_svg(url)),  # noqa: S308 - drawn here, of our own address
            "people": len(lines),
            "signed": sum(1 for line in lines if line.since),
            "left": sum(1 for line in lines if line.until),
        }
    name = "_code" if request.headers.get("HX-Request") else "screen"
    response = render(request, f"plans/classes/{name}.html", values)
    response["Cache-Control"] = "no-store"
    return response


@require_http_methods(["GET", "POST"])
@people.manager_page(Run)
def mark(request: HttpRequest, uuid: UUID, seat: UUID) -> HttpResponse:
    """Write down when somebody was there who could not sign."""
    return _by_hand(request, uuid, seat, attending.mark, _("登记到课"))


@require_http_methods(["GET", "POST"])
@people.manager_page(Change)
def correct(request: HttpRequest, uuid: UUID, seat: UUID) -> HttpResponse:
    """Correct a presence after the class was confirmed."""
    return _by_hand(request, uuid, seat, confirming.correct, _("更正到课"))


def _by_hand(request: HttpRequest, uuid: UUID, seat: UUID, write: Any, title: str) -> HttpResponse:
    row = seen(request, uuid)
    found = Seat.objects.filter(klass=row, uuid=seat).first()
    lines = queries.lines(row, within=people.within(request), learners=[found.learner_id]) if found else []
    if not lines:
        raise DomainError("not_found", _("没有找到这位学员，请刷新课程页面。"), status=404)
    form = forms.MarkForm(request.POST if request.method == "POST" else None, initial=_proposed(row, lines[0]))
    if form.is_valid():
        try:
            write(uuid=uuid, seat_uuid=seat, reason=form.cleaned_data["reason"], **form.span(row), **by(request))
        except DomainError as refusal:
            forms.on_field(form, refusal)
        else:
            messages.success(request, _("已登记%(name)s。") % {"name": lines[0].learner.name})
            return redirect("console-class", uuid)
    values = {"klass": row, "line": lines[0], "form": form, "title": title, "period": record.period(row)}
    return render(request, "plans/classes/mark.html", values, status=422 if form.errors else 200)


def _proposed(row: OfflineClass, line: queries.Line) -> dict[str, Any]:
    since, until = line.since or row.starts_at, line.until or row.ends_at
    return {"how": "there", "since": since.astimezone(clock.SHANGHAI).time(), "until": until.astimezone(clock.SHANGHAI).time()}


@require_POST
@people.manager_page(Run)
def submit(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """End a class, so that a second person may confirm it."""
    row = seen(request, uuid)
    form = forms.SubmitForm(request.POST)
    if form.is_valid():
        try:
            confirming.submit(uuid=uuid, **form.cleaned_data, **by(request))
        except DomainError as refusal:
            forms.on_field(form, refusal)
        else:
            messages.success(request, _("已结课，等另一位管理人员确认后计入学时。"))
            return redirect("console-class", uuid)
    return _page(request, row, submit_form=form)


@require_POST
@people.manager_page(Change)
def decide(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Confirm a submitted class, or with ``do=back`` give it back."""
    seen(request, uuid)
    try:
        if request.POST.get("do") == "back":
            confirming.send_back(uuid=uuid, **by(request))
            messages.success(request, _("已退回，可以修改到课情况后重新结课。"))
        else:
            confirming.confirm(uuid=uuid, **by(request))
            messages.success(request, _("已确认，学时已计入学员的培训计划和档案。"))
    except DomainError as refusal:
        if refusal.status == 404:
            raise
        messages.error(request, str(refusal.message))
    return redirect("console-class", uuid)


@require_POST
@people.manager_page(Run)
def attach(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Keep a file with a class."""
    row = seen(request, uuid)
    form = forms.FileForm(request.POST, request.FILES)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            files.attach(owner=row, kind=form.cleaned_data["kind"], data=file.read(), file_name=file.name, **by(request))
        except DomainError as refusal:
            if "field" in refusal.details:
                forms.on_field(form, refusal)
            else:
                form.add_error("file", str(refusal.message))
        else:
            messages.success(request, _("附件已上传。"))
            return redirect("console-class", uuid)
    return _page(request, row, file_form=form)


@require_GET
@people.manager_page(See)
def file(request: HttpRequest, uuid: UUID, file: UUID) -> HttpResponse:
    """Give a file of a class; sheets and pictures show people, so a supervisor of some of them does not get it."""
    row = seen(request, uuid)
    if people.within(request) is not None:
        raise DomainError("not_found", _("没有找到这个附件，可能已被移除。"), status=404)
    found = files.file_of(row, file)
    return given(found, files.content(found))


@require_POST
@people.manager_page(Run)
def remove_file(request: HttpRequest, uuid: UUID, file: UUID) -> HttpResponse:
    """Take a file off the list."""
    try:
        files.remove(owner=seen(request, uuid), uuid=file, at=clock.now())
    except DomainError as refusal:
        if refusal.status == 404:
            raise
        messages.error(request, str(refusal.message))
    return redirect("console-class", uuid)


@require_GET
@people.manager_page(Run)
def sheet(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Give the sheet for signing by hand as PDF."""
    row = seen(request, uuid)
    url = request.build_absolute_uri(reverse("learn-class", args=[row.uuid]))
    with translation.override(settings.LANGUAGE_CODE):
        return download(CLASS_PRINTER.get().sign_in_sheet(record.sheet(row, url=url)), f"{_('签到表')} {row.number}.pdf", PDF)


@require_GET
@people.manager_page(See)
def class_record(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show the record of a class (一期一档); ``?as=pdf`` and ``?as=xlsx`` give it as a file."""
    row, wanted = queries.klass(uuid, scope(request)), request.GET.get("as")
    if wanted not in {"pdf", "xlsx"}:
        fields = record.record(row, within=people.within(request), at=clock.now())
        return render(request, "plans/classes/record.html", {"klass": row, "record": fields})
    with translation.override(settings.LANGUAGE_CODE):  # what is filed is Chinese, whoever prints it
        fields = record.record(row, within=people.within(request), at=clock.now())
        name = f"{_('一期一档')} {row.number}.{wanted}"
        if wanted == "pdf":
            return download(CLASS_PRINTER.get().class_record(fields), name, PDF)
        return download(record.workbook(fields), name, sheets.XLSX)
