"""Buttons of the checklist."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.people import api as people
from apps.plans.first_steps import samples, steps
from infra.kit import clock
from public.audit import api as audit
from tenants.addresses import client_ip


def _manager(request: HttpRequest) -> people.ManagerView:
    manager = people.profile(request).manager
    assert manager is not None  # noqa: S101 - `manager_page` lets nobody else in
    return manager


@require_POST
@people.manager_page(people.Permission.PLANS_CHANGE)
def hide(request: HttpRequest) -> HttpResponse:
    """Put the checklist away; the overview offers to bring it back."""
    steps.set_hidden(hidden=True, by=_manager(request).id, at=clock.now())
    return redirect("console")


@require_POST
@people.manager_page(people.Permission.PLANS_CHANGE)
def show(request: HttpRequest) -> HttpResponse:
    """Bring the checklist back."""
    steps.set_hidden(hidden=False, by=_manager(request).id, at=clock.now())
    return redirect("console")


@require_POST
@people.manager_page(people.Permission.PLANS_CHANGE)
def load_samples(request: HttpRequest) -> HttpResponse:
    """Load the sample data."""
    samples.load(by=_manager(request).name, at=clock.now())
    _note(request, "samples.loaded")
    messages.success(request, _("示例数据已载入：示例部门、5 名示例学员、1 个示例计划。它们不计入任何统计，随时可以一键移除。"))
    return redirect("console")


@require_POST
@people.manager_page(people.Permission.PLANS_CHANGE)
def remove_samples(request: HttpRequest) -> HttpResponse:
    """Remove the sample data, and say what stayed."""
    gone = samples.remove(at=clock.now())
    _note(request, "samples.removed", people=gone.people, kept=len(gone.kept))
    if gone.kept:
        words = _("示例数据已移除。保留了 %(names)s：里面有真实人员或记录，现在按普通数据处理。")
        messages.warning(request, words % {"names": "、".join(gone.kept)})
    else:
        messages.success(request, _("示例数据已全部移除，真实数据没有变化。"))
    return redirect("console")


def _note(request: HttpRequest, action: str, **details: Any) -> None:
    who = f"manager:{_manager(request).id}"
    audit.record(action, actor=who, target="samples", at=clock.now(), ip=client_ip(request), **details)
