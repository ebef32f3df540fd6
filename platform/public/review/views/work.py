"""Who has what on the table."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from infra.kit import clock
from infra.kit.errors import DomainError
from public.operators.api import Me, Role, desk_page, frame
from public.review.forms import PolicyForm
from public.review.queries import policy as policies
from public.review.queries import work
from public.review.services import rereviews, tasks
from public.review.views import shown


@require_GET
@desk_page(Role.REVIEWER)
def mine(request: HttpRequest, me: Me) -> HttpResponse:
    """Show one's own reviews, most urgent first, with those that nobody has."""
    found = work.open_work(at=clock.now(), person=me.credential_id)
    rows = _chosen(request, found)
    context = {
        "page_title": _("我的审核"),
        "rows": rows,
        "total": len(found),
        "late": sum(item.is_overdue for item in found),
        "again": sum(item.is_rereview for item in found),
        "done": work.recently_done(me.credential_id, at=clock.now()),
        "chosen": request.GET,
    }
    return render(request, "review/mine.html", {**frame(request, me, "desk-my-reviews"), **context})


def _chosen(request: HttpRequest, found: list[work.Work]) -> list[work.Work]:
    get = request.GET
    words = get.get("q", "").strip().lower().split()
    kinds = {"again": True, "first": False}
    return [
        item
        for item in found
        if (not get.get("late") or item.is_overdue)
        and (not get.get("free") or item.assignee_id is None)
        and (get.get("kind") not in kinds or item.is_rereview is kinds[get["kind"]])
        and (not get.get("who", "").isdigit() or item.assignee_id == int(get["who"]))
        and all(word in f"{item.title} {item.code} {item.what}".lower() for word in words)
    ]


@require_GET
@desk_page(Role.OPERATIONS)
def board(request: HttpRequest, me: Me) -> HttpResponse:
    """Show everybody's load and all open work, to be given to others."""
    return _board(request, me)


def _board(request: HttpRequest, me: Me, *, form: PolicyForm | None = None, status: int = 200) -> HttpResponse:
    now = clock.now()
    found, rules = work.open_work(at=now), policies.policy()
    context: dict[str, Any] = {
        "page_title": _("审核进度"),
        "loads": work.loads(at=now),
        "rows": _chosen(request, found),
        "total": len(found),
        "late": sum(item.is_overdue for item in found),
        "free": sum(item.assignee_id is None for item in found),
        "policy": rules,
        "policy_history": policies.policy_history(),
        "policy_form": form or PolicyForm(initial=_initial(rules)),
        "changing": form is not None,
        "chosen": request.GET,
    }
    return render(request, "review/board.html", {**frame(request, me, "desk-reviews"), **context}, status=status)


def _initial(rules: Any) -> dict[str, Any]:
    names = ("sla_working_days", "law_working_days", "rereview_lead_days", "one_angle_each")
    return {name: getattr(rules, name) for name in names}


@require_POST
@desk_page(Role.OPERATIONS)
def assign(request: HttpRequest, me: Me) -> HttpResponse:
    """Give a task (``t12``) or a re-review (``r12``) to somebody."""
    key, to, reason = (request.POST.get(name, "") for name in ("key", "reviewer", "reason"))
    if key[:1] not in {"t", "r"} or not key[1:].isdigit() or not (to.isdigit() or not to):
        raise DomainError("not_found", _("没有找到这项审核。请刷新页面。"), status=404)
    values: dict[str, Any] = {"reviewer_id": int(to) if to else None, "reason": reason[:200], "me": me, "at": clock.now()}
    try:
        if key[0] == "t":
            tasks.assign(task_id=int(key[1:]), **values)
        else:
            rereviews.assign(rereview_id=int(key[1:]), **values)
    except DomainError as error:
        if error.status == 404:
            raise
        messages.error(request, error.message)
    else:
        messages.success(request, _("已分派。"))
    return shown.back(request, reverse("desk-reviews"))


@require_POST
@desk_page(Role.OPERATIONS)
def policy(request: HttpRequest, me: Me) -> HttpResponse:
    """Set the rules of the review."""
    form = PolicyForm(request.POST)
    if form.is_valid():
        try:
            tasks.set_policy(me=me, at=clock.now(), **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("规则已更新，从现在起生效。"))
            return redirect("desk-reviews")
    return _board(request, me, form=form, status=422)


@require_POST
@desk_page(Role.REVIEWER)
def claim(request: HttpRequest, me: Me, task_id: int) -> HttpResponse:
    """Take a task into work and open it."""
    task = tasks.claim(task_id=task_id, me=me, at=clock.now())
    return redirect("desk-judge", task.version_id, task.angle)
