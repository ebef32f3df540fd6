"""What learners see and do."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.community.threads import asking, finding, places, policy, queries
from apps.community.threads.forms import AskForm, FollowUpForm, MendForm, PostForm, ReportForm
from apps.community.threads.models import Report, Thread
from apps.community.threads.views.common import chosen_post, learner, picture, refused
from apps.people import api as people
from infra.kit import clock
from infra.kit.errors import DomainError
from public.answers import api as answers

PER_PAGE = 15
_HIDDEN_PLACE = ("lesson", "at", "page")


@require_GET
@people.learner_page
def mine(request: HttpRequest) -> HttpResponse:
    """List what the learner has asked or joined in, and the courses to ask about."""
    get, me = request.GET, learner(request)
    rows = queries.mine(me.id, text=get.get("q", ""), state=get.get("state", ""))
    page = Paginator(rows, PER_PAGE).get_page(get.get("page"))
    found = places.courses_of(me.id)
    values = {"page": page, "states": Thread.State.choices, "chosen": get, "courses": found}
    return render(request, "community/threads/mine.html", values)


@require_GET
@people.learner_page
def course(request: HttpRequest, assignment: UUID, course_version: int) -> HttpResponse:
    """Show what was asked about one course, and what the platform has published about it."""
    get = request.GET
    place = places.place(learner_id=learner(request).id, assignment=assignment, version_id=course_version)
    text, state = get.get("q", ""), get.get("state", "")
    rows = queries.of_course(place.course_code, text=text, state=state, sort=get.get("sort", ""))
    page = Paginator(rows, PER_PAGE).get_page(get.get("page"))
    shared = answers.shared([place.course_code], text=text) if page.number == 1 and state != "OPEN" else []
    rule = policy.rule()
    lines = [(row, queries.author(row, is_own=row.learner_id == learner(request).id, rule=rule)) for row in page]
    values = {"place": place, "page": page, "lines": lines, "shared": shared, "chosen": get}
    return render(request, "community/threads/course.html", values)


@require_http_methods(["GET", "POST"])
@people.learner_page
def ask(request: HttpRequest, assignment: UUID, course_version: int) -> HttpResponse:
    """Take a question, on a page of its own or in the player's dialog."""
    me = learner(request)
    form = AskForm(request.POST, request.FILES) if request.method == "POST" else AskForm(initial=_asked_at(request))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        place = places.place(
            learner_id=me.id,
            assignment=assignment,
            version_id=course_version,
            courseware_id=said["lesson"],
            at_ms=said["at"],
            page=said["page"],
        )
        try:
            row = asking.ask(learner_id=me.id, place=place, words=said["words"], picture=form.picture_bytes(), at=clock.now())
        except DomainError as error:
            return _ask(request, assignment, course_version, refused(form, error), status=_form_status(request, error))
        if request.htmx:  # type: ignore[attr-defined]
            return render(request, "community/threads/_asked.html", {"thread": row})
        messages.success(request, _("提问已提交，有人解答时会通知您。"))
        return redirect("learn-question", row.uuid)
    return _ask(request, assignment, course_version, form, status=422 if form.errors else 200)


def _ask(request: HttpRequest, assignment: UUID, course_version: int, form: AskForm, *, status: int) -> HttpResponse:
    asked = form.cleaned_data if form.is_bound and hasattr(form, "cleaned_data") else form.initial
    known: dict[str, Any] = {name: asked.get(name) for name in _HIDDEN_PLACE}
    place = places.place(
        learner_id=learner(request).id,
        assignment=assignment,
        version_id=course_version,
        courseware_id=known["lesson"],
        at_ms=known["at"],
        page=known["page"],
    )
    template = "community/threads/_ask.html" if request.htmx else "community/threads/ask.html"  # type: ignore[attr-defined]
    return render(request, template, {"form": form, "place": place}, status=status)


def _form_status(request: HttpRequest, error: DomainError) -> int:
    """The dialog is swapped at 422 only; there every refusal stands in the form."""
    return 422 if request.htmx else error.status  # type: ignore[attr-defined]


def _asked_at(request: HttpRequest) -> dict[str, int]:
    found = {name: request.GET.get(name, "") for name in _HIDDEN_PLACE}
    return {name: int(value) for name, value in found.items() if value.isdecimal() and len(value) < 16}


