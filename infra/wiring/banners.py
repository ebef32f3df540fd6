"""What every page of an enterprise says at its top: suspended, closing, closed; an operator looks on; papers are missing."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.people import api as people
from infra.kit import clock
from infra.ui import wording
from public.lifecycle import api as lifecycle
from public.site.api import Announcement, words_of
from tenants.api import Enterprise, Site

Status = Enterprise.Status


@dataclass(frozen=True, slots=True)
class Banner:
    """One strip. ``url`` leads somewhere, ``action`` is posted to; ``stays``: it stays in sight while the page is scrolled."""

    tone: str
    icon: str
    title: str
    text: str = ""
    url: str = ""
    action: str = ""
    label: str = ""
    stays: bool = False


def banners(request: HttpRequest, site: Site, who: people.Profile) -> list[Banner]:
    """Return what holds now; the database is asked on the two homes only, for announcements: one query."""
    found = [_status(site, who)] if not site.is_active else []
    if who.visit is not None:
        until = _when(who.visit.expires_at)
        title = _("您正以平台运营身份查看 %(name)s") % {"name": site.name}
        text = _("只能查看，不能修改；每一页都有记录，%(until)s 结束。") % {"until": until}
        found.append(Banner("attention", "eye", title, text, action=reverse("visit-leave"), label=_("结束查看"), stays=True))
    elif who.manager is not None and request.path.startswith("/console"):
        found += _for_managers(request, site, who)
    if request.path in {"/console", "/learn"} and request.method == "GET":
        found += [_announced(row) for row in people.unread_announcements(who, site, at=clock.now())]
    return found


def _announced(row: Announcement) -> Banner:
    tone = "attention" if row.level == "ATTENTION" else "info"
    return Banner(tone, "speakerphone", words_of(row)[0], "", url=reverse("announcement", args=[row.uuid]), label=_("查看公告"))


def _status(site: Site, who: people.Profile) -> Banner:
    if site.status == Status.CLOSED:
        return Banner("neutral", "building-off", _("企业已注销"), _("您仍可查看自己的档案、下载培训证明、提出个人信息请求。"))
    if site.status == Status.CLOSING:
        until = _when(site.closes_at)
        text = _("不能学习和修改，可以查看和导出；%(until)s 前可以撤销。") % {"until": until}
        is_owner = who.manager is not None and who.manager.role == "OWNER"
        return Banner("attention", "building-off", _("企业正在注销"), text, **(_company() if is_owner else {}))
    text = _("原因：%(words)s。已确认的学时和证书都在，可以查看和导出，不能学习和修改。") % {"words": site.status_reason or "—"}
    return Banner("attention", "player-pause", _("企业的服务已暂停"), text, **(_company() if who.manager is not None else {}))


def _for_managers(request: HttpRequest, site: Site, who: people.Profile) -> list[Banner]:
    now, found = clock.now(), []
    may = people.permissions(request)
    if site.visited_until is not None and site.visited_until > now and people.Permission.COMPANY_SEE in may:
        until = _when(site.visited_until)
        title = _("平台运营经企业负责人同意，可以查看本管理台")
        found.append(Banner("info", "eye", title, _("只能看，%(until)s 结束。") % {"until": until}, **_company()))
    late = site.created_at is not None and now - site.created_at > lifecycle.VERIFY_WITHIN
    if late and not site.is_verified and people.Permission.COMPANY_CHANGE in may and site.status != Status.CLOSING:
        text = _("请上传营业执照，完成企业核验。")
        found.append(Banner("attention", "rosette-discount-check", _("企业还没有核验"), text, **_company()))
    return found


def _when(at: datetime | None) -> str:
    return wording.moment(at.astimezone(clock.SHANGHAI), clock.now()) if at else "—"


def _company() -> dict[str, Any]:
    return {"url": reverse("console-company"), "label": _("企业信息")}
