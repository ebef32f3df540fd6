"""Who makes a request: found once, kept on the request; guards for pages and for the JSON API, each by one permission."""

from collections.abc import Callable
from functools import partial, wraps
from http import HTTPStatus
from typing import Concatenate, ParamSpec, TypeVar, overload
from urllib.parse import quote, urlsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.people.belonging import Units
from apps.people.company import visiting
from apps.people.joining import devices
from apps.people.models import Learner, Manager
from apps.people.permissions import Permission, granted
from apps.people.shapes import LearnerView, ManagerView, Profile, learner_view, manager_view
from infra.kit import origin
from infra.kit.errors import DomainError
from tenants.api import Credential

NOBODY = Profile(kind=None, credential=None, manager_role=None, learner=None)
P = ParamSpec("P")
T = TypeVar("T")
Page = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def profile(request: HttpRequest) -> Profile:
    """Return who makes the request, without a query beside the session's and the credential's own, and keep it as ``request.profile``."""
    known: Profile | None = getattr(request, "profile", None)
    if known is None:
        user = request.user
        known = of_credential(user) if isinstance(user, Credential) else visiting.visitor(request) or NOBODY
        if known.credential is not None and known.kind is not None:
            devices.touch(request)
        _recognise(known)
        request.profile = known  # type: ignore[attr-defined]
    return known


def is_visit(request: HttpRequest) -> bool:
    """Say whether an operator of the platform makes the request, by leave of the owner; asks nothing where there is no such session."""
    return visiting.VISIT in request.session and profile(request).visit is not None


def _recognise(who: Profile) -> None:
    """Tell logs and marks on files who asks."""
    if who.visit is not None:
        origin.recognised(f"operator:{who.visit.operator_id}", who.visit.operator_name)
    elif who.manager is not None:
        origin.recognised(f"manager:{who.manager.id}", who.manager.name)
    elif who.learner is not None:
        origin.recognised(f"learner:{who.learner.id}", who.learner.name)


def of_credential(credential: Credential) -> Profile:
    """Return the profile behind a credential of the current enterprise; ``kind`` None when neither hangs off it.

    A credential that came with a session has both rows at hand; for another one each is a query.
    """
    manager: Manager | None = getattr(credential, "manager", None)
    row: Learner | None = getattr(credential, "learner", None)
    learner = learner_view(row) if row and row.is_active else None
    if manager and manager.left_at is None:
        return Profile("manager", credential, manager.role, learner, manager_view(manager))
    return Profile("learner" if learner else None, credential, None, learner)


def learner_page(
    view: Page[P],
) -> Page[P]:
    """Guard a page for learners: strangers go to sign-in, others get 403 ``learners_only``.

    Who has had the own data restricted is led to the page of them (403 ``restricted`` for a POST), but for pages marked
    :func:`open_when_restricted`.
    """

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        who = profile(request)
        if who.kind is None:
            return to_sign_in(request)
        if who.learner is None:
            raise DomainError("learners_only", _("这一页只给学员使用。请用学员账号登录。"), status=403)
        if who.learner.is_restricted and not getattr(view, "open_when_restricted", False):
            if request.method == "GET" and not request.headers.get("HX-Request"):
                return redirect("learn-data")  # which says why, and how to end it
            raise _restricted()
        return view(request, *args, **kwargs)

    return declares(Permission.LEARN)(guarded)


def open_when_restricted(view: T) -> T:
    """Mark a learner's page that stays open while nothing but keeping is done with the own data. Stands below `learner_page`."""
    view.open_when_restricted = True  # type: ignore[attr-defined]
    return view


def _restricted() -> DomainError:
    words = _("您的信息已限制处理，只保存、不使用。要继续学习，请到“我的”里的“我的信息”解除限制。")
    return DomainError("restricted", words, status=403)


@overload
def manager_page(needs: Page[P], /) -> Page[P]: ...


@overload
def manager_page(needs: Permission, /, *, post: Permission | None = None) -> Callable[[Page[P]], Page[P]]: ...


