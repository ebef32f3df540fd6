"""Around the list of people: one cell changed in place, views under a name, everything that was changed."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.people import access, changing, history, managing, queries, saved_views
from apps.people.models import Change, Learner
from apps.people.permissions import Permission
from apps.people.views.people import by, number
from infra.kit.errors import DomainError

PER_PAGE = 50
CELLS: dict[str, Any] = {
    "position": None,
    "employee_no": None,
    "role": Learner.Role.choices,
    "employment": [("", "—"), *Learner.Employment.choices],
}
"""What may be changed in the list: text, or one of these."""


@require_http_methods(["GET", "POST"])
@access.manager_page(Permission.PEOPLE_CHANGE)
def cell(request: HttpRequest, learner: UUID, name: str) -> HttpResponseBase:
    """Give one cell to be typed into, or keep what was typed; somebody else's newer value is shown and told, never written over.

    :raises DomainError: 404 ``not_found``; 409 ``changed_meanwhile``
    """
    if name not in CELLS:
        raise DomainError("not_found", _("没有这一项，请刷新名单后再试。"), status=404)
    row = queries.learner_row(learner, within=access.within(request))
    if request.method == "GET":
        return _cell(request, row, name, is_open="show" not in request.GET)
    try:
        change: dict[str, Any] = {name: request.POST.get("value", "")}
        changing.change_fields(learner_uuid=learner, seen=request.POST.get("seen", ""), **by(request), **change)
    except ValueError as error:
        raise DomainError("invalid", _("请从列表里选择一项。")) from error
    return _cell(request, queries.learner_row(learner), name, is_open=False)


def _cell(request: HttpRequest, row: Learner, name: str, *, is_open: bool) -> HttpResponse:
    value, choices = getattr(row, name), CELLS[name]
    values = {
        "learner": row.uuid,
        "who": row.name,
        "name": name,
        "label": history.FIELDS[name],
        "value": value,
        "shown": dict(choices).get(value, value) if choices else value,
        "choices": choices,
        "is_open": is_open,
        "seen": history.fingerprint(row) if is_open else "",
    }
    return render(request, "people/_cell.html", values)


@require_POST
@access.manager_page(Permission.PEOPLE_SEE)
def save_view(request: HttpRequest) -> HttpResponse:
    """Keep the present filters under a name."""
    query = request.POST.get("query", "")
    try:
        row = saved_views.save(manager_id=access.manager_of(request).id, name=request.POST.get("name", ""), query=query)
    except DomainError as refusal:
        messages.error(request, str(refusal.message))
        return redirect(f"{reverse('console-people')}?{saved_views.kept(QueryDict(query[:500]))}")
    messages.success(request, _("已保存视图“%(name)s”。") % {"name": row.name})
    return redirect(f"{reverse('console-people')}?{row.query}")


@require_POST
@access.manager_page(Permission.PEOPLE_SEE)
def forget_view(request: HttpRequest, view: int) -> HttpResponse:
    """Remove one of the own views."""
    saved_views.forget(manager_id=access.manager_of(request).id, view_id=view)
    return redirect("console-people")


@require_GET
@access.manager_page(Permission.PEOPLE_HISTORY)
def changes(request: HttpRequest) -> HttpResponse:
    """List what was changed about people, units, posts and managers; filters live in the address."""
    get = request.GET
    rows = history.newest(kind=get.get("kind", ""), by=number(get.get("by"), 0) or None, text=get.get("q", "")[:60])
    page = Paginator(rows, PER_PAGE).get_page(get.get("page"))
    values = {
        "page": page,
        "changes": [history.told(row) for row in page],
        "kinds": Change.Kind.choices,
        "managers": managing.managers(),
        "chosen": get,
    }
    return render(request, "people/history.html", values)
