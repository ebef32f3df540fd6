"""The shared banks on the desk: lists, one question, what may be done with it. Reviewers and operations read along."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from infra.kit import clock, sheets
from infra.kit.errors import DomainError
from public.authoring.bank import shown
from public.authoring.bank.forms import LEVELS, BankForm, BatchForm, ReasonForm
from public.operators.api import Me, Role, desk_page, frame
from public.questions import api as questions
from public.questions.api import bank
from public.review import api as review

PER_PAGE = 30
EVERYBODY = (Role.AUTHOR, Role.REVIEWER, Role.OPERATIONS)
MENU = "desk-questions"


@require_GET
@desk_page(*EVERYBODY)
def listing(request: HttpRequest, me: Me) -> HttpResponse:
    """List the questions of all shared banks; every filter lives in the address."""
    get, wanted = request.GET, shown.filters(request.GET, me)
    page = Paginator(bank.lines(wanted), PER_PAGE).get_page(get.get("page", "1"))
    context = {
        "page_title": _("共享题库"),
        "page": page,
        "rows": [shown.line(row) for row in page],
        "banks": bank.banks(),
        "topics": bank.topics_in_use(),
        "kinds": questions.KINDS.items(),
        "levels": LEVELS,
        "states": bank.STATES,
        "law": shown.law_words(wanted.law, wanted.article),
        "chosen": get,
        "is_author": me.role == Role.AUTHOR,
        "kind_choices": questions.KINDS.items(),
    }
    return render(request, "authoring/bank/list.html", {**frame(request, me, MENU), **context})


@require_GET
@desk_page(*EVERYBODY)
def export(request: HttpRequest, me: Me) -> HttpResponse:
    """Give the questions that the filters leave as an Excel file; the same columns can be imported."""
    at = clock.now()
    body = bank.sheet(bank.lines(shown.filters(request.GET, me))[: bank.MOST_LINES])
    name = f"questions-{clock.shanghai_date(at):%Y%m%d}.xlsx"
    return HttpResponse(body, content_type=sheets.XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@require_GET
@desk_page(*EVERYBODY)
def detail(request: HttpRequest, me: Me, question: UUID) -> HttpResponse:
    """Show one question: its newest version, former ones, near copies, changes of law."""
    return show(request, me, question)


def show(
    request: HttpRequest, me: Me, question: UUID, *, form: ReasonForm | None = None, doing: str = "", status: int = 200
) -> HttpResponse:
    """Return the page of one question; ``form`` with ``doing`` is the refused one."""
    row = bank.question(question)
    versions = list(row.versions.all())
    newest = versions[0]
    mine = newest.author_id == me.credential_id
    published = any(one.state == "PUBLISHED" for one in versions)
    is_draft = newest.state == "DRAFT" and row.retired_at is None
    returned = review.returned([newest.pk]).get(newest.pk) if is_draft and newest.submitted_at else None
    context: dict[str, Any] = {
        "page_title": row.code,
        "question": row,
        "newest": newest,
        "badge": shown.badge(newest),
        "item": questions.readable(newest.content),
        "former": [{"row": one, "badge": shown.badge(one), "item": questions.readable(one.content)} for one in versions[1:]],
        "complaints": questions.complaints(newest) if is_draft else [],
        "returned": returned,
        "remarks": review.remarks_on(returned, row.code) if returned else [],
        "similar": bank.similar(newest) if row.retired_at is None else [],
        "rechecks": row.rechecks.all(),
        "may_edit": mine and is_draft and me.role == Role.AUTHOR,
        "may_discard": mine and is_draft and newest.submitted_at is None,
        "may_revise": me.role == Role.AUTHOR and row.retired_at is None and newest.state in {"PUBLISHED", "RETIRED"},
        "may_retire": row.retired_at is None
        and newest.state != "IN_REVIEW"
        and (me.role == Role.OPERATIONS or (mine and not published and newest.submitted_at is not None)),
        "may_keep": me.role == Role.REVIEWER,
        "form": form or ReasonForm(),
        "doing": doing,
    }
    return render(request, "authoring/bank/question.html", {**frame(request, me, MENU), **context}, status=status)


@require_POST
@desk_page(Role.AUTHOR)
def revise(request: HttpRequest, me: Me, question: UUID) -> HttpResponse:
    """Begin the next version and open it."""
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return show(request, me, question, form=form, doing="revise", status=422)
    questions.revise(question=question, note=form.cleaned_data["reason"], me=me, at=clock.now())
    return redirect("desk-question-edit", question)


@require_POST
@desk_page(Role.AUTHOR)
def discard(request: HttpRequest, me: Me, question: UUID) -> HttpResponse:
    """Throw one's own draft away."""
    newest = bank.question(question).versions.all()[0]
    questions.discard(version_id=newest.pk, me=me, at=clock.now())
    messages.success(request, _("草稿已删除。"))
    return redirect("desk-question", question) if newest.number > 1 else redirect("desk-questions")


