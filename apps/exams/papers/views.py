"""Pages of papers on the console."""

import secrets
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.exams.papers import composing, editing, forms, looking, printing, queries, services
from apps.exams.papers.models import PaperRevision
from apps.exams.papers.ports import PAPER_PRINTER
from apps.people import api as people
from apps.plans import api as plans
from infra.kit import clock
from infra.kit.errors import DomainError
from public.questions import api as questions

See, Change = people.Permission.EXAMS_SEE, people.Permission.EXAMS_CHANGE
PAGE = 25
_MOST_NUMBER = 10**6


@require_GET
@people.manager_page(See)
def listing(request: HttpRequest) -> HttpResponse:
    """List papers with search, filters, sorting and paging, each with the plans that hold it."""
    asked = {key: request.GET.get(key, "") for key in ("mode", "state", "sort")}
    page = Paginator(queries.listed(text=request.GET.get("q", "")[:60], **asked), PAGE).get_page(request.GET.get("page"))
    uses = _uses(row.paper_id for row in page)
    values = {
        "page": page,
        "lines": [(row, uses.get(row.paper_id, 0)) for row in page],
        "asked": asked,
        "modes": PaperRevision.Mode.choices,
        "is_filtered": bool(request.GET),
    }
    return render(request, "exams/papers/list.html", values)


def _uses(papers: Iterable[int]) -> dict[int, int]:
    paper_of = queries.revisions_of(papers)
    found: dict[int, int] = {}
    for use in plans.plans_with_papers(paper_of):
        found[paper_of[use.revision]] = found.get(paper_of[use.revision], 0) + 1
    return found


