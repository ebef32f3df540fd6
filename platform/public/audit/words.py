"""Words for the log's actions and results, for people who read it."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from public.audit.action_words import ACTIONS

ROOMS: dict[str, Any] = {
    "access": _("访问控制"),
    "answer": _("课程解答"),
    "appeal": _("学时申诉"),
    "archives": _("培训档案"),
    "audit": _("日志"),
    "certificates": _("培训证明"),
    "complaint": _("投诉举报"),
    "complaints": _("投诉授权"),
    "course": _("课程"),
    "desk": _("平台登录"),
    "enterprise": _("企业"),
    "exams": _("考试"),
    "exchange": _("监管对接"),
    "file": _("文件"),
    "help": _("帮助台"),
    "inspection": _("迎检"),
    "keys": _("加密密钥"),
    "law": _("法规"),
    "learning": _("学习"),
    "ledger": _("记录封存"),
    "lesson": _("课时"),
    "openapi": _("开放接口"),
    "operators": _("平台人员与权限"),
    "people": _("人员"),
    "plans": _("培训计划"),
    "privacy": _("个人信息"),
    "questions": _("试题"),
    "rating": _("课程评价"),
    "records": _("记录更正"),
    "regulator": _("监管部门"),
    "remark": _("课程评语"),
    "retention": _("保存与归档"),
    "review": _("课程审核"),
    "rights": _("版权"),
    "samples": _("示例数据"),
    "site": _("公示信息"),
    "subtitles": _("字幕"),
    "talk": _("课程问答"),
    "topic": _("课程分类"),
    "trainer": _("讲师"),
    "visit": _("平台进入企业"),
}
"""First words of actions. A room that writes events has its word here (tests/public/audit/test_words.py)."""
RESULTS: tuple[tuple[str, Any, str], ...] = (
    ("DONE", _("成功"), "proven"),
    ("REFUSED", _("被拒绝"), "attention"),
    ("FAILED", _("失败"), "stop"),
)
DIRECTIONS: tuple[tuple[str, Any], ...] = (("IN", _("输入")), ("OUT", _("输出")))


def action_words(action: str) -> str:
    """Return an action in words; one that nobody named is told by its room and its own name."""
    if action in ACTIONS:
        return str(ACTIONS[action])
    room, _dot, rest = action.partition(".")
    return f"{ROOMS[room]} · {rest}" if room in ROOMS else action


def result_words(result: str) -> tuple[str, str]:
    """Return (words, tone)."""
    return next(((str(words), tone) for key, words, tone in RESULTS if key == result), (str(_("未知")), "neutral"))
