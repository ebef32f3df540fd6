"""What every page's frame needs: the enterprise, who is signed in, the menu of that person."""

from collections.abc import Callable
from functools import cache, cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import resolve, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from apps.exams import api as exams
from apps.people import api as people
from infra.wiring.banners import banners
from public.site.api import Footer
from public.timing.api import PageView
from tenants.scope import HasSchema, enterprise_scope

MENUS: dict[str, list[tuple[Any, list[tuple[str, Any, str]]]]] = {
    "manager": [
        ("", [("console", _("总览"), "layout-dashboard")]),
        (
            _("人员"),
            [
                ("console-people", _("学员"), "users"),
                ("console-invites", _("邀请与登记"), "qrcode"),
                ("console-units", _("部门与岗位"), "sitemap"),
                ("console-qualifications", _("特种作业证"), "id-badge-2"),
            ],
        ),
        (
            _("培训"),
            [
                ("console-plans", _("培训计划"), "clipboard-list"),
                ("console-classes", _("线下培训"), "chalkboard"),
            ],
        ),
        (
            _("课程"),
            [
                ("console-courses", _("选课"), "books"),
                ("console-own", _("自编课程"), "pencil"),
                ("console-questions", _("课程问答"), "messages"),
                ("console-ratings", _("课程评价"), "message-star"),
                ("console-notices", _("课程通知"), "speakerphone"),
            ],
        ),
        (
            _("考试"),
            [
                ("console-banks", _("考试题库"), "notebook"),
                ("console-papers", _("试卷"), "file-text"),
                ("console-marking", _("判卷与申诉"), "writing"),
                ("console-exam-statistics", _("考试分析"), "chart-histogram"),
                ("console-weak-points", _("薄弱知识点"), "target"),
            ],
        ),
        (
            _("过程与证明"),
            [
                ("console-live", _("学习监控"), "device-tv"),
                ("console-identity", _("身份复核"), "user-scan"),
                ("console-appeals", _("学时申诉"), "scale"),
                ("console-archives", _("培训档案"), "archive"),
                ("console-signing", _("签名确认"), "signature"),
                ("console-certificates", _("培训证明"), "certificate"),
                ("console-inspection", _("迎检模式"), "shield-check"),
                ("console-rectifications", _("整改通知"), "clipboard-check"),
                ("console-privacy", _("个人信息请求"), "shield-lock"),
            ],
        ),
        (
            _("设置"),
            [
                ("console-company", _("企业信息"), "building"),
                ("console-managers", _("管理人员"), "user-cog"),
                ("console-sign-in", _("登录方式"), "login"),
                ("console-deliveries", _("消息发送"), "send"),
                ("console-interfaces", _("接口与推送"), "plug-connected"),
                ("console-history", _("变更记录"), "history"),
                ("console-log", _("操作日志"), "list-search"),
                ("console-retention", _("保存与归档"), "archive"),
            ],
        ),
    ],
    "learner": [
        (
            "",
            [
                ("learn-home", _("首页"), "home"),
                ("learn-plans", _("课程计划"), "clipboard-list"),
                ("learn-mistakes", _("错题本"), "notebook"),
                ("learn-archive", _("证书档案"), "certificate"),
                ("learn-me", _("我的"), "user"),
            ],
        ),
    ],
}
"""Menu to groups of (address, words, icon). On phones the bar below shows `TABS`, the rest is one tap away."""
TABS = {
    "console",
    "console-people",
    "console-plans",
    "console-live",
    "learn-home",
    "learn-plans",
    "learn-mistakes",
    "learn-archive",
    "learn-me",
}


def chrome(request: HttpRequest) -> dict[str, Any]:
    """Return the frame of an enterprise's pages; the platform's desks bring their own."""
    site = getattr(request, "enterprise", None)
    frame: dict[str, Any] = {
        "enterprise": site,
        "dev_tools": settings.DEV_TOOLS,
        "can": frozenset(),
        "legal": Footer(),
        "page_view": PageView(request),
    }
    if site is None or not hasattr(request, "session"):
        return frame
    frame["support_phone"] = settings.SUPPORT_PHONE
    who = people.profile(request)
    frame["banners"] = banners(request, site, who)
    if who.kind is None:
        return frame
    in_console = request.path.startswith("/console") and who.manager is not None
    menu = MENUS["manager" if in_console or who.learner is None else "learner"]
    may = people.permissions(request)
    nav = _nearest([_item(request, group, *entry) for group, entries in menu for entry in entries if _is_for(may, entry[0])])
    return frame | {
        "bell": Bell(who, site, is_console=in_console or who.learner is None, path=request.path),
        "can": may,
        "nav": nav,
        "nav_tabs": [item for item in nav if item["tab"]],
        "home_url": reverse("home"),
        "user_name": who.name,
        "user_role": site.name,
        "user_menu": [*_switch(who, in_console=in_console), _me(), *_privacy(who), _password(menu[0][1][0][0])]
        if who.credential
        else [],
        "sign_out_url": reverse("sign-out" if who.credential else "visit-leave"),
    }


