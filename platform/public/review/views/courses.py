"""Lists of versions, one version with its way, and what its author and operations may do to it."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from infra.kit import clock
from infra.kit.errors import DomainError
from public.catalogue import api as catalogue
from public.operators.api import Me, Role, colleagues, desk_page, frame
from public.review import signing
from public.review.forms import ReasonForm
from public.review.models import ReReview
from public.review.queries import board as boards
from public.review.queries import laws, work
from public.review.services import publishing, submitting
from public.review.views import shown

PER_PAGE = 20


@require_GET
@desk_page()
def listing(request: HttpRequest, me: Me) -> HttpResponse:
    """List course versions: authors see their own, the others all."""
    get = request.GET
    state = get.get("state", "") if get.get("state", "") in dict(shown.STATES) else ""
    found = catalogue.all_versions(search=get.get("q", "").replace("\0", "").strip(), state=state)
    wanted = _wanted(request, me)
    if wanted is not None:
        found = [card for card in found if card.version_id in wanted]
    page = Paginator(found, PER_PAGE).get_page(get.get("page", "1"))
    rows = [{"card": card, "badge": shown.badge(card.state)} for card in page]
    context = {"page_title": _("课程"), "page": page, "rows": rows, "states": shown.STATES, "chosen": get}
    return render(request, "review/courses.html", {**frame(request, me, "desk-courses"), **context})


def _wanted(request: HttpRequest, me: Me) -> set[int] | None:
    if me.role == Role.AUTHOR:
        return work.own_version_ids(me.credential_id)
    if request.GET.get("ready"):
        return work.ready_version_ids()
    return work.outcome_versions(ReReview.Outcome.RETIRE) if request.GET.get("leaving") else None


@require_GET
@desk_page()
def detail(request: HttpRequest, me: Me, version_id: int) -> HttpResponse:
    """Show one version: what it is, where its four angles stand, what was found, how it was published."""
    return show(request, me, version_id)


def show(request: HttpRequest, me: Me, version_id: int, *, status: int = 200, **more: Any) -> HttpResponse:
    """Return the version's page; ``more`` adds to the context (a form with errors, what is missing)."""
    course, table = catalogue.course(version_id), boards.board(version_id)
    shown.own_or_desk(me, table.standing.author_id)
    found = boards.findings(version_id)
    now = clock.now()
    mine = [line.angle for line in table.lines if me.role == Role.REVIEWER and line.may_judge(me.credential_id)]
    context = {
        "page_title": course.card.title,
        "course": course,
        "media": catalogue.media_states(version_id),
        "board": table,
        "lines": [{"line": line, "late": line.is_overdue(now), "mine": line.angle in mine} for line in table.lines],
        "badge": shown.badge(table.standing.state),
        "findings": shown.finding_rows(found, me=me, author_id=table.standing.author_id, judged=mine),
        "lessons": shown.lessons(table.submission, version_id, found),
        "history": [shown.verdict_entry(row, is_whole=signing.verify(row)) for row in table.history],
        "publish_log": [_log_entry(entry) for entry in catalogue.publish_log(course.card.course_id)],
        "rereviews": boards.rereviews_of(version_id),
        "articles": laws.cited_by(version_id),
        "reason_form": ReasonForm(),
        **_rights(me, table),
    }
    return render(request, "review/course.html", {**frame(request, me, "desk-courses"), **context, **more}, status=status)


def _rights(me: Me, table: boards.Board) -> dict[str, Any]:
    state, operations = table.standing.state, me.role == Role.OPERATIONS
    version = table.standing.version_id
    return {
        "may_submit": me.role == Role.AUTHOR and table.standing.author_id == me.credential_id and state == "DRAFT",
        "may_publish": operations and table.may_publish,
        "may_undo": operations and state in {"PUBLISHED", "RECALLED"} and catalogue.former_of(version) is not None,
        "may_retire": operations and state == "PUBLISHED",
        "may_recall": operations and state in {"PUBLISHED", "RETIRED", "HELD"},
    }


def _log_entry(entry: Any) -> dict[str, Any]:
    names = {one.credential_id: one.name for role in Role.values for one in colleagues(role)}
    way = f"{_number(entry.from_number)} → {_number(entry.to_number)}"
    tone = {"RECALL": "stop", "RETIRE": "attention", "UNDO": "attention", "HOLD": "attention"}.get(entry.kind, "proven")
    text = " · ".join(filter(None, [names.get(entry.by_id, f"#{entry.by_id}"), entry.reason]))
    return {"at": entry.at, "title": f"{entry.kind_name} · {way}", "text": text, "tone": tone}


def _number(number: int | None) -> str:
    return f"V{number}" if number else "—"


@require_POST
@desk_page(Role.AUTHOR)
def submit(request: HttpRequest, me: Me, version_id: int) -> HttpResponse:
    """Put one's draft before the reviewers; what is missing is listed on the page."""
    try:
        submitting.submit(version_id=version_id, me=me, at=clock.now())
    except DomainError as error:
        if error.code not in {"incomplete", "unanswered"}:
            raise
        return show(request, me, version_id, status=error.status, refusal=error, missing=error.details.get("missing", []))
    messages.success(request, _("已提交审核，内容已锁定。"))
    return redirect("desk-course", version_id)


@require_POST
@desk_page(Role.OPERATIONS)
def publish(request: HttpRequest, me: Me, version_id: int) -> HttpResponse:
    """Make the version current."""
    try:
        publishing.publish(version_id=version_id, me=me, at=clock.now())
    except DomainError as error:
        if error.code != "incomplete":
            raise
        return show(request, me, version_id, status=error.status, refusal=error, missing=error.details.get("missing", []))
    messages.success(request, _("课程已发布，全部企业可选用。"))
    return redirect("desk-course", version_id)


@require_POST
@desk_page(Role.OPERATIONS)
def take_back(request: HttpRequest, me: Me, version_id: int, act: str) -> HttpResponse:
    """Undo a publication, retire or recall a version, each with a reason."""
    acts = {
        "undo": (publishing.undo, _("已恢复上一版。")),
        "retire": (publishing.retire, _("课程已下架，使用它的企业已收到通知。")),
        "recall": (publishing.recall, _("课程已召回：正在进行的学习立即停止，使用它的企业已收到通知。")),
    }
    if act not in acts:
        raise DomainError("not_found", _("没有这个操作。请刷新页面。"), status=404)
    form, (service, said) = ReasonForm(request.POST), acts[act]
    if not form.is_valid():
        return show(request, me, version_id, status=422, reason_form=form, acting=act)
    try:
        service(version_id=version_id, me=me, at=clock.now(), **form.cleaned_data)
    except DomainError as error:
        if error.code not in {"incomplete", "no_former"}:
            raise
        return show(request, me, version_id, status=error.status, refusal=error, missing=error.details.get("missing", []))
    messages.success(request, said)
    return redirect("desk-course", version_id)
