"""What managers and trainers see and do: the list, one question, and the small acts about it."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.community.threads import answering, desk, moderating, policy, rules, sharing
from apps.community.threads.forms import AnswerForm, HideForm, MendForm, PostForm
from apps.community.threads.models import Post, Thread
from apps.community.threads.views.common import chosen_post, manager, picture, refused
from apps.people import api as people
from infra.kit import clock, sheets
from infra.kit.errors import DomainError
from public.audit import api as audit

PER_PAGE = 20
SEE, ANSWER, MODERATE = people.Permission.TALK_SEE, people.Permission.TALK_ANSWER, people.Permission.TALK_MODERATE


@require_GET
@people.manager_page(SEE)
def listing(request: HttpRequest) -> HttpResponse:
    """List questions by deadline with figures; every filter lives in the address. ``export=xlsx`` is the same as a file."""
    get, within, at = request.GET, people.within(request), clock.now()
    unit = get.get("unit", "")
    asked = desk.Asked(
        text=get.get("q", ""),
        state=get.get("state", ""),
        course=get.get("course", ""),
        unit_id=int(unit) if unit.isdecimal() and len(unit) < 10 else None,
        claimed=get.get("claimed", ""),
        sort=get.get("sort", ""),
    )
    rows = desk.listing(asked, within=within, me=manager(request).id, at=at)
    if get.get("export") == "xlsx":
        return _file(request, desk.workbook(rows))
    page = Paginator(rows, PER_PAGE).get_page(get.get("page"))
    values = {
        "page": page,
        "lines": [(row, desk.where(row), row.state == Thread.State.OPEN and row.due_at < at) for row in page],
        "figures": desk.figures(within=within, at=at),
        "courses": desk.courses(within=within),
        "units": people.units(within=within),
        "chosen": get,
    }
    return render(request, "community/threads/console_list.html", values)


def _file(request: HttpRequest, data: bytes) -> HttpResponse:
    audit.record("talk.exported", actor=f"manager:{manager(request).id}", target="talk", at=clock.now())
    response = HttpResponse(data, content_type=sheets.XLSX)
    response["Content-Disposition"] = 'attachment; filename="questions.xlsx"'
    return response


@require_http_methods(["GET", "POST"])
@people.manager_page(SEE, post=ANSWER)
def question(request: HttpRequest, thread: UUID) -> HttpResponse:
    """Show one question whole, and take an answer."""
    form = AnswerForm(request.POST, request.FILES) if request.method == "POST" else AnswerForm()
    if request.method == "POST" and form.is_valid():
        try:
            answering.answer(
                thread=thread,
                by=manager(request),
                within=people.within(request),
                words=form.cleaned_data["words"],
                picture=form.picture_bytes(),
                at=clock.now(),
            )
        except DomainError as error:
            return _question(request, thread, form=refused(form, error), status=error.status)
        messages.success(request, _("解答已发布，已通知提问的学员。"))
        return redirect("console-question", thread)
    return _question(request, thread, form=form, status=422 if form.errors else 200)


def _question(request: HttpRequest, thread: UUID, *, form: AnswerForm, status: int = 200, wrong: str = "") -> HttpResponse:
    within, at, me = people.within(request), clock.now(), manager(request)
    row, minutes = desk.one(thread, within=within), policy.rule().edit_minutes
    out = {sent.post_id for sent in row.sent.all() if sent.state in sharing.OUT}
    lines = [
        {
            "post": post,
            "may_edit": post.manager_id == me.id and rules.may_edit(at=at, said_at=post.at, minutes=minutes),
            "may_share": post.kind == Post.Kind.ANSWER and post.manager_id and not post.hidden_at and post.pk not in out,
            "reports": [one for one in row.reports.all() if one.post_id == post.pk],
        }
        for post in row.posts.all()
    ]
    values = {
        "thread": row,
        "place": desk.where(row),
        "lines": lines,
        "reports": [one for one in row.reports.all() if one.post_id is None],
        "like": desk.like(row, within=within),
        "canned": policy.canned(),
        "form": form,
        "wrong": wrong,
        "me": me,
        "is_late": row.state == Thread.State.OPEN and row.due_at < at,
        "asked_platform": None in out,
    }
    return render(request, "community/threads/console_question.html", values, status=status)


@require_POST
@people.manager_page(ANSWER)
def claim(request: HttpRequest, thread: UUID) -> HttpResponse:
    """Take a question upon oneself, or let it go."""
    take = request.POST.get("take") == "1"
    answering.claim(thread=thread, by=manager(request), within=people.within(request), take=take)
    messages.success(request, _("已认领，新的追问只通知您。") if take else _("已取消认领。"))
    return redirect("console-question", thread)


@require_POST
@people.manager_page(ANSWER)
def mend(request: HttpRequest, thread: UUID) -> HttpResponse:
    """Change one's own answer."""
    form = MendForm(request.POST)
    if (post := chosen_post(form)) is None:
        raise DomainError("not_found", _("没有找到这条内容，可能已被移除。"), status=404)
    try:
        answering.mend_answer(
            thread=thread,
            post=post,
            by=manager(request),
            within=people.within(request),
            words=form.cleaned_data["words"],
            at=clock.now(),
        )
    except DomainError as error:
        if error.status == 404:
            raise
        return _question(request, thread, form=AnswerForm(), status=error.status, wrong=str(error.message))
    messages.success(request, _("修改已保存。"))
    return redirect("console-question", thread)


