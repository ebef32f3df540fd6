"""The signals by code: how much each weighs, and what it says to people. Codes are stable: they are kept as evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Kind:
    """``weight`` points each time it is raised, ``most`` points together; ``title`` and ``text`` are words."""

    weight: int
    most: int
    title: Any
    text: Any


KINDS: Mapping[str, Kind] = {
    "rate": Kind(30, 60, _("倍速播放"), _("页面上报的播放速度不是 1 倍。")),
    "rate_corrected": Kind(15, 45, _("试图改变速度"), _("播放器把速度改回了 1 倍。")),
    "seek_corrected": Kind(10, 30, _("反复拖动进度"), _("短时间内多次拖到没有学过的位置，都被拉回。")),
    "strike": Kind(20, 60, _("进度快于时钟"), _("上报的位置比真实时间走得快，这一段没有计入。")),
    "clock": Kind(30, 60, _("时钟被加速"), _("浏览器的时钟与服务器相差越来越大。")),
    "regular": Kind(15, 30, _("节奏过于规整"), _("心跳间隔没有真实网络和浏览器会有的起伏。")),
    "no_input": Kind(15, 30, _("长时间没有操作"), _("连续播放 30 分钟没有真实的触摸、按键或鼠标操作。")),
    "frozen": Kind(25, 50, _("画面没有变化"), _("显示正在播放，但视频没有新的画面。")),
    "restless": Kind(5, 15, _("频繁离开页面"), _("一次心跳之间多次切走或失去焦点。")),
    "windows": Kind(10, 20, _("画中画或多开"), _("试图用画中画、投屏或第二个窗口播放。")),
    "mark": Kind(15, 30, _("水印被遮挡"), _("画面上的身份水印被移除或隐藏，已放回。")),
    "unprobed": Kind(10, 20, _("没有自检数据"), _("心跳里没有播放器应有的自检数据。")),
    "webdriver": Kind(40, 40, _("自动化浏览器"), _("浏览器由程序控制，或没有界面。")),
    "scripted": Kind(15, 30, _("由程序点击"), _("点击不是人按下的，而是脚本发出的。")),
    "setters": Kind(30, 30, _("播放功能被改写"), _("播放、速度或位置的功能不是浏览器自带的。")),
    "visibility": Kind(30, 30, _("可见状态被伪装"), _("页面可见状态的两种读法不一致。")),
    "timers": Kind(20, 40, _("计时功能被改写"), _("页面的定时器或时钟不是浏览器自带的，或走得太快。")),
    "listeners": Kind(20, 20, _("事件监听被改写"), _("页面的事件监听不是浏览器自带的。")),
    "shared_ip": Kind(10, 10, _("同一网络多人在学"), _("这个网络地址下同时在学的账号很多，班组集中学习时属于正常。")),
    "same_face": Kind(40, 40, _("人脸与他人相同"), _("最近的核验人脸与本单位另一名学员高度相似。")),
}
"""Everything that may be raised. The last two come from queries over sessions, never from a beat."""


def title(code: str) -> str:
    """Return the name of a signal; an unknown code (of an older release) stands for itself."""
    return str(KINDS[code].title) if code in KINDS else code


def text(code: str) -> str:
    """Return the sentence that explains a signal, or ""."""
    return str(KINDS[code].text) if code in KINDS else ""
