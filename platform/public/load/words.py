"""Loads in words: units, levels, and numbers as people write them."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from public.load.models import Meter

UNITS: dict[str, Any] = {
    Meter.REQUESTS: _("次/秒"),
    Meter.RESPONSE: _("毫秒"),
    Meter.PAGES: _("毫秒"),
    Meter.LEARNERS: _("人"),
    Meter.CONNECTIONS: _("个连接"),
    Meter.QUEUE: _("个任务"),
    Meter.DATABASE: "GB",
    Meter.DISK: "GB",
    Meter.MEMORY: "GB",
    Meter.PROCESSOR: "%",
}
LEVELS: dict[str, tuple[str, Any]] = {"": ("proven", _("正常")), "WARN": ("attention", _("预警")), "SEVERE": ("stop", _("严重"))}
"""Level to the tone of its badge and its word."""
HINTS: dict[str, Any] = {
    Meter.REQUESTS: _("全部网站进程一分钟内的平均"),
    Meter.RESPONSE: _("服务器处理一次请求的平均用时"),
    Meter.PAGES: _("浏览器测得的近 24 小时平均等待，标准 3 秒"),
    Meter.LEARNERS: _("此刻开着课件的学员"),
    Meter.CONNECTIONS: _("各数据库合计"),
    Meter.QUEUE: _("等待后台进程处理的任务"),
    Meter.DATABASE: _("主数据库占用空间"),
    Meter.DISK: _("后台进程所在磁盘已用空间"),
    Meter.MEMORY: _("后台进程所在机器已用内存"),
    Meter.PROCESSOR: _("后台进程所在机器一分钟平均"),
}


def amount(value: float, meter: str) -> str:
    """Return a value with its unit: ``12.5 GB``, ``1,250 次/秒``."""
    places = 1 if abs(value) < 100 and value != int(value) else 0
    return f"{value:,.{places}f} {UNITS[meter]}"


def percent(part: float) -> str:
    """Return ``73%``. Below 100 it is rounded down, so that 69.9 % is not called 70."""
    return f"{int(part * 100 + 1e-9)}%"