class Bell:
    """The way to the messages of this side. Only a page that shows the bell asks how many are unread, once: one query."""

    def __init__(self, who: people.Profile, site: HasSchema, *, is_console: bool, path: str) -> None:
        self._who, self._site, self._is_console = who, site, is_console
        self.url = reverse("console-messages" if is_console else "learn-messages")
        self.is_here = path == self.url

    @cached_property
    def count(self) -> int:
        """How many are unread, at most 100. Pages of a course are made while standing on the platform, so the place is named."""
        manager, learner = self._who.manager, self._who.learner
        with enterprise_scope(self._site):
            if self._is_console:
                return people.unread_notices(manager_id=manager.id) if manager else 0
            return people.unread_notices(learner_id=learner.id) if learner else 0

    @property
    def shown(self) -> str:
        """The figure as the badge shows it."""
        return f"{self.count}" if self.count < 100 else "99+"


class Badge:
    """How much waits behind a line of the menu; counted once, and only where the menu is drawn: one query."""

    def __init__(self, site: HasSchema, counted: Callable[[], int]) -> None:
        self._site, self._counted = site, counted

    @cached_property
    def count(self) -> int:
        """How much waits. The place is named, as for the bell."""
        with enterprise_scope(self._site):
            return self._counted()

    def __bool__(self) -> bool:
        return self.count > 0

    def __str__(self) -> str:
        return f"{self.count}" if self.count < 100 else "99+"


BADGES: dict[str, tuple[people.Permission, Callable[[], int]]] = {
    "console-marking": (people.Permission.EXAMS_MARK, exams.waiting_count),
    "console-privacy": (people.Permission.PRIVACY_DECIDE, people.waiting_privacy_requests),
}
"""Line of the menu to who is told, and how many things wait."""


def _is_for(may: frozenset[people.Permission], name: str) -> bool:
    needed = needs(_address(name))
    return needed is not None and (needed in may or needed == people.Permission.LEARN)


def _item(request: HttpRequest, group: Any, name: str, label: Any, icon: str) -> dict[str, Any]:
    url = _address(name)
    is_active = request.path == url or (name not in {"console", "learn-home"} and request.path.startswith(url))
    counted = BADGES.get(name)
    site = getattr(request, "enterprise", None)
    badge = Badge(site, counted[1]) if counted and site and counted[0] in people.permissions(request) else ""
    return {"group": group, "label": label, "icon": icon, "url": url, "active": is_active, "tab": name in TABS, "badge": badge}


@cache
def _address(name: str) -> str:
    return reverse(name, settings.ENTERPRISE_URLCONF)


@cache
def needs(url: str) -> people.Permission | None:
    """Return the permission that the page behind a menu's address declares."""
    return getattr(resolve(url, settings.ENTERPRISE_URLCONF).func, "permission", None)


def _nearest(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Leave one line active: of two whose addresses begin alike, the longer one."""
    active = max((item["url"] for item in items if item["active"]), key=len, default="")
    return [{**item, "active": item["url"] == active} for item in items]


def _announcements() -> dict[str, Any]:
    """What the platform announces."""
    return {"label": _("平台公告"), "url": reverse("announcements"), "icon": "speakerphone"}


def _me() -> dict[str, Any]:
    """Devices, phone and outside accounts."""
    return {"label": _("账号与设备"), "url": reverse("me"), "icon": "devices"}


def _password(home: str) -> dict[str, Any]:
    """The way to the password; it leads back to the side it was opened on."""
    url = f"{reverse('set-password')}?{urlencode({'next': reverse(home)})}"
    return {"label": _("设置密码"), "url": url, "icon": "key"}


def _privacy(who: people.Profile) -> list[dict[str, Any]]:
    """Who learns finds consent and its withdrawal behind the own name."""
    if who.learner is None:
        return []
    return [
        {"label": _("身份与隐私"), "url": reverse("learn-privacy"), "icon": "user-check"},
        {"label": _("我的信息"), "url": reverse("learn-data"), "icon": "shield-lock"},
    ]


def _switch(who: people.Profile, *, in_console: bool) -> list[dict[str, Any]]:
    """A manager who also learns walks between the two sides."""
    if who.manager is None or who.learner is None:
        return []
    if in_console:
        return [{"label": _("去学习"), "url": reverse("learn-home"), "icon": "school"}]
    return [{"label": _("管理台"), "url": reverse("console"), "icon": "layout-dashboard"}]
