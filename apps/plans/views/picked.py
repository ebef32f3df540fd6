"""From the list of people into a plan: those who were ticked there, and the running plan that takes them."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from apps.people import api as people
from apps.plans import console, opening
from apps.plans.assigning import Who
from infra.kit import clock
from infra.kit.errors import DomainError

MOST = 500


@require_POST
@people.manager_page(people.Permission.PLANS_CHANGE)
def add_picked(request: HttpRequest) -> HttpResponse:
    """Ask which running plan takes the people (``ids`` of uuids), then add them (``plan``); those already in it stay as they are.

    :raises DomainError: ``nobody``, ``too_many``, ``unknown_learner``; 404 ``not_found``; 409 ``plan_closed``
    """
    picked = [uuid for value in request.POST.getlist("ids") if (uuid := _uuid(value))]
    if not picked:
        raise DomainError("nobody", _("请先在名单里勾选学员。"))
    if len(picked) > MOST:
        raise DomainError("too_many", _("一次最多处理 %(n)d 人，请分几次。") % {"n": MOST})
    plan = _uuid(request.POST.get("plan", ""))
    if plan is None:
        plans = console.plan_list(state="RUNNING", sort="due", today=clock.shanghai_date(clock.now()))[:50]
        return render(request, "plans/console_picked.html", {"picked": picked, "plans": plans})
    who = Who("picked", learner_ids=people.active_ids(picked))
    added = opening.add_learners(plan_uuid=plan, who=who, at=clock.now())
    words = ngettext("新增 %(n)d 名学员。", "新增 %(n)d 名学员。", added) % {"n": added}
    messages.success(request, words if added else _("所选学员都已在计划里。"))
    return redirect("console-plan", plan)


def _uuid(value: str) -> UUID | None:
    try:
        return UUID(value)
    except ValueError:
        return None
