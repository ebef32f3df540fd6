"""Who stands at the desk: guard of its pages, menus by role, queues that other rooms add."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from infra.kit.errors import DomainError
from public.operators.models import Operator
from tenants.accounts.models import Credential

SECOND_FACTOR = "second_factor"
"""Session key: set once the one-time code was right."""
Params = ParamSpec("Params")
Role = Operator.Role


@dataclass(frozen=True, slots=True)
class Me:
    """The operator who asks."""

    credential_id: int
    name: str
    role: str

    @property
    def role_name(self) -> str:
        """The role in words."""
        return str(Role(self.role).label)


@dataclass(frozen=True, slots=True)
class Queue:
    """Work that waits for one role: a figure on the desk's home that leads to its list."""

    label: Any
    count: int
    url: str
    hint: Any
    is_work: bool = True


QueueSource = Callable[[Me], list[Queue]]
_sources: list[QueueSource] = []


def add_queues(source: QueueSource) -> None:
    """Let another room show its queues on the desk's home. Called in ``ready()``; the same function counts once."""
    if source not in _sources:
        _sources.append(source)


def queues(me: Me) -> list[Queue]:
    """Return every queue of this person's role."""
    return [queue for source in _sources for queue in source(me)]


def signed_in(request: HttpRequest) -> Credential | None:
    """Return who has passed both steps in this session, or None."""
    user = request.user
    return user if isinstance(user, Credential) and request.session.get(SECOND_FACTOR) == user.pk else None


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """Send a stranger to the sign-in page and back afterwards."""
    target = reverse("desk-sign-in")
    if request.method == "GET":
        target += f"?next={quote(request.get_full_path())}"
    if request.headers.get("HX-Request"):
        return HttpResponse(status=401, headers={"HX-Redirect": target})
    return redirect(target)


def operator_of(credential: Credential) -> Me | None:
    """Return the operator behind a credential, or None."""
    row = Operator.objects.filter(credential=credential).first()
    return Me(credential.pk, credential.name, row.role) if row else None


def colleagues(role: str) -> list[Me]:
    """Return the people of a role who can sign in, by id."""
    rows = Operator.objects.filter(role=role, credential__is_active=True).select_related("credential").order_by("credential_id")
    return [Me(row.credential_id, row.credential.name, row.role) for row in rows]


def desk_page(
    *roles: str,
) -> Callable[[Callable[Concatenate[HttpRequest, Me, Params], HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """Guard a page: strangers go to sign-in, other roles are refused; no roles means any operator."""

    def guard(view: Callable[Concatenate[HttpRequest, Me, Params], HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Params.args, **kwargs: Params.kwargs) -> HttpResponseBase:
            credential = signed_in(request)
            if credential is None:
                return to_sign_in(request)
            me = operator_of(credential)
            if me is None or (roles and me.role not in roles):
                raise DomainError("forbidden", _("您的岗位不能进行此操作，请联系对应岗位的同事。"), status=403)
            return view(request, me, *args, **kwargs)

        return guarded

    return guard


_MENU: tuple[tuple[str, Any, str, tuple[str, ...]], ...] = (
    ("desk", _("工作台"), "layout-dashboard", (Role.AUTHOR, Role.REVIEWER, Role.OPERATIONS)),
    ("desk-authoring", _("我的课程"), "pencil", (Role.AUTHOR,)),
    ("desk-authoring-trainers", _("讲师"), "user-star", (Role.AUTHOR,)),
    ("desk-topics", _("课程分类"), "sitemap", (Role.AUTHOR, Role.OPERATIONS)),
    ("desk-questions", _("共享题库"), "help-hexagon", (Role.AUTHOR, Role.REVIEWER, Role.OPERATIONS)),
    ("desk-question-batches", _("试题审核"), "list-check", (Role.AUTHOR, Role.REVIEWER, Role.OPERATIONS)),
    ("desk-my-reviews", _("我的审核"), "checklist", (Role.REVIEWER,)),
    ("desk-courses", _("全部课程"), "books", (Role.REVIEWER,)),
    ("desk-courses", _("课程发布"), "rocket", (Role.OPERATIONS,)),
    ("desk-reviews", _("审核进度"), "clipboard-list", (Role.OPERATIONS,)),
    ("desk-laws", _("法规变化"), "gavel", (Role.OPERATIONS,)),
    ("desk-quality", _("课程质量"), "star", (Role.OPERATIONS,)),
    ("desk-remarks", _("课程评语"), "message-star", (Role.OPERATIONS,)),
    ("desk-answers", _("课程问答"), "messages", (Role.AUTHOR, Role.OPERATIONS)),
    ("desk-rights-all", _("版权登记"), "copyright", (Role.AUTHOR, Role.OPERATIONS)),
    ("desk-enterprises", _("企业"), "building", (Role.OPERATIONS,)),
    ("desk-monitor", _("学习监控"), "device-tv", (Role.OPERATIONS,)),
    ("desk-appeals", _("学时申诉"), "scale", (Role.OPERATIONS,)),
    ("desk-help", _("帮助台"), "headset", (Role.OPERATIONS,)),
    ("desk-faq", _("常见问题"), "help", (Role.OPERATIONS,)),
    ("desk-keys", _("加密密钥"), "key", (Role.OPERATIONS,)),
    ("desk-certificate-rules", _("证明样式与有效期"), "certificate", (Role.OPERATIONS,)),
    ("desk-csp", _("页面防护"), "shield-check", (Role.OPERATIONS,)),
    ("desk-privacy", _("隐私告知"), "shield-lock", (Role.OPERATIONS,)),
    ("desk-facts", _("公示信息"), "speakerphone", (Role.OPERATIONS,)),
)


def frame(request: HttpRequest, me: Me, active: str) -> dict[str, Any]:
    """Return what the console shell needs: menu of the role, name, way out."""
    nav = [
        {"label": label, "icon": icon, "url": reverse(name), "active": name == active}
        for name, label, icon, roles in _MENU
        if me.role in roles
    ]
    return {
        "me": me,
        "nav": nav,
        "brand_name": _("安学平台"),
        "home_url": reverse("desk"),
        "user_name": me.name,
        "user_role": me.role_name,
        "sign_out_url": reverse("desk-sign-out"),
    }
