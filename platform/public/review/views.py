"""Pages of the review on the desk."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from infra.kit import clock
from infra.kit.errors import DomainError
from public.catalogue import api as catalogue
from public.operators.api import Me, Queue, Role, desk_page, frame
from public.review import queries, services
from public.review.forms import DecisionForm

PER_PAGE = 20
STATES = (("DRAFT", _("草稿")), ("IN_REVIEW", _("审核中")), ("PUBLISHED", _("已发布")), ("RETIRED", _("已下架")))
_TONES = {"DRAFT": "neutral", "IN_REVIEW": "attention", "PUBLISHED": "proven", "RETIRED": "stop"}


def _badge(state: str) -> dict[str, Any]:
    return {"tone": _TONES.get(state, "neutral"), "label": dict(STATES).get(state, state)}


@require_GET
@desk_page()
def listing(request: HttpRequest, me: Me) -> HttpResponse:
    """List course versions: authors see their own, the others all."""
    get = request.GET
    state = get.get("state", "") if get.get("state", "") in dict(STATES) else ""
    found = catalogue.all_versions(search=get.get("q", "").strip(), state=state)
    if me.role == Role.AUTHOR:
        own = queries.own_version_ids(me.credential_id)
        found = [card for card in found if card.version_id in own]
    if get.get("ready"):
        ready = queries.ready_version_ids()
        found = [card for card in found if card.version_id in ready]
    page = Paginator(found, PER_PAGE).get_page(get.get("page", "1"))
    rows = [{"card": card, "badge": _badge(card.state)} for card in page]
    context = {"page_title": _("课程"), "page": page, "rows": rows, "states": STATES, "chosen": get}
    return render(request, "review/courses.html", {**frame(request, me, "desk-courses"), **context})


@require_GET
@desk_page()
def detail(request: HttpRequest, me: Me, version_id: int) -> HttpResponse:
    """Show one version with its four angles."""
    return _detail(request, me, version_id, DecisionForm())


def _detail(request: HttpRequest, me: Me, version_id: int, form: DecisionForm, *, status: int = 200) -> HttpResponse:
    course = catalogue.course(version_id)
    table = queries.board(version_id)
    if me.role == Role.AUTHOR and table.standing.author_id != me.credential_id:
        raise DomainError("not_found", _("没有找到课程版本，它可能已下架。"), status=404)
    own = table.standing.author_id == me.credential_id
    context = {
        "page_title": course.card.title,
        "course": course,
        "media": catalogue.media_states(version_id),
        "board": table,
        "badge": _badge(table.standing.state),
        "form": form,
        "history": [_entry(row) for row in table.history],
        "may_submit": me.role == Role.AUTHOR and own and table.standing.state == "DRAFT",
        "may_judge": me.role == Role.REVIEWER and not own and table.standing.in_review,
        "may_publish": me.role == Role.OPERATIONS and table.may_publish,
    }
    return render(request, "review/course.html", {**frame(request, me, "desk-courses"), **context}, status=status)


def _entry(row: Any) -> dict[str, Any]:
    tone = "proven" if row.verdict == "PASS" else "attention"
    title = f"{row.get_angle_display()} · {row.get_verdict_display()}"
    return {"at": row.at, "title": title, "text": " · ".join(filter(None, [row.reviewer_name, row.note])), "tone": tone}


@require_POST
@desk_page(Role.AUTHOR)
def submit(request: HttpRequest, me: Me, version_id: int) -> HttpResponse:
    """Put one's draft before the reviewers."""
    services.submit(version_id=version_id, me=me, at=clock.now())
    messages.success(request, _("已提交审核，内容已锁定。"))
    return redirect("desk-course", version_id)


@require_POST
@desk_page(Role.REVIEWER)
def decide(request: HttpRequest, me: Me, version_id: int) -> HttpResponse:
    """Sign one verdict."""
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _detail(request, me, version_id, form, status=422)
    try:
        services.decide(version_id=version_id, me=me, at=clock.now(), **form.cleaned_data)
    except DomainError as error:
        if error.details.get("field") != "note":
            raise
        form.add_error("note", error.message)
        return _detail(request, me, version_id, form, status=422)
    messages.success(request, _("结论已签署。"))
    return redirect("desk-course", version_id)


@require_POST
@desk_page(Role.OPERATIONS)
def publish(request: HttpRequest, me: Me, version_id: int) -> HttpResponse:
    """Make the version current."""
    services.publish(version_id=version_id, me=me, at=clock.now())
    messages.success(request, _("课程已发布，全部企业可选用。"))
    return redirect("desk-course", version_id)


def course_queues(me: Me) -> list[Queue]:
    """Return what waits for this role among the courses."""
    url = reverse("desk-courses")
    if me.role == Role.AUTHOR:
        found = queries.drafts_of(me.credential_id)
        return [
            Queue(_("退回修改"), found["returned"], f"{url}?state=DRAFT", _("按审核意见修改后再次提交")),
            Queue(_("草稿"), found["drafts"], f"{url}?state=DRAFT", _("完善后提交审核"), is_work=False),
        ]
    if me.role == Role.REVIEWER:
        waiting = queries.waiting_for(me.credential_id)
        return [Queue(_("待审核课程"), waiting, f"{url}?state=IN_REVIEW", _("从四个方面分别给出结论"))]
    ready = len(queries.ready_version_ids())
    return [Queue(_("待发布课程"), ready, f"{url}?state=IN_REVIEW&ready=1", _("四个方面均已通过"))]