@require_GET
@people.manager_page(See)
def paper(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show one paper: what it consists of, how it is held, who uses it, its revisions, and what keeps it from being held."""
    row = queries.paper(uuid)
    draft = composing.draft_of(row)
    revisions = list(queries.revisions(row.paper_id))
    numbers = {one.uuid: one.number for one in revisions}
    values = {
        "row": row,
        "content": looking.content_lines(draft),
        "policy_lines": plans.policy_lines(draft.policy),
        "problem": looking.problem(draft),
        "uses": [(use, numbers[use.revision]) for use in plans.plans_with_papers(numbers)],
        "revisions": revisions,
    }
    return render(request, "exams/papers/paper.html", values)


@require_http_methods(["GET", "POST"])
@people.manager_page(Change)
def editor(request: HttpRequest, uuid: UUID | None = None) -> HttpResponse:
    """Write a paper, or change one. ``go=save`` saves; other values are what `editing.answer` knows and show the page again."""
    row = queries.paper(uuid) if uuid else None
    mode = row.mode if row else (request.POST or request.GET).get("mode", "")
    is_drawn = mode != PaperRevision.Mode.FIXED
    if request.method == "GET":
        data = forms.answers_of(composing.draft_of(row)) if row else forms.fresh(is_drawn=is_drawn)
        data["seen"] = services.stamp(row) if row else ""
        return _editor(request, forms.PaperForm(data, is_drawn=is_drawn), row)
    data, go = request.POST.copy(), request.POST.get("go", "")
    editing.answer(data, go)
    form = forms.PaperForm(data, is_drawn=is_drawn)
    if go != "save":
        return _editor(request, form, row)
    if form.is_valid() and (saved := _saved(request, form, row)):
        return redirect("console-paper", saved.paper.uuid)
    return _editor(request, form, row, status=422)


def _saved(request: HttpRequest, form: forms.PaperForm, row: PaperRevision | None) -> PaperRevision | None:
    asked: dict[str, Any] = {"by": _manager(request).name, "at": clock.now()}
    try:
        asked["draft"] = form.draft(looking.Shelf.now().topics)
        if row is None:
            saved = services.write(**asked)
        else:
            saved = services.rewrite(paper=row.paper.uuid, seen=form.cleaned_data["seen"], **asked)
    except DomainError as refusal:
        if refusal.status == 404:
            raise
        form.add_error("title" if refusal.code == "title" else None, str(refusal.message))
        return None
    is_new = row is not None and saved.number > row.number
    words = _("已保存为第 %(n)s 版。正在使用旧版的计划不受影响。") % {"n": saved.number} if is_new else _("试卷已保存。")
    messages.success(request, words)
    return saved


def _editor(request: HttpRequest, form: forms.PaperForm, row: PaperRevision | None, *, status: int = 200) -> HttpResponse:
    shelf = looking.Shelf.now()
    if status == 200:
        form.full_clean()
        form._errors = type(form.errors)()  # type: ignore[attr-defined]
    values: dict[str, Any] = {
        "form": form,
        "row": row,
        "is_drawn": form.is_drawn,
        "kinds": list(questions.KINDS.items()),
        "topics": shelf.topics,
        "labels": [*shelf.topics, *shelf.points],
        "banks": looking.banks(),
        "levels": ["1", "2", "3", "4", "5"],
    }
    if form.is_drawn:
        values |= looking.row_lines(form.answers, shelf)
    else:
        chosen = forms.chosen_of(form.answers)
        values |= looking.chosen_lines(chosen, shelf) | looking.offered(form.answers, shelf, chosen)
    return render(request, "exams/papers/editor.html", values, status=status)


@require_GET
@people.manager_page(Change)
def preview(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show the paper that one person might get; ``?no=`` names it, ``?answers=1`` shows the key. Only to those who write papers."""
    row, number = queries.paper(uuid), _paper_number(request.GET)
    with_answers = bool(request.GET.get("answers"))
    items, refusal = _items(row, number)
    values = {
        "row": row,
        "number": number,
        "next_number": _random_number(),
        "sections": printing.sections(items, with_answers=with_answers),
        "total": len(items),
        "with_answers": with_answers,
        "refusal": refusal,
    }
    return render(request, "exams/papers/preview.html", values)


def _items(row: PaperRevision, number: int) -> tuple[list[questions.Item], str]:
    try:
        return composing.composed(composing.draft_of(row), seed=number), ""
    except DomainError as refusal:
        return [], str(refusal.message)


@require_GET
@people.manager_page(Change)
def file(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Give a paper as PDF for printing; ``?no=`` names which one, without it a fixed paper is as it was put together; ``?answers=1`` with the key."""
    row, number = queries.paper(uuid), _paper_number(request.GET)
    in_order = row.mode == PaperRevision.Mode.FIXED and not request.GET.get("no")
    with_answers = bool(request.GET.get("answers"))
    items = composing.composed(composing.draft_of(row), seed=number, in_order=in_order)
    with translation.override(settings.LANGUAGE_CODE):  # what is handed out is Chinese, whoever prints it
        sheet = printing.sheet(row, items, number=0 if in_order else number, with_answers=with_answers)
        response = HttpResponse(PAPER_PRINTER.get().paper(sheet), content_type="application/pdf")
        name = f"{row.title}{_('（含答案）') if with_answers else ''}.pdf"
    response["Content-Disposition"] = content_disposition_header(as_attachment=False, filename=name) or "inline"
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
@people.manager_page(Change)
def copy(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Copy a paper and open the copy's editor."""
    made = services.copy(paper=uuid, by=_manager(request).name, at=clock.now())
    messages.success(request, _("已复制，请修改后保存。"))
    return redirect("console-paper-edit", made.paper.uuid)


@require_POST
@people.manager_page(Change)
def retire(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Take a paper off what plans are offered, or with ``do=restore`` put it back."""
    retired = request.POST.get("do") != "restore"
    services.retire(paper=uuid, retired=retired, at=clock.now())
    messages.success(request, _("试卷已停用，正在使用它的计划不受影响。") if retired else _("试卷已恢复，新计划又可以选它了。"))
    return redirect("console-paper", uuid)


def _manager(request: HttpRequest) -> people.ManagerView:
    found = people.profile(request).manager
    assert found is not None  # noqa: S101 - `manager_page` lets nobody else in
    return found


def _paper_number(asked: QueryDict) -> int:
    text = asked.get("no", "")
    return int(text) if text.isdecimal() and 0 < int(text) < _MOST_NUMBER else _random_number()


def _random_number() -> int:
    return secrets.randbelow(_MOST_NUMBER - 1) + 1
