"""The manager's page of news about courses in use."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from apps.people import api as people
from apps.plans import notices
from infra.kit import clock

PAGE = 20


def _manager_id(request: HttpRequest) -> int:
    manager = people.profile(request).manager
    assert manager is not None  # noqa: S101 - `manager_page` lets nobody else in
    return manager.id


@require_GET
@people.manager_page(people.Permission.CONSOLE)
def listing(request: HttpRequest) -> HttpResponse:
    """List the notices; filters live in the address."""
    asked = {key: request.GET.get(key, "") for key in ("kind", "unread")}
    kind = asked["kind"] if asked["kind"] in notices.KINDS else ""
    manager_id = _manager_id(request)
    found = notices.items(manager_id=manager_id, kind=kind, unread_only=asked["unread"] == "1")
    values = {
        "page": Paginator(found, PAGE).get_page(request.GET.get("page")),
        "kinds": [(key, words[0]) for key, words in notices.KINDS.items()],
        "asked": asked,
        "unread": notices.unread_count(manager_id=manager_id),
        "is_filtered": bool(kind or asked["unread"]),
    }
    return render(request, "plans/console_notices.html", values)


@require_POST
@people.manager_page(people.Permission.CONSOLE)
def mark_read(request: HttpRequest) -> HttpResponse:
    """Mark one notice, or all of them, as read."""
    asked = request.POST.get("notice", "")
    wanted = [int(asked)] if asked.isdigit() and len(asked) < 19 else None
    if asked and wanted is None:
        return redirect("console-notices")
    notices.mark_read(manager_id=_manager_id(request), notice_ids=wanted, at=clock.now())
    messages.success(request, _("已标记为已读。"))
    return redirect("console-notices")
