"""Pages of an import: templates, upload or paste, what was read, mending one question, commit."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.exams.bank import editing, importing, queries, queueing, writing
from apps.exams.bank.importing import Outcome
from apps.exams.bank.models import BankImport, ImportLine
from apps.exams.bank.views.asking import CHANGE, by, download, told
from apps.people import api as people
from infra.kit import clock, sheets
from infra.kit.errors import DomainError
from public.questions import api as questions
from public.questions import reading
from public.questions.reading import samples

PAGE = 25
MAX_PASTED = 500_000
TONES = {"WRONG": "stop", "TWIN": "attention", "NEW": "proven", "UPDATE": "info", "SAME": "neutral", "DROPPED": "neutral"}


class FileForm(forms.Form):
    """The place where a file is dropped."""

    file = forms.FileField(label=gettext_lazy("文件"), required=False)


@require_http_methods(["GET", "POST"])
@people.manager_page(CHANGE)
def upload(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """Offer templates, take a file or pasted text, show the latest imports of a bank."""
    bank = writing.open_for_writing(uuid)
    refusal, pasted = "", request.POST.get("text", "")
    if request.method == "POST":
        try:
            return redirect("console-bank-import-job", _received(request, bank.uuid, pasted).uuid)
        except DomainError as error:
            if error.status == 404:
                raise
            refusal = str(error.message)
    jobs = bank.imports.select_related("by").order_by("-at", "-pk")[:10]
    values = {"bank": bank, "jobs": jobs, "refusal": refusal, "pasted": pasted, "most": MAX_PASTED, "form": FileForm()}
    return render(request, "exams/bank/import.html", values, status=422 if refusal else 200)


def _received(request: HttpRequest, bank: UUID, pasted: str) -> BankImport:
    if pasted.strip():
        if len(pasted) > MAX_PASTED:
            raise reading.refuse("too_large")
        return importing.receive(bank=bank, file_name=str(_("粘贴的文字")), text=pasted, **by(request))
    file = request.FILES.get("file")
    if file is None:
        raise DomainError("nothing_chosen", _("请选择文件，或把试题粘贴到下面的框里。"), status=422)
    if file.size is None or file.size > reading.MAX_BYTES:
        raise reading.refuse("too_large")
    return importing.receive(bank=bank, file_name=file.name or "", data=file.read(), **by(request))


@require_GET
@people.manager_page(CHANGE)
def template(request: HttpRequest, form: str) -> HttpResponse:
    """Give the template with a question of every kind: ``xlsx``, else ``docx``."""
    title = str(_("试题导入模板"))
    if form == "xlsx":
        return download(reading.workbook(samples.SAMPLES, title=title), f"{title}.xlsx", sheets.XLSX)
    return download(reading.document(samples.SAMPLES, title=title, about=samples.ABOUT), f"{title}.docx", reading.DOCX)


@require_GET
@people.manager_page(CHANGE)
def job(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show what was read and what will become of it, the wrong ones first; afterwards what came of it. Polled while a worker is at it."""
    row = importing.job_of(uuid)
    if request.GET.get("watch") and row.state not in BankImport.AT_WORK:  # the page that watched has done its work
        return HttpResponse(headers={"HX-Redirect": request.path})
    if row.state in BankImport.AT_WORK:
        done, total = queueing.told(row.uuid) or (0, 0)
        return render(request, "exams/bank/import_watch.html", {"job": row, "done": done, "total": total})
    return _job_page(request, row, row.problem)


def _job_page(request: HttpRequest, row: BankImport, refusal: str = "", status: int = 200) -> HttpResponse:
    counted = importing.counts(row)
    shown = request.GET.get("show", "")
    if shown not in Outcome.values:
        shown = next((outcome for outcome in Outcome.values if counted[outcome]), Outcome.WRONG)
    lines = row.lines.filter(outcome=shown).order_by("place")
    page = Paginator(lines, PAGE).get_page(request.GET.get("page"))
    values = {
        "job": row,
        "counts": counted,
        "stats": [(value, label, counted[value], TONES[value]) for value, label in Outcome.choices if counted[value] or value in {"WRONG", "NEW"}],
        "ready": counted[Outcome.NEW] + counted[Outcome.UPDATE],
        "shown": shown,
        "page": page,
        "lines": [_shown(line) for line in page],
        "strays": [(kept["line"], reading.remark_words(kept)) for kept in row.strays],
        "refusal": refusal,
    }  # fmt: skip
    return render(request, "exams/bank/import_job.html", values, status=status)


