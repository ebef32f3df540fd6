"""Files of questions on the desk: choose, look, say yes."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from infra.kit import clock, sheets
from infra.kit.errors import DomainError
from public.authoring.bank.views import MENU
from public.operators.api import Me, Role, desk_page, frame
from public.questions import api as questions
from public.questions.api import bank, importing

PER_PAGE = 50


class FileForm(forms.Form):
    """A file, or pasted text."""

    file = forms.FileField(label=_("文件"), required=False)
    text = forms.CharField(label=_("或粘贴文字"), widget=forms.Textarea(attrs={"rows": 6}), required=False, max_length=500_000)
    topic = forms.CharField(label=_("知识主题"), max_length=40, help_text=_("文件里没有写主题的试题都归到这里。"))

    def clean(self) -> dict[str, Any] | None:
        """Ask for one of the two."""
        if not self.cleaned_data.get("file") and not self.cleaned_data.get("text", "").strip():
            self.add_error("file", _("请选择文件，或粘贴试题文字。"))
        return self.cleaned_data


@require_http_methods(["GET", "POST"])
@desk_page(Role.AUTHOR)
def choose(request: HttpRequest, me: Me) -> HttpResponse:
    """Take a file and read it."""
    banks = list(bank.banks())
    if not banks:
        messages.info(request, _("请先建立一个题库。"))
        return redirect("desk-question-banks")
    form = FileForm(request.POST or None, request.FILES or None)
    into = request.POST.get("bank", str(banks[0].uuid))
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        chosen = next((one for one in banks if str(one.uuid) == into), banks[0])
        try:
            row = importing.read(
                bank=chosen.uuid,
                data=file.read() if file else form.cleaned_data["text"],
                file_name=file.name if file else str(_("粘贴的文字")),
                topic=form.cleaned_data["topic"].strip(),
                me=me,
                at=clock.now(),
            )
        except DomainError as error:
            form.add_error("file" if file else "text", error.message)
        else:
            return redirect("desk-question-import-job", row.uuid)
    context = {"page_title": _("导入试题"), "form": form, "banks": banks, "into": into, "topics": questions.topics()}
    status = 422 if form.is_bound else 200
    return render(request, "authoring/bank/import.html", {**frame(request, me, MENU), **context}, status=status)


@require_GET
@desk_page(Role.AUTHOR)
def preview(request: HttpRequest, me: Me, job: UUID) -> HttpResponse:
    """Show what was read, the doubtful first."""
    row = importing.job(job, me)
    show = request.GET.get("show", "")
    flawed = [line for line in row.lines if not line["ok"]]
    page = Paginator(flawed if show == "flawed" else row.lines, PER_PAGE).get_page(request.GET.get("page", "1"))
    lines = [
        {
            **line,
            "said": importing.complaints(line),
            "item": questions.readable(line["content"]) if _has_kind(line) else line["content"],
        }
        for line in page
    ]
    context = {
        "page_title": _("核对导入"),
        "job": row,
        "page": page,
        "lines": lines,
        "right": len(row.lines) - len(flawed),
        "mendable": sum(importing.may_be_draft(line) for line in flawed),
        "twins": sum(bool(line["twin"]) for line in flawed),
        "strays": [(number, importing.stray_words(kept)) for number, kept in row.strays[:20]],
        "chosen": request.GET,
    }
    return render(request, "authoring/bank/import_job.html", {**frame(request, me, MENU), **context})


def _has_kind(line: dict[str, Any]) -> bool:
    return line["content"]["kind"] in questions.KINDS


@require_POST
@desk_page(Role.AUTHOR)
def write(request: HttpRequest, me: Me, job: UUID) -> HttpResponse:
    """Write the right lines, or also those that can be mended, as drafts."""
    made = importing.write(uuid=job, with_flaws=request.POST.get("flaws") == "1", me=me, at=clock.now())
    messages.success(request, _("已导入 %(n)s 道试题为草稿。") % {"n": made})
    return redirect("desk-question-hand-in")


@require_GET
@desk_page(Role.AUTHOR)
def template(request: HttpRequest, me: Me, kind: str) -> HttpResponse:
    """Give a file to fill in, as a workbook or as a Word document."""
    if kind == "docx":
        body, content_type = importing.word_template(), importing.DOCX
    else:
        body, content_type = importing.sheet_template(), sheets.XLSX
    headers = {"Content-Disposition": f'attachment; filename="questions.{"docx" if kind == "docx" else "xlsx"}"'}
    return HttpResponse(body, content_type=content_type, headers=headers)
