"""Pages of the banks themselves: list, new, change, archive."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.exams.bank import finding, queries, writing
from apps.exams.bank.models import BankImport
from apps.exams.bank.views.asking import CHANGE, by, told
from apps.people import api as people
from infra.kit import clock
from infra.kit.errors import DomainError
from public.questions import api as questions

PAGE = 25


class BankForm(forms.Form):
    """A bank's name and what its questions belong to."""

    title = forms.CharField(
        label=gettext_lazy("题库名称"),
        max_length=writing.LONGEST_TITLE,
        error_messages={"required": gettext_lazy("请填写题库名称。")},
    )
    topic = forms.CharField(
        label=gettext_lazy("知识主题"),
        max_length=writing.LONGEST_TOPIC,
        widget=forms.TextInput(attrs={"list": "topics"}),
        error_messages={"required": gettext_lazy("请填写知识主题，例如 安全生产法。")},
        help_text=gettext_lazy("导入时没有写主题的题，归到这个主题；组卷按主题抽题"),
    )
    about = forms.CharField(label=gettext_lazy("说明"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2}))


@require_GET
@people.manager_page(CHANGE)
def listing(request: HttpRequest) -> HttpResponse:
    """List the banks with how many questions each has."""
    is_archived = request.GET.get("state") == "archived"
    rows = finding.banks(archived=is_archived, q=request.GET.get("q", "")[:60])
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    waiting = BankImport.objects.filter(state=BankImport.State.READY, bank__archived_at=None)
    values = {
        "page": page,
        "is_archived": is_archived,
        "is_filtered": bool(request.GET.get("q")) or is_archived,
        "waiting": waiting.select_related("bank").order_by("-at", "-pk")[:5],
    }
    return render(request, "exams/bank/banks.html", values)


@require_http_methods(["GET", "POST"])
@people.manager_page(CHANGE)
def edit(request: HttpRequest, uuid: UUID | None = None) -> HttpResponse:
    """Write down a bank, or change one."""
    row = queries.bank(uuid) if uuid else None
    known = {"title": row.title, "topic": row.topic, "about": row.about} if row else {}
    form = BankForm(request.POST if request.method == "POST" else None, initial=known)
    if form.is_valid():
        try:
            if row:
                saved = writing.change_bank(uuid=row.uuid, **form.cleaned_data)
            else:
                saved = writing.open_bank(**form.cleaned_data, **by(request))
        except DomainError as refusal:
            form.add_error(refusal.details.get("field"), str(refusal.message))
        else:
            messages.success(request, _("已保存题库“%(title)s”。") % {"title": saved.title})
            return redirect("console-bank", saved.uuid)
    values = {"form": form, "bank": row, "topics": sorted({*queries.topics(), *questions.topics()})}
    return render(request, "exams/bank/bank_form.html", values, status=422 if form.errors else 200)


@require_POST
@people.manager_page(CHANGE)
def archive(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Take a bank off the list, or with ``do=restore`` put it back."""
    try:
        if request.POST.get("do") == "restore":
            writing.restore_bank(uuid=uuid)
            messages.success(request, _("题库已恢复，组卷时可以抽题。"))
        else:
            writing.archive_bank(uuid=uuid, at=clock.now())
            messages.success(request, _("题库已归档，以后组卷不再抽它的题；已有的试卷和记录不变。"))
    except DomainError as refusal:
        told(request, refusal)
    return redirect("console-bank", uuid)
