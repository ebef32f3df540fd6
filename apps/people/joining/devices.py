"""Where somebody is signed in: one row a sign-in, ended singly, all others at once, or by a manager."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from apps.people.joining.models import Device
from infra.kit import clock
from infra.kit.errors import DomainError
from tenants.api import Credential

MARK, SEEN = "device", "device_seen"
"""In the session: which device row it is, and when that was last written (seconds)."""
_FRESH_S = 15 * 60
KEPT = timedelta(days=90)
_SYSTEMS = (("HarmonyOS", "鸿蒙"), ("Android", "安卓"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS X", "macOS"), ("Linux", "Linux"))  # fmt: skip
_BROWSERS = (("wxwork", "企业微信"), ("DingTalk", "钉钉"), ("Lark", "飞书"), ("Feishu", "飞书"), ("MicroMessenger", "微信"), ("MQQBrowser", "QQ浏览器"), ("UCBrowser", "UC浏览器"), ("HuaweiBrowser", "华为浏览器"), ("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Seen:
    """One open sign-in as its owner reads it. ``name`` such as 「手机 · 安卓 · 微信」; ``is_here``: the one that asks."""

    uuid: UUID
    kind: str
    name: str
    first_seen: datetime
    last_seen: datetime
    is_here: bool


def begin(request: HttpRequest, credential: Credential, *, at: datetime) -> None:
    """Write down a sign-in that has just begun; its session is saved first, so that it has a name."""
    session = request.session
    if not session.session_key:
        session.save()
    kind, system, browser = told_by(request.headers.get("User-Agent", ""))
    row = Device.objects.create(
        credential=credential, session_key=session.session_key or "", kind=kind, system=system, browser=browser,
        first_seen=at, last_seen=at,
    )  # fmt: skip
    session[MARK], session[SEEN] = str(row.uuid), at.timestamp()
    Device.objects.filter(credential=credential, last_seen__lt=at - KEPT).delete()


def touch(request: HttpRequest) -> None:
    """Note that a device is still used, at most every quarter of an hour; costs nothing in between."""
    mark, now = request.session.get(MARK), clock.now()
    if mark and now.timestamp() - float(request.session.get(SEEN, 0)) > _FRESH_S:
        Device.objects.filter(uuid=mark).update(last_seen=now, session_key=request.session.session_key or "")
        request.session[SEEN] = now.timestamp()


def follow(request: HttpRequest) -> None:
    """Keep the row of this device with its session after the session has got another key."""
    if not request.session.session_key:
        request.session.save()
    mark = request.session.get(MARK)
    if mark:
        Device.objects.filter(uuid=mark).update(session_key=request.session.session_key or "")


def of(credential: Credential, *, here: str = "") -> list[Seen]:
    """Return where somebody is signed in now, this device first; two queries.

    :param here: the uuid of the asking device
    """
    rows = list(Device.objects.filter(credential=credential, ended_at=None).order_by("-last_seen"))
    known = Session.objects.filter(session_key__in=[row.session_key for row in rows], expire_date__gt=clock.now())
    alive = set(known.values_list("session_key", flat=True))
    seen = [
        Seen(row.uuid, row.kind, _name(row), row.first_seen, row.last_seen, str(row.uuid) == here)
        for row in rows
        if row.session_key in alive
    ]
    return sorted(seen, key=lambda one: not one.is_here)


@transaction.atomic
def end(credential: Credential, *, device: UUID, at: datetime) -> None:
    """End one sign-in of this person at once. Repeating changes nothing.

    :raises DomainError: 404 ``not_found``
    """
    row = Device.objects.filter(credential=credential, uuid=device).first()
    if row is None:
        raise DomainError("not_found", _("没有找到这台设备，可能已经退出。请刷新页面。"), status=404)
    _end([row], at)


@transaction.atomic
def end_all(credential: Credential, *, at: datetime, but: str = "") -> int:
    """End all sign-ins of a person, but the device of that uuid; returns how many were open."""
    rows = Device.objects.filter(credential=credential, ended_at=None)
    return _end(list(rows.exclude(uuid=but) if but else rows), at)


def told_by(agent: str) -> tuple[str, str, str]:
    """Return kind, system and browser that a ``User-Agent`` names; a guess to recognise one's own devices by, nothing more."""
    system = next((word for sign, word in _SYSTEMS if sign in agent), "")
    browser = next((word for sign, word in _BROWSERS if sign in agent), "")
    if system == "iPad" or re.search(r"Tablet|Pad\b", agent) or (system == "安卓" and "Mobile" not in agent):
        return Device.Kind.TABLET, system, browser
    is_phone = system == "iPhone" or "Mobile" in agent
    return (Device.Kind.PHONE if is_phone else Device.Kind.COMPUTER), system, browser


def _end(rows: list[Device], at: datetime) -> int:
    Session.objects.filter(session_key__in=[row.session_key for row in rows if row.session_key]).delete()
    return Device.objects.filter(pk__in=[row.pk for row in rows], ended_at=None).update(ended_at=at)


def _name(row: Device) -> str:
    return " · ".join(filter(None, [str(Device.Kind(row.kind).label), row.system, row.browser]))
