"""Pages of own questions: find, read, write, archive, move, export, duplicates."""

from dataclasses import fields
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.exams.bank import duplicates, editing, finding, queries, writing
from apps.exams.bank.models import Bank, QuestionVersion
from apps.exams.bank.views.asking import CHANGE, by, download, told, uuids
from apps.people import api as people
from infra.kit import clock, sheets
from infra.kit.errors import DomainError
from public.audit import api as audit
from public.questions import api as questions
from public.questions import reading

PAGE = 25
_KEPT = ("q", "kind", "topic", "point", "difficulty", "law", "article", "state", "sort", "page")


@require_GET
@people.manager_page(CHANGE)
def listing(request: HttpRequest, uuid: UUID | None = None) -> HttpResponse:
    """List the questions of one bank, or of all; ``export=xlsx`` and ``export=docx`` give what is listed as a file."""
    bank = queries.bank(uuid) if uuid else None
    wanted = _wanted(request.GET, bank)
    rows = finding.questions_of(wanted)
    if request.GET.get("export") in {"xlsx", "docx"}:
        return _export(request, rows, bank)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    values = {
        "bank": bank,
        "page": page,
        "wanted": wanted,
        "kinds": questions.KINDS.items(),
        "is_narrowed": wanted.is_narrowed or (not bank and bool(wanted.bank)),
        "by_kind": finding.by_kind(bank) if bank else [],
        "banks": finding.banks(),
        "back": _back(request.GET),
        **finding.choices(),
    }
    return render(request, "exams/bank/questions.html", values)


def _wanted(asked: QueryDict, bank: Bank | None) -> finding.Wanted:
    said = {one.name: asked.get(one.name, "")[:60] for one in fields(finding.Wanted)}
    return finding.Wanted(**said | ({"bank": str(bank.uuid)} if bank else {}))


def _back(asked: QueryDict) -> str:
    kept = QueryDict(mutable=True)
    kept.update({name: value for name in _KEPT if (value := asked.get(name))})
    return kept.urlencode()


def _export(request: HttpRequest, rows: Any, bank: Bank | None) -> HttpResponse:
    """Give the newest versions in the order of the list, at most as many as may be read back."""
    listed = list(rows.values_list("pk", flat=True)[: reading.MAX_QUESTIONS])
    found = QuestionVersion.objects.filter(question__in=listed, number=F("question__version")).select_related("question")
    by_question = {row.question_id: queries.item(row) for row in found}
    items = [by_question[key] for key in listed]
    name = bank.title if bank else _("试题")
    audit.record("exams.questions_exported", target=f"bank:{bank.uuid if bank else 'all'}", count=len(items), **_actor(request))
    if request.GET.get("export") == "docx":
        return download(reading.document(items, title=name), f"{name}.docx", reading.DOCX)
    return download(reading.workbook(items, title=_("试题")), f"{name}.xlsx", sheets.XLSX)


def _actor(request: HttpRequest) -> dict[str, Any]:
    who = by(request)
    return {"actor": f"manager:{who['by']}", "at": who["at"]}


