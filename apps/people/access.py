"""Who makes a request: found once, kept on the request; guards for pages and for the JSON API."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.people.models import Learner, Manager
from apps.people.shapes import LearnerView, ManagerView, Profile, learner_view, manager_view
from infra.kit.errors import DomainError
from tenants.api import Credential

NOBODY = Profile(kind=None, credential=None, manager_role=None, learner=None)
P = ParamSpec("P")
Page = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def profile(request: HttpRequest) -> Profile:
    """Return who makes the request (≤ 2 queries after the session's own) and keep it as ``request.profile``."""
    known: Profile | None = getattr(request, "profile", None)
    if known is None:
        user = request.user
        known = of_credential(user) if isinstance(user, Credential) else NOBODY
        request.profile = known  # type: ignore[attr-defined]
    return known


def of_credential(credential: Credential) -> Profile:
    """Return the profile behind a credential of the current enterprise; ``kind`` None when neither hangs off it."""
    manager = Manager.objects.filter(credential=credential).first()
    row = Learner.objects.select_related("unit").filter(credential=credential, status=Learner.Status.ACTIVE).first()
    learner = learner_view(row) if row else None
    if manager:
        return Profile("manager", credential, manager.role, learner, manager_view(manager))
    return Profile("learner" if learner else None, credential, None, learner)


def learner_page(
    view: Page[P],
) -> Page[P]:
    """Guard a page for learners: strangers go to sign-in, others get 403 ``learners_only``."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        who = profile(request)
        if who.kind is None:
            return to_sign_in(request)
        if who.learner is None:
            raise DomainError("learners_only", _("这一页只给学员使用。请用学员账号登录。"), status=403)
        return view(request, *args, **kwargs)

    return guarded


def manager_page(
    view: Page[P],
) -> Page[P]:
    """Guard a page of the console: strangers go to sign-in, learners get 403 ``managers_only``."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if profile(request).kind is None:
            return to_sign_in(request)
        manager_of(request)
        return view(request, *args, **kwargs)

    return guarded


def manager_of(request: HttpRequest) -> ManagerView:
    """Return the manager who makes the request.

    :raises DomainError: 403 ``managers_only``
    """
    manager = profile(request).manager
    if manager is None:
        raise _managers_only()
    return manager


def _managers_only() -> DomainError:
    return DomainError("managers_only", _("这一页只给培训管理员使用。如需权限，请联系本单位管理员。"), status=403)


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """Send a stranger to sign-in and back afterwards; htmx leaves the whole page."""
    back = request.get_full_path() if request.method == "GET" and not request.headers.get("HX-Request") else ""
    url = reverse("sign-in") + (f"?next={quote(back)}" if back and back != "/" else "")
    if request.headers.get("HX-Request"):
        response = HttpResponse(status=204)
        response["HX-Redirect"] = url
        return response
    return redirect(url)


def learner_auth(request: HttpRequest) -> LearnerView | None:
    """Ninja auth: ``request.auth`` becomes the learner; 401 for everybody else."""
    return profile(request).learner


def manager_auth(request: HttpRequest) -> ManagerView | None:
    """Ninja auth: ``request.auth`` becomes the manager.

    :raises DomainError: 403 ``managers_only`` for a learner
    """
    who = profile(request)
    if who.kind == "learner":
        raise _managers_only()
    return who.manager
