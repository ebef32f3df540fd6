"""The monitor's words: signals, verdicts and states by their codes. Codes are stable; an unknown one stands for itself."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

ALERT_SCORE = 40
"""From this score on a session is listed among the alerts; the engine asks for proof more often from here on too."""

SIGNALS: Mapping[str, tuple[Any, Any]] = {
    "rate": (_("倍速播放"), _("页面上报的播放速度不是 1 倍。")),
    "rate_corrected": (_("试图改变速度"), _("播放器把速度改回了 1 倍。")),
    "seek_corrected": (_("反复拖动进度"), _("短时间内多次拖到没有学过的位置，都被拉回。")),
    "strike": (_("进度快于时钟"), _("上报的位置比真实时间走得快，这一段没有计入。")),
    "clock": (_("时钟被加速"), _("浏览器的时钟与服务器相差越来越大。")),
    "regular": (_("节奏过于规整"), _("心跳间隔没有真实网络和浏览器会有的起伏。")),
    "no_input": (_("长时间没有操作"), _("连续播放 30 分钟没有真实的触摸、按键或鼠标操作。")),
    "frozen": (_("画面没有变化"), _("显示正在播放，但视频没有新的画面。")),
    "restless": (_("频繁离开页面"), _("一次心跳之间多次切走或失去焦点。")),
    "windows": (_("画中画或多开"), _("试图用画中画、投屏或第二个窗口播放。")),
    "mark": (_("水印被遮挡"), _("画面上的身份水印被移除或隐藏，已放回。")),
    "unprobed": (_("没有自检数据"), _("心跳里没有播放器应有的自检数据。")),
    "webdriver": (_("自动化浏览器"), _("浏览器由程序控制，或没有界面。")),
    "scripted": (_("由程序点击"), _("点击不是人按下的，而是脚本发出的。")),
    "setters": (_("播放功能被改写"), _("播放、速度或位置的功能不是浏览器自带的。")),
    "visibility": (_("可见状态被伪装"), _("页面可见状态的两种读法不一致。")),
    "timers": (_("计时功能被改写"), _("页面的定时器或时钟不是浏览器自带的，或走得太快。")),
    "listeners": (_("事件监听被改写"), _("页面的事件监听不是浏览器自带的。")),
    "shared_ip": (_("同一网络多人在学"), _("这个网络地址下同时在学的账号很多；班组集中学习时属于正常。")),
}
"""Signal -> (name, what it means). The last comes from a query over sessions, never from a beat."""

VERDICTS: Mapping[str, Any] = {
    "paid": _("计入学时"),
    "not_playing": _("没有播放，不计"),
    "hidden": _("页面不可见，不计"),
    "gap": _("中断超过 40 秒，不计"),
    "backward": _("往回看，不计"),
    "too_fast": _("快于时钟，不计"),
    "covered": _("已学过，不重复计"),
    "daily_limit": _("当日已满 8 学时，不计"),
    "no_time": _("没有经过时间"),
    "no_media": _("没有取得课件内容，不计"),
    "overdue": _("核验超时未答，不计"),
    "must_prove": _("等待核验，不计"),
    "unproven": _("等待核验，不计"),
}

STATES: Mapping[str, Any] = {
    "opened": _("已打开"),
    "playing": _("播放中"),
    "paused": _("已暂停"),
    "hidden": _("页面不可见"),
    "ended": _("播放到结尾"),
    "must_prove": _("等待核验"),
}


def signal_name(code: str) -> str:
    """Return the name of a signal."""
    return str(SIGNALS[code][0]) if code in SIGNALS else code


def signal_text(code: str) -> str:
    """Return the sentence that explains a signal, or ""."""
    return str(SIGNALS[code][1]) if code in SIGNALS else ""


def verdict_name(code: str) -> str:
    """Return what an interval paid, in words."""
    return str(VERDICTS.get(code, code))


def state_name(code: str) -> str:
    """Return the state of a player, in words."""
    return str(STATES.get(code, code))