@require_http_methods(["GET", "POST"])
@people.manager_page(CHANGE)
def add(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Write a question of the kind ``?kind=``."""
    bank = writing.open_for_writing(uuid)
    kind = request.POST.get("kind") or request.GET.get("kind", "single")
    if kind not in questions.KINDS:
        raise DomainError("not_found", _("没有这种题型，请从题库重新选择。"), status=404)
    content, said = editing.empty(kind, topic=bank.topic), []
    if request.method == "POST":
        content = editing.written(request.POST, before={})
        changed = editing.reshaped(request.POST, content)
        if changed is None:
            try:
                row = writing.add(bank=uuid, content=content, **by(request))
            except DomainError as refusal:
                said = _complaints(refusal)
            else:
                messages.success(request, _("已保存，编号 %(code)s。") % {"code": row.code})
                if request.POST.get("do") == "next":
                    return redirect(f"{reverse('console-bank-add', args=[uuid])}?kind={kind}")
                return redirect("console-bank-question", row.uuid)
        content = changed or content
    values = {"bank": bank, "kind": kind, "kinds": questions.KINDS.items(), "said": said, **_form(content)}
    return render(request, "exams/bank/question_form.html", values, status=422 if said else 200)


def _form(content: dict[str, Any]) -> dict[str, Any]:
    known = finding.choices()
    topics = sorted({*known["topics"], *questions.topics()})
    return {"form": editing.form(content), "topics": topics, "points": known["points"], "levels": range(1, 6)}


def _complaints(refusal: DomainError) -> list[str]:
    if refusal.status == 404:
        raise refusal
    return list(refusal.details.get("complaints", [])) or [str(refusal.message)]


@require_GET
@people.manager_page(CHANGE)
def question(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show a question with its history and near copies; ``?version=`` a former one."""
    row = queries.question(uuid)
    versions = list(row.versions.select_related("by").order_by("-number"))
    asked = request.GET.get("version", "")
    shown = next((one for one in versions if str(one.number) == asked), versions[0])
    values = {
        "question": row,
        "shown": shown,
        "parts": editing.told(shown.content),
        "content": shown.content,
        "versions": versions,
        "near": duplicates.near(row) if shown.number == row.version else [],
        "twin": duplicates.shared_twin(row.fingerprint),
    }
    return render(request, "exams/bank/question.html", values)


@require_http_methods(["GET", "POST"])
@people.manager_page(CHANGE)
def change(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Write a new version of a question."""
    row = queries.question(uuid)
    newest = queries.newest(row)
    content, said, note = newest.content, [], ""
    if request.method == "POST":
        content = editing.written(request.POST, before=newest.content)
        note = request.POST.get("note", "")
        changed = editing.reshaped(request.POST, content)
        if changed is None:
            seen = request.POST.get("seen", "")
            try:
                writing.change(uuid=uuid, content=content, seen=int(seen) if seen.isdecimal() else 0, note=note, **by(request))
            except DomainError as refusal:
                said = _complaints(refusal)
            else:
                messages.success(request, _("已保存为新的一版；已经开考的试卷仍用原来的一版。"))
                return redirect("console-bank-question", uuid)
        content = changed or content
    values = {"bank": row.bank, "question": row, "kind": row.kind, "note": note, "said": said, **_form(content)}
    return render(request, "exams/bank/question_form.html", values, status=422 if said else 200)


@require_POST
@people.manager_page(CHANGE)
def act(request: HttpRequest) -> HttpResponse:
    """Archive, restore or move the ticked questions (``ids``), and go back to the list as it was."""
    chosen, do = uuids(request.POST.getlist("ids")), request.POST.get("do")
    try:
        if do == "restore":
            count = writing.restore(uuids=chosen)
        elif do == "move":
            count = writing.move(uuids=chosen, bank=uuids([request.POST.get("to_bank", "")])[0])
        else:
            count = writing.archive(uuids=chosen, at=clock.now())
        messages.success(request, ngettext("已处理 %(n)d 道题。", "已处理 %(n)d 道题。", count) % {"n": count})
    except DomainError as refusal:
        told(request, refusal)
    home, query = request.POST.get("home", ""), _back(QueryDict(request.POST.get("back", "")[:500]))
    url = reverse("console-bank", args=uuids([home])) if home else reverse("console-bank-questions")
    return redirect(f"{url}?{query}" if query else url)


@require_GET
@people.manager_page(CHANGE)
def repeated(request: HttpRequest) -> HttpResponse:
    """Show questions that say the same, to be archived but one."""
    page = Paginator(duplicates.groups(), PAGE).get_page(request.GET.get("page"))
    return render(request, "exams/bank/duplicates.html", {"page": page})


@require_GET
@people.manager_page(CHANGE)
def laws(request: HttpRequest) -> HttpResponse:
    """Show which laws the questions name, to find those that a change concerns."""
    return render(request, "exams/bank/laws.html", {"laws": finding.laws(), "q": request.GET.get("q", "")[:60]})