def _shown(line: ImportLine) -> dict[str, Any]:
    content = line.content
    return {
        "line": line,
        "kind": questions.KINDS.get(content.get("kind", ""), _("题型不明")),
        "stem": content.get("stem", ""),
        "parts": editing.told(content),
        "said": importing.complaints(line),
    }


@require_http_methods(["GET", "POST"])
@people.manager_page(CHANGE)
def line(request: HttpRequest, uuid: UUID, place: int) -> HttpResponse:
    """Mend one question of an import in the form that writes questions; then the next wrong one comes."""
    row = importing.job_of(uuid)
    found = importing.line_of(row, place)
    asked = request.GET.get("kind", "")
    content = found.content | ({"kind": asked} if asked in questions.KINDS else {})
    if content["kind"] == "case":
        content = {"parts": []} | content
    said = importing.complaints(found)
    if request.method == "POST":
        content = editing.written(request.POST, before=found.content)
        changed = editing.reshaped(request.POST, content)
        if changed is None:
            try:
                said = importing.mend(job_uuid=uuid, place=place, content=content)
            except DomainError as refusal:
                told(request, refusal)
                return redirect("console-bank-import-job", uuid)
            if not said:
                return _next(request, row, place)
        content = changed or content
    known = {"topics": sorted({*queries.topics(), *questions.topics()}), "levels": range(1, 6)}
    kind = content["kind"]
    values = {"bank": row.bank, "job": row, "line": found, "kind": kind, "kinds": questions.KINDS.items(), "said": said, **known}
    values["form"] = editing.form(content)
    return render(request, "exams/bank/question_form.html", values, status=422 if said and request.method == "POST" else 200)


def _next(request: HttpRequest, row: BankImport, place: int) -> HttpResponse:
    wrong = row.lines.filter(outcome=Outcome.WRONG).order_by("place")
    after = wrong.filter(place__gt=place).first() or wrong.first()
    if after is None:
        messages.success(request, _("有错的题都改好了，可以导入。"))
        return redirect("console-bank-import-job", row.uuid)
    messages.success(request, _("已改好，下一道有错的题："))
    return redirect("console-bank-import-line", row.uuid, after.place)


@require_POST
@people.manager_page(CHANGE)
def decide(request: HttpRequest, uuid: UUID, place: int) -> HttpResponse:
    """Take a question out of an import (``do=drop``), back in (``do=back``), or in although it repeats another (``do=keep``)."""
    do = request.POST.get("do")
    try:
        importing.decide(job_uuid=uuid, place=place, dropped=do == "drop", kept=do == "keep")
    except DomainError as refusal:
        told(request, refusal)
    show = request.POST.get("show", "")
    url = reverse("console-bank-import-job", args=[uuid])
    return redirect(f"{url}?show={show}" if show in Outcome.values else url)


@require_POST
@people.manager_page(CHANGE)
def commit(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Write an import: ``what=whole`` nothing unless all is right, ``what=right`` what is."""
    try:
        row = importing.commit(job_uuid=uuid, whole=request.POST.get("what") != "right", **by(request))
    except DomainError as refusal:
        if refusal.status != 409:
            raise
        return _job_page(request, importing.job_of(uuid), str(refusal.message), 409)
    if row.state == BankImport.State.WRITING:
        return redirect("console-bank-import-job", uuid)
    messages.success(request, _("已导入：新增 %(new)s 题，更新 %(changed)s 题。") % {"new": row.added, "changed": row.changed})
    return redirect("console-bank", row.bank.uuid)


@require_POST
@people.manager_page(CHANGE)
def give_up(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Forget an import that waits."""
    try:
        row = importing.give_up(job_uuid=uuid, at=clock.now())
    except DomainError as refusal:
        told(request, refusal)
        return redirect("console-bank-import-job", uuid)
    messages.success(request, _("已放弃，题库没有变化。"))
    return redirect("console-bank-import", row.bank.uuid)
