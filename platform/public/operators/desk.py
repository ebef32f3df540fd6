"""Who stands at the desk: guard of its pages, menus by role, queues that other rooms add."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from urllib.parse import quote

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from infra.kit import clock, origin
from infra.kit.errors import DomainError
from infra.kit.labels import Label, Level
from infra.kit.marking import PLAIN
from public.audit import api as audit
from public.operators import policies
from public.operators.models import ADMINISTRATORS, Operator
from tenants.accounts.models import Credential
from tenants.addresses import client_ip

SECOND_FACTOR = "second_factor"
"""Session key: set once the second step was right."""
SEEN = "desk_seen"
"""Session key: when somebody last did something here, in seconds."""
IDLE_S, IDLE_ADMINISTRATOR_S, SEEN_EACH_S = 30 * 60, 15 * 60, 60
"""After how long without a request a session ends (GB/T 22239 8.1.4.1 b), and how often it is noted."""
OVERDUE = "desk_overdue"
"""Session key: true from the sign-in with a password whose time is over until another one is set."""
Params = ParamSpec("Params")
Role = Operator.Role
BUSINESS = (Role.AUTHOR, Role.REVIEWER, Role.OPERATIONS)
"""Who does the platform's business; administrators do none of it."""


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

    @property
    def reference(self) -> str:
        """How the audit log calls this person."""
        return f"operator:{self.credential_id}"

    @property
    def is_administrator(self) -> bool:
        """Whether this person holds one of the three offices."""
        return self.role in ADMINISTRATORS


@dataclass(frozen=True, slots=True)
class Queue:
    """Work that waits for one role: a figure on the desk's home that leads to its list. ``is_late``: a promised time is over."""

    label: Any
    count: int
    url: str
    hint: Any
    is_work: bool = True
    is_late: bool = False


QueueSource = Callable[[Me], list[Queue]]
_sources: dict[QueueSource, bool] = {}
"""Source of queues to whether it is the administrators'."""


def add_queues(source: QueueSource, *, of_administrators: bool = False) -> None:
    """Let another room show its queues on the desk's home. Called in ``ready()``; the same function counts once.

    Whoever administers is not asked about business, nor the other way round.
    """
    _sources[source] = of_administrators


def queues(me: Me) -> list[Queue]:
    """Return every queue of this person's role."""
    asked = [source for source, of_administrators in _sources.items() if of_administrators == me.is_administrator]
    return [queue for source in asked for queue in source(me)]


def signed_in(request: HttpRequest) -> Credential | None:
    """Return who has passed both steps in this session, or None; whoever was idle for too long has to pass them again."""
    user = request.user
    if not isinstance(user, Credential) or request.session.get(SECOND_FACTOR) != user.pk:
        return None
    if _idle_s(request) > IDLE_S:
        logout(request)
        return None
    origin.recognised(f"credential:{user.pk}", user.name)
    return user


def _idle_s(request: HttpRequest) -> int:
    """Return for how many seconds nobody did anything in this session before this request; noted once a request."""
    known: int | None = getattr(request, "desk_idle_s", None)
    if known is None:
        now = int(clock.now().timestamp())
        seen = int(request.session.get(SEEN, 0))
        known = now - seen if seen else 0
        if not seen or known >= SEEN_EACH_S:
            request.session[SEEN] = now
        request.desk_idle_s = known  # type: ignore[attr-defined]
    return known


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


def may_read(credential_id: int, *, role: str, of: Label) -> bool:
    """Say whether somebody may still sign in, holds a role and reads what carries a label: for work that goes on away from the desk."""
    is_there = Operator.objects.filter(credential_id=credential_id, role=role, credential__is_active=True).exists()
    return is_there and policies.clearance(role).dominates(of)


def colleagues(role: str) -> list[Me]:
    """Return the people of a role who can sign in, by id."""
    rows = Operator.objects.filter(role=role, credential__is_active=True).select_related("credential").order_by("credential_id")
    return [Me(row.credential_id, row.credential.name, row.role) for row in rows]