@require_POST
@people.manager_page(ANSWER)
def best(request: HttpRequest, thread: UUID) -> HttpResponse:
    """Mark the best answer."""
    if post := chosen_post(PostForm(request.POST)):
        answering.choose_best(thread=thread, post=post, within=people.within(request))
        messages.success(request, _("已标为最佳解答。"))
    return redirect("console-question", thread)


@require_POST
@people.manager_page(MODERATE)
def duplicate(request: HttpRequest, thread: UUID) -> HttpResponse:
    """Link a question to the one that it repeats."""
    if other := chosen_post(PostForm(request.POST)):
        answering.link_duplicate(thread=thread, other=other, within=people.within(request), at=clock.now())
        messages.success(request, _("已关联并关闭，学员会被带到那个提问。"))
    return redirect("console-question", thread)


@require_POST
@people.manager_page(MODERATE)
def close(request: HttpRequest, thread: UUID) -> HttpResponse:
    """Close a question, or open it again."""
    act = answering.reopen if request.POST.get("open") == "1" else answering.close
    act(thread=thread, by=manager(request), within=people.within(request), at=clock.now())
    return redirect("console-question", thread)


@require_POST
@people.manager_page(MODERATE)
def hide(request: HttpRequest, thread: UUID) -> HttpResponse:
    """Hide a question or a post, with a reason."""
    form = HideForm(request.POST)
    if not form.is_valid():
        wrong = str(next(iter(form.errors.values()))[0])
        return _question(request, thread, form=AnswerForm(), status=422, wrong=wrong)
    moderating.hide(
        thread=thread,
        post=form.cleaned_data["post"],
        by=manager(request),
        within=people.within(request),
        reason=form.cleaned_data["reason"],
        at=clock.now(),
    )
    messages.success(request, _("已隐藏，其他学员看不到。"))
    return redirect("console-question", thread)


@require_POST
@people.manager_page(MODERATE)
def restore(request: HttpRequest, thread: UUID) -> HttpResponse:
    """Show something again."""
    post = chosen_post(PostForm(request.POST))
    moderating.restore(thread=thread, post=post, by=manager(request), within=people.within(request), at=clock.now())
    messages.success(request, _("已恢复显示。"))
    return redirect("console-question", thread)


@require_POST
@people.manager_page(MODERATE)
def keep(request: HttpRequest, thread: UUID) -> HttpResponse:
    """Let something stand that was reported."""
    post = chosen_post(PostForm(request.POST))
    moderating.keep(thread=thread, post=post, by=manager(request), within=people.within(request), at=clock.now())
    messages.success(request, _("已保留，举报已处理。"))
    return redirect("console-question", thread)


@require_GET
@people.manager_page(SEE)
def shown_picture(request: HttpRequest, thread: UUID, said: UUID) -> HttpResponse:
    """Give out the picture beside a question or a post; a hidden one too, for whoever moderates."""
    row = desk.one(thread, within=people.within(request))
    named = row.picture if said == thread else next((one.picture for one in row.posts.all() if one.uuid == said), "")
    return picture(named)