def manager_page(needs: Page[P] | Permission, /, *, post: Permission | None = None) -> Page[P] | Callable[[Page[P]], Page[P]]:
    """Guard a page of the console by one permission: ``@manager_page(Permission.PLANS_SEE)``; ``post``: another for writing.

    Strangers go to sign-in, learners get 403 ``managers_only``, managers of another role 403 ``not_permitted``. Bare, it asks
    for ``MANAGE``: those who run everything.
    """
    if isinstance(needs, Permission):
        return partial(_guarded, needs=needs, post=post or needs)
    return _guarded(needs, needs=Permission.MANAGE, post=Permission.MANAGE)


def _guarded(view: Page[P], *, needs: Permission, post: Permission) -> Page[P]:
    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if profile(request).kind is None:
            return to_sign_in(request)
        require_permission(request, post if request.method == "POST" else needs)
        return view(request, *args, **kwargs)

    return declares(needs, post)(guarded)


def declares(needs: Permission, post: Permission | None = None) -> Callable[[T], T]:
    """Say what a route needs that guards itself, or is open to all; the matrix of permissions reads it."""

    def marked(view: T) -> T:
        view.permission, view.post_permission = needs, post or needs  # type: ignore[attr-defined]
        return view

    return marked


def require_permission(request: HttpRequest, needs: Permission) -> ManagerView:
    """Return the manager who makes the request and may do this.

    :raises DomainError: 403 ``managers_only``, ``not_permitted``
    """
    manager = manager_of(request)
    if needs not in granted(manager.role):
        words = _("您的角色是%(role)s，不能使用这一项功能。如需权限，请联系企业负责人。") % {"role": manager.role_label}
        raise DomainError("not_permitted", words, status=403)
    return manager


def permissions(request: HttpRequest) -> frozenset[Permission]:
    """Return what the manager who makes the request may do; nothing for others."""
    return granted(profile(request).manager_role)


def within(request: HttpRequest) -> Units:
    """Return which units the manager sees: None for all, a supervisor's own subtree, nothing for others."""
    manager = profile(request).manager
    return manager.within if manager else frozenset()


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
    """Send a stranger to sign-in and back afterwards; a part of a page gets 401, so that what was typed around it stays.

    A form that was sent in whole (without script, which asks before) is lost: the person is told, and comes back to its page.
    """
    if request.headers.get("HX-Request"):
        return HttpResponse(status=HTTPStatus.UNAUTHORIZED)
    if request.method == "POST":
        messages.warning(request, _("登录已过期，刚才填写的内容没有提交。请登录后再填一次。"))
    back = request.get_full_path() if request.method == "GET" else _came_from(request)
    return redirect(reverse("sign-in") + (f"?next={quote(back)}" if back and back != "/" else ""))


def _came_from(request: HttpRequest) -> str:
    """Return the path of the own page that sent a form; "" where the browser does not say."""
    said = urlsplit(request.headers.get("Referer", ""))
    own = said.netloc == request.get_host()
    return said.path + (f"?{said.query}" if said.query else "") if own else ""


@declares(Permission.LEARN)
def learner_auth(request: HttpRequest) -> LearnerView | None:
    """Ninja auth: ``request.auth`` becomes the learner; 401 for everybody else.

    :raises DomainError: 403 ``restricted``
    """
    found = profile(request).learner
    if found is not None and found.is_restricted:
        raise _restricted()
    return found


def manager_with(needs: Permission) -> Callable[[HttpRequest], ManagerView | None]:
    """Return a ninja auth: ``request.auth`` becomes the manager who may do this; 401 for strangers.

    :raises DomainError: 403 ``managers_only`` for a learner, ``not_permitted`` for other roles
    """

    @declares(needs)
    def auth(request: HttpRequest) -> ManagerView | None:
        return None if profile(request).kind is None else require_permission(request, needs)

    return auth


manager_auth = manager_with(Permission.MANAGE)