def desk_page(
    *roles: str, label: Label | None = None, with_old_password: bool = False
) -> Callable[[Callable[Concatenate[HttpRequest, Me, Params], HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """Guard a page: strangers go to sign-in, other roles are refused; no roles means any of those who do the platform's business.

    :param label: of what the page shows; asked after the role (GB 17859 level 3), so that a policy can narrow what a role may do.
        Without one it is internal: to business, or to administrators; pages for everybody here are public
    :param with_old_password: the page stays open to whoever has to change the password
    """
    allowed = roles or BUSINESS
    of = label or _label_of(allowed)

    def guard(view: Callable[Concatenate[HttpRequest, Me, Params], HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Params.args, **kwargs: Params.kwargs) -> HttpResponseBase:
            credential = signed_in(request)
            if credential is None:
                return to_sign_in(request)
            me = operator_of(credential)
            if me is None or me.role not in allowed:
                raise _refusal(request, f"credential:{credential.pk}", "role")
            if me.is_administrator:
                if _idle_s(request) > IDLE_ADMINISTRATOR_S:
                    logout(request)
                    return to_sign_in(request)
                if not policies.admits(client_ip(request), policies.chosen_networks()):
                    raise _refusal(request, me.reference, "network")
            if of.level > Level.PUBLIC and not policies.clearance(me.role).dominates(of):
                raise _refusal(request, me.reference, "label")
            if not with_old_password and request.session.get(OVERDUE):
                return redirect("desk-security")
            origin.recognised(me.reference, me.name)
            return view(request, me, *args, **kwargs)

        guarded.roles, guarded.label = allowed, of  # type: ignore[attr-defined]
        return guarded

    return guard


def _label_of(roles: Sequence[str]) -> Label:
    if set(roles) <= set(BUSINESS):
        return PLAIN
    return policies.ADMINISTERING if set(roles) <= set(ADMINISTRATORS) else Label(Level.PUBLIC)


_REFUSED: dict[str, tuple[str, Any]] = {
    "role": ("forbidden", _("您的岗位不能进行此操作，请联系对应岗位的同事。")),
    "network": ("network_refused", _("您现在的网络地址不在管理员登录范围内。请换到办公网络，或联系安全保密管理员。")),
    "label": ("label_refused", _("您的岗位不能读取这个密级的内容，请联系安全保密管理员。")),
}


def _refusal(request: HttpRequest, actor: str, why: str) -> DomainError:
    """Note that somebody was turned away, and return the refusal."""
    code, words = _REFUSED[why]
    match = request.resolver_match
    target = f"page:{match.view_name if match else ''}"
    audit.record("desk.refused", actor=actor, target=target, at=clock.now(), ip=client_ip(request), result=audit.Result.REFUSED,
                 why=why, method=request.method or "")  # fmt: skip
    return DomainError(code, words, status=403)


_MENU: tuple[tuple[Any, tuple[tuple[str, Any, str, tuple[str, ...]], ...]], ...] = (
    (
        "",
        (
            ("desk", _("工作台"), "layout-dashboard", tuple(Role.values)),
            ("desk-people", _("平台人员"), "users", ADMINISTRATORS),
            ("desk-changes", _("权限变更"), "user-shield", ADMINISTRATORS),
            ("desk-policies", _("安全策略"), "lock-access", ADMINISTRATORS),
            ("desk-load", _("系统负荷"), "gauge", (Role.SYSTEM,)),
            ("desk-timing", _("界面响应"), "stopwatch", (Role.SYSTEM,)),
            ("desk-audit", _("操作日志"), "list-search", (Role.AUDIT,)),
            ("desk-exchanges", _("数据交换日志"), "arrows-exchange", (Role.AUDIT,)),
        ),
    ),
    (
        _("受理"),
        (
            ("desk-complaints", _("投诉"), "message-report", (Role.OPERATIONS,)),
            ("desk-help", _("帮助台"), "headset", (Role.OPERATIONS,)),
            ("desk-appeals", _("学时申诉"), "scale", (Role.OPERATIONS,)),
            ("desk-verifications", _("企业核验"), "rosette-discount-check", (Role.OPERATIONS,)),
            ("desk-faq", _("常见问题"), "help", (Role.OPERATIONS,)),
        ),
    ),
    (
        _("企业与学习"),
        (
            ("desk-enterprises", _("企业"), "building", (Role.OPERATIONS,)),
            ("desk-ends", _("注销与销毁"), "archive", (Role.OPERATIONS,)),
            ("desk-monitor", _("学习监控"), "device-tv", (Role.OPERATIONS,)),
            ("desk-exchange", _("监管报送"), "transfer", (Role.OPERATIONS,)),
            ("desk-certificate-rules", _("证明样式与有效期"), "certificate", (Role.OPERATIONS,)),
        ),
    ),
    (
        _("课程内容"),
        (
            ("desk-authoring", _("我的课程"), "pencil", (Role.AUTHOR,)),
            ("desk-authoring-trainers", _("讲师"), "user-star", (Role.AUTHOR,)),
            ("desk-my-reviews", _("我的审核"), "checklist", (Role.REVIEWER,)),
            ("desk-courses", _("全部课程"), "books", (Role.REVIEWER,)),
            ("desk-courses", _("课程发布"), "rocket", (Role.OPERATIONS,)),
            ("desk-reviews", _("审核进度"), "clipboard-list", (Role.OPERATIONS,)),
            ("desk-topics", _("课程分类"), "sitemap", (Role.AUTHOR, Role.OPERATIONS)),
            ("desk-questions", _("共享题库"), "help-hexagon", (Role.AUTHOR, Role.REVIEWER, Role.OPERATIONS)),
            ("desk-question-batches", _("试题审核"), "list-check", (Role.AUTHOR, Role.REVIEWER, Role.OPERATIONS)),
            ("desk-quality", _("课程质量"), "star", (Role.OPERATIONS,)),
            ("desk-answers", _("课程问答"), "messages", (Role.AUTHOR, Role.OPERATIONS)),
            ("desk-remarks", _("课程评语"), "message-star", (Role.OPERATIONS,)),
            ("desk-rights-all", _("版权登记"), "copyright", (Role.AUTHOR, Role.OPERATIONS)),
            ("desk-laws", _("法规变化"), "gavel", (Role.OPERATIONS,)),
        ),
    ),
    (
        _("平台"),
        (
            ("desk-announcements", _("公告"), "speakerphone", (Role.OPERATIONS,)),
            ("desk-status", _("运行状态"), "activity-heartbeat", (Role.OPERATIONS,)),
            ("desk-load", _("系统负荷"), "gauge", (Role.OPERATIONS,)),
            ("desk-timing", _("界面响应"), "stopwatch", (Role.OPERATIONS,)),
            ("desk-site-papers", _("平台资质"), "license", (Role.OPERATIONS,)),
            ("desk-facts", _("公示信息"), "info-square", (Role.OPERATIONS,)),
            ("desk-privacy", _("隐私告知"), "shield-lock", (Role.OPERATIONS,)),
            ("desk-keys", _("加密密钥"), "key", (Role.OPERATIONS,)),
            ("desk-csp", _("页面防护"), "shield-check", (Role.OPERATIONS,)),
        ),
    ),
)
"""What stands in the menu, by group: what waits comes first, for phones show the first four."""


def frame(request: HttpRequest, me: Me, active: str) -> dict[str, Any]:
    """Return what the console shell needs: menu of the role, name, way out."""
    nav = [
        {"label": label, "icon": icon, "url": reverse(name), "active": name == active, "group": group}
        for group, items in _MENU
        for name, label, icon, roles in items
        if me.role in roles
    ]
    return {
        "me": me,
        "nav": nav,
        "brand_name": _("安学平台"),
        "home_url": reverse("desk"),
        "user_name": me.name,
        "user_role": me.role_name,
        "user_menu": [{"label": _("登录安全"), "url": reverse("desk-security"), "icon": "fingerprint"}],
        "sign_out_url": reverse("desk-sign-out"),
    }