@require_POST
@people.learner_page
def similar(request: HttpRequest, assignment: UUID, course_version: int) -> HttpResponse:
    """Suggest what was answered before; posted, so that what somebody types stands in no address and no log."""
    place = places.place(learner_id=learner(request).id, assignment=assignment, version_id=course_version)
    found = finding.similar(request.POST.get("words", "")[:1000], course_code=place.course_code)
    return render(request, "community/threads/_similar.html", {"found": found, "best": finding.best_answers(found.own)})


@require_http_methods(["GET", "POST"])
@people.learner_page
def question(request: HttpRequest, thread: UUID) -> HttpResponse:
    """Show one question with its answers, and take a follow-up."""
    form = FollowUpForm(request.POST, request.FILES) if request.method == "POST" else FollowUpForm()
    if request.method == "POST" and form.is_valid():
        try:
            asking.follow_up(
                thread=thread,
                learner_id=learner(request).id,
                words=form.cleaned_data["words"],
                picture=form.picture_bytes(),
                at=clock.now(),
            )
        except DomainError as error:
            return _question(request, thread, form=refused(form, error), status=error.status)
        messages.success(request, _("追问已提交。"))
        return redirect("learn-question", thread)
    return _question(request, thread, form=form, status=422 if form.errors else 200)


def _question(
    request: HttpRequest, thread: UUID, *, form: FollowUpForm, status: int = 200, wrong: str = "", mended: MendForm | None = None
) -> HttpResponse:
    me = learner(request)
    courses = places.codes_of(me.id)
    found = queries.page(thread, learner_id=me.id, codes=frozenset(courses), at=clock.now())
    values = {
        "found": found,
        "thread": found.thread,
        "entry": courses.get(found.thread.course_code),
        "form": form,
        "wrong": wrong,
        "mended": mended,
        "reasons": Report.Reason.choices,
    }
    return render(request, "community/threads/question.html", values, status=status)


@require_POST
@people.learner_page
def mend(request: HttpRequest, thread: UUID) -> HttpResponse:
    """Change one's own words."""
    form = MendForm(request.POST)
    post = chosen_post(form)
    try:
        asking.mend(thread=thread, post=post, learner_id=learner(request).id, words=form.cleaned_data["words"], at=clock.now())
    except DomainError as error:
        if error.status == 404:
            raise
        return _question(request, thread, form=FollowUpForm(), status=error.status, wrong=str(error.message), mended=form)
    messages.success(request, _("修改已保存。"))
    return redirect("learn-question", thread)


@require_POST
@people.learner_page
def vote(request: HttpRequest, thread: UUID) -> HttpResponse:
    """Join in a question, or leave it."""
    me = learner(request)
    asking.vote(thread=thread, learner_id=me.id, codes=frozenset(places.codes_of(me.id)), at=clock.now())
    return redirect("learn-question", thread)


@require_POST
@people.learner_page
def best(request: HttpRequest, thread: UUID) -> HttpResponse:
    """Mark the best answer to one's own question."""
    if post := chosen_post(PostForm(request.POST)):
        asking.choose_best(thread=thread, post=post, learner_id=learner(request).id, at=clock.now())
        messages.success(request, _("已标为最佳解答。"))
    return redirect("learn-question", thread)


@require_POST
@people.learner_page
def close(request: HttpRequest, thread: UUID) -> HttpResponse:
    """Close one's own question."""
    asking.close(thread=thread, learner_id=learner(request).id)
    messages.success(request, _("提问已关闭。"))
    return redirect("learn-question", thread)


@require_POST
@people.learner_page
def report(request: HttpRequest, thread: UUID) -> HttpResponse:
    """Tell the moderators."""
    form, me = ReportForm(request.POST), learner(request)
    post = chosen_post(form)
    asking.report(
        thread=thread,
        post=post,
        learner_id=me.id,
        codes=frozenset(places.codes_of(me.id)),
        reason=form.cleaned_data["reason"],
        at=clock.now(),
    )
    messages.success(request, _("已收到举报，管理员会尽快处理。"))
    return redirect("learn-question", thread)


@require_GET
@people.learner_page
def shown_picture(request: HttpRequest, thread: UUID, said: UUID) -> HttpResponse:
    """Give out the picture beside a question or a post."""
    me = learner(request)
    found = queries.page(thread, learner_id=me.id, codes=frozenset(places.codes_of(me.id)), at=clock.now())
    return picture(queries.picture_of(found.thread, None if said == thread else said))
