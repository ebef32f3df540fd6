"""Pages of the statistics: plans, questions, one question, pairs that are too much alike; each as a file too."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.exams.statistics import counting, facts, items, pairs, papers, rules, scope, sheets, similarity
from apps.people import api as people
from apps.plans import api as plans
from infra.kit import clock
from infra.kit.errors import DomainError
from public.audit import api as audit

SEE, MARK = people.Permission.EXAMS_SEE, people.Permission.EXAMS_MARK
PER_PAGE = 30


@require_GET
@people.manager_page(SEE)
def overview(request: HttpRequest) -> HttpResponse:
    """List the plans that have results."""
    asked = scope.read(request.GET.dict(), within=people.within(request))
    rows = papers.plans(asked, text=request.GET.get("q", "")[:60])
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    values = {"page": page, "asked": asked, "chosen": request.GET, "behind": facts.behind().count()}
    return render(request, "exams/statistics/overview.html", values)


@require_GET
@people.manager_page(SEE)
def plan(request: HttpRequest, plan: UUID) -> HttpResponse:
    """Show the exam of one plan: scores, reliability, questions to look at, pairs; ``?export=xlsx`` as a file."""
    asked = scope.of_plan(plan, within=people.within(request), firsts=request.GET.get("tries") != "all")
    found = papers.paper(asked)
    if found is None:
        return render(request, "exams/statistics/plan.html", {"asked": asked, "found": None})
    reliability, bands = papers.reliability(asked, found.spread), papers.bands(asked)
    lines = items.lines(asked)
    if request.GET.get("export") == "xlsx":
        tables = [*sheets.of_paper(found, reliability, bands), sheets.of_items(items.chosen(lines))]
        return _file(request, tables, _("考试分析"))
    flagged = items.chosen(lines, flagged=True)
    values = {
        "asked": asked,
        "found": found,
        "reliability": reliability,
        "bands": bands,
        "flagged": flagged[:10],
        "flagged_all": len(flagged),
        "questions": len(lines),
        "pairs": pairs.listing(asked, state="NEW").count(),
        "least": (rules.LEAST_TRIES, rules.LEAST_ITEMS),
    }
    return render(request, "exams/statistics/plan.html", values)


@require_GET
@people.manager_page(SEE)
def questions(request: HttpRequest) -> HttpResponse:
    """List question versions with their figures; ``?export=xlsx`` gives the same lines as a file."""
    asked = scope.read(request.GET.dict(), within=people.within(request))
    get = request.GET
    said: dict[str, Any] = {"text": get.get("q", "")[:60], "flagged": get.get("show") == "flagged", "sort": get.get("sort", "")}
    found = items.chosen(items.lines(asked), **said)
    if get.get("export") == "xlsx":
        return _file(request, [sheets.of_items(found)], _("试题分析"))
    page = Paginator(found, PER_PAGE).get_page(get.get("page"))
    lines = [(line, sheets.kind_word(line.kind)) for line in page]
    values = {"page": page, "lines": lines, "asked": asked, "chosen": get, "least": (rules.LEAST_P, rules.LEAST_D)}
    return render(request, "exams/statistics/questions.html", values)


@require_GET
@people.manager_page(SEE)
def question(request: HttpRequest, bank: str, question: str, version: int, part: int) -> HttpResponse:
    """Show one question version: figures, what was answered, what to do; ``?export=xlsx`` as a file."""
    asked = scope.read(request.GET.dict(), within=people.within(request))
    key = (bank, question, version, part)
    line, item = items.one(asked, key), facts.sample(key)
    if line is None or item is None:
        raise DomainError("not_found", _("没有找到这道题的作答，请从试题分析重新进入。"), status=404)
    # Who only looks on sees figures, no key, as in the bank: the shares of options would tell it.
    shows_key = MARK in people.permissions(request)
    chosen = items.options(asked, key, item) if shows_key and line.kind != "text" else []
    if request.GET.get("export") == "xlsx":
        return _file(request, [sheets.of_items([line]), sheets.of_options(chosen)], _("试题分析"))
    values = {
        "line": line,
        "item": item,
        "kind": sheets.kind_word(line.kind),
        "options": chosen,
        "asked": asked,
        "least": (rules.LEAST_P, rules.LEAST_D),
    }
    return render(request, "exams/statistics/question.html", values)


@require_GET
@people.manager_page(SEE)
def listing(request: HttpRequest) -> HttpResponse:
    """List pairs to look at; ``?export=xlsx`` as a file."""
    asked = scope.read(request.GET.dict(), within=people.within(request))
    rows = pairs.listing(asked, state=request.GET.get("state", ""))
    if request.GET.get("export") == "xlsx":
        return _file(request, [sheets.of_pairs(rows.iterator(chunk_size=500))], _("雷同待查"))
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    values = {"page": page, "asked": asked, "chosen": request.GET, "least": similarity.LEAST_COMMON}
    return render(request, "exams/statistics/pairs.html", values)


@require_http_methods(["GET", "POST"])
@people.manager_page(SEE, post=MARK)
def pair(request: HttpRequest, number: int) -> HttpResponse:
    """Show two tries side by side; POST keeps what was found out."""
    row = pairs.one(number, within=people.within(request))
    problem = ""
    if request.method == "POST":
        me = people.profile(request).manager
        assert me is not None  # noqa: S101 - `manager_page` lets nobody else in
        try:
            pairs.note(number, words=str(request.POST.get("note", "")), by=me, at=clock.now())
        except DomainError as error:
            problem = str(error.message)
        else:
            messages.success(request, _("已记下。"))
            return redirect("console-exam-pair", number)
    values = {"row": row, "lines": pairs.beside(row), "problem": problem, "typed": request.POST.get("note", row.note)}
    return render(request, "exams/statistics/pair.html", values, status=422 if problem else 200)


@require_POST
@people.manager_page(MARK)
def recount(request: HttpRequest, plan: UUID) -> HttpResponse:
    """Ask a worker to count one plan anew and to look for pairs."""
    counting.ring(plans.plan_named(plan, within=people.within(request)).id)
    messages.success(request, _("正在重新统计，通常不到一分钟。过一会儿刷新这一页。"))
    return redirect("console-exam-statistics-plan", plan)


def _file(request: HttpRequest, tables: list[sheets.Table], name: str) -> HttpResponse:
    manager = people.profile(request).manager
    who = f"manager:{manager.id if manager else 0}"
    audit.record("exams.statistics_exported", actor=who, target="statistics", at=clock.now(), tables=len(tables))
    return plans.workbook_response(tables, name)
