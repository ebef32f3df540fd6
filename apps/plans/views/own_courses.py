"""Courses that an enterprise writes itself: the authors' and the register's pages within its console.

The guard lets its managers in; the rows are the platform's, so the page itself stands there and is held to what this
enterprise provides.
"""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

from apps.people import api as people
from infra.kit import clock
from public.authoring import api as authoring
from public.operators.api import Role
from public.rights import api as rights
from tenants.scope import platform_scope, require

PlaceOf = Callable[[authoring.Writer], Any]


def writer(request: HttpRequest) -> authoring.Writer | None:
    """Return the manager who asks, as somebody who writes for this enterprise; None for anybody else."""
    who = people.profile(request)
    if who.manager is None or who.credential is None or people.Permission.COURSES_WRITE not in people.permissions(request):
        return None
    return authoring.Writer(who.credential.pk, who.manager.name, require().schema)


def door(page: Callable[..., HttpResponseBase], place_of: PlaceOf) -> Callable[..., HttpResponseBase]:
    """Let managers in who write courses, each to what their enterprise provides."""

    @people.manager_page(people.Permission.COURSES_WRITE)
    def view(request: HttpRequest, /, **named: Any) -> HttpResponseBase:
        found = writer(request)
        assert found is not None  # noqa: S101 - the guard's promise
        with platform_scope():
            return page(request, place_of(found), **named)

    return view


def rights_ending(request: HttpRequest) -> int:
    """Return how many rights to this enterprise's own published courses end within 60 days."""
    found = writer(request)
    if found is None:
        return 0
    with platform_scope():
        return rights.ending(owner=found, today=clock.shanghai_date(clock.now()))


def _frame(active: str) -> dict[str, Any]:
    """The console's own frame comes with every page of an enterprise."""
    return {}


def _authoring(by: authoring.Writer) -> authoring.Place:
    return authoring.Place(by, "console-own", _frame, "console")


def _rights(by: authoring.Writer) -> rights.Place:
    return rights.Place(by, Role.AUTHOR, "console-rights", _frame, lambda version: reverse("console-own-version", args=[version]))


urlpatterns = [
    *authoring.routes(root="console/courses/own", names="console-own", door=lambda page: door(page, _authoring)),
    *rights.routes(root="console/courses/own/rights", names="console-rights", door=lambda page: door(page, _rights)),
]