@require_POST
@desk_page(Role.AUTHOR, Role.OPERATIONS)
def retire(request: HttpRequest, me: Me, question: UUID) -> HttpResponse:
    """Take a question out of future papers; an author only one of the own that never was on any."""
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return show(request, me, question, form=form, doing="retire", status=422)
    if me.role == Role.AUTHOR and not bank.is_unpublished_of(question, me.credential_id):
        raise DomainError("forbidden", _("已发布的试题由平台运营停用，请联系平台运营。"), status=403)
    questions.retire(question=question, reason=form.cleaned_data["reason"], me=me, at=clock.now())
    messages.success(request, _("已停用，今后不再出现在试卷里；已有的答卷不变。"))
    return redirect("desk-question", question)


@require_POST
@desk_page(Role.REVIEWER)
def keep(request: HttpRequest, me: Me, question: UUID, recheck: int) -> HttpResponse:
    """Say that a question still holds after a change of law."""
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return show(request, me, question, form=form, doing=f"keep-{recheck}", status=422)
    questions.keep(recheck_id=recheck, words=form.cleaned_data["reason"], me=me, at=clock.now())
    messages.success(request, _("已记录：这道题仍然正确。"))
    return redirect("desk-question", question)


@require_http_methods(["GET", "POST"])
@desk_page(Role.AUTHOR)
def banks(request: HttpRequest, me: Me) -> HttpResponse:
    """List the banks; open one."""
    form = BankForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            questions.open_bank(me=me, at=clock.now(), **form.cleaned_data)
        except DomainError as error:
            form.add_error("title", error.message)
        else:
            messages.success(request, _("题库已建立。"))
            return redirect("desk-question-banks")
    context = {"page_title": _("题库"), "banks": bank.banks(), "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "authoring/bank/banks.html", {**frame(request, me, MENU), **context}, status=status)


@require_GET
@desk_page(*EVERYBODY)
def twins(request: HttpRequest, me: Me) -> HttpResponse:
    """Show questions that say much the same."""
    topic = request.GET.get("topic", "")
    context = {
        "page_title": _("重复试题"),
        "pairs": bank.twins(topic=topic),
        "topics": bank.topics_in_use(),
        "chosen": request.GET,
    }
    return render(request, "authoring/bank/twins.html", {**frame(request, me, MENU), **context})


@require_http_methods(["GET", "POST"])
@desk_page(Role.AUTHOR)
def hand_in(request: HttpRequest, me: Me) -> HttpResponse:
    """Choose from one's own drafts what goes before the reviewers together."""
    form = BatchForm(request.POST or None)
    drafts = [{**shown.line(row), "complaints": questions.complaints(row)} for row in bank.drafts_of(me.credential_id)]
    chosen = {int(key) for key in request.POST.getlist("ids") if key.isdecimal() and len(key) < 18}
    refused: dict[str, list[str]] = {}
    if request.method == "POST" and form.is_valid():
        try:
            made = review.submit_questions(title=form.cleaned_data["title"], version_ids=sorted(chosen), me=me, at=clock.now())
        except DomainError as error:
            form.add_error(error.details.get("field"), error.message)
            refused = error.details.get("questions", {})
        else:
            messages.success(request, _("已提交审核，四个方面都通过后由运营发布。"))
            return redirect("desk-question-batch", made.uuid)
    context = {
        "page_title": _("提交试题审核"),
        "form": form,
        "rows": drafts,
        "ready": sum(not row["complaints"] for row in drafts),
        "ids": chosen or {row["row"].pk for row in drafts if not row["complaints"]},
        "refused": refused,
    }
    status = 422 if form.is_bound else 200
    return render(request, "authoring/bank/hand_in.html", {**frame(request, me, MENU), **context}, status=status)
