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
    "load": _("系统负荷"),
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
    "timing": _("界面响应"),
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
_UUID = 32
DIRECTIONS: tuple[tuple[str, Any], ...] = (("IN", _("输入")), ("OUT", _("输出")))


THINGS: dict[str, Any] = {
    "announcement": _("公告"),
    "answer": _("课程解答"),
    "appeal": _("学时申诉"),
    "archives": _("培训档案"),
    "audit": _("日志"),
    "authority": _("监管部门"),
    "bank": _("题库"),
    "batch": _("试题批次"),
    "canned": _("常用答复"),
    "certificate": _("培训证明"),
    "change": _("权限变更"),
    "complaint": _("投诉"),
    "complaints": _("投诉"),
    "correction": _("更正"),
    "course-version": _("课程版本"),
    "credential": _("登录账号"),
    "enterprise": _("企业"),
    "entry": _("档案记录"),
    "event": _("日志记录"),
    "face-check": _("人脸核验"),
    "faq": _("常见问题"),
    "figures": _("统计"),
    "filer": _("投诉人"),
    "gap": _("没有答案的提问"),
    "grant": _("调阅授权"),
    "help-promise": _("求助时限"),
    "hook": _("推送地址"),
    "incident": _("故障或维护"),
    "inspection": _("迎检包"),
    "key": _("密钥"),
    "keys": _("加密密钥"),
    "law-article": _("法规条款"),
    "learner": _("学员"),
    "learners": _("学员名单"),
    "load": _("系统负荷"),
    "login": _("登录"),
    "manager": _("企业管理人员"),
    "media": _("课件"),
    "notice": _("消息"),
    "notices": _("消息"),
    "operator": _("平台人员"),
    "order": _("导出申请"),
    "package": _("归档包"),
    "page": _("页面"),
    "pair": _("雷同作答"),
    "partner": _("对接系统"),
    "plan": _("培训计划"),
    "platform": _("平台"),
    "privacy": _("个人信息请求"),
    "promise": _("投诉时限"),
    "rating": _("课程评价"),
    "rectification": _("整改通知"),
    "regulator": _("监管账号"),
    "remark": _("课程评语"),
    "review-policy": _("审核规则"),
    "robot": _("群机器人"),
    "rule": _("规则"),
    "samples": _("示例数据"),
    "score": _("考试成绩"),
    "score-appeal": _("成绩申诉"),
    "site": _("公示信息"),
    "site-paper": _("平台资质"),
    "sso": _("外部登录"),
    "statistics": _("统计"),
    "stranger": _("未登录的人"),
    "system": _("系统"),
    "talk": _("课程问答"),
    "ticket": _("求助"),
    "tickets": _("求助"),
    "timing": _("界面响应"),
    "topic": _("课程分类"),
    "upload": _("上传文件"),
    "visit": _("查看申请"),
    "void": _("作废学时"),
}
"""First words of references: what something was done to, by whom, with whom."""

EXCHANGED: dict[str, Any] = {
    "area-figures": _("辖区统计"),
    "asked": _("对方取走的记录"),
    "attachment": _("附件"),
    "audit log": _("操作日志"),
    "day": _("每日对账文件"),
    "enterprise-figures": _("企业培训统计"),
    "exchange log": _("数据交换日志"),
    "learners": _("学员名单"),
    "missing": _("对账中缺少的记录"),
    "receipts": _("回执"),
    "records": _("培训记录"),
    "rectification": _("整改通知"),
    "rectifications": _("整改通知清单"),
    "complaint": _("投诉附件"),
    "evidence": _("证明材料"),
    "courseware": _("课件"),
    "video": _("视频"),
    "audio": _("音频"),
    "document": _("文档"),
    "image": _("图片"),
    "question": _("试题"),
    "subtitles": _("字幕"),
}
"""What came in or went out, where the log has a word of ours for it; else the name of the page."""


def reference_words(reference: str) -> str:
    """Return a reference in words: ``course-version:27`` is 「课程版本 27」; of a long id its beginning, of an unknown kind the reference."""
    kind, _colon, which = reference.partition(":")
    if kind not in THINGS:
        return reference
    short = which[:8] if len(which) >= _UUID else which
    return f"{THINGS[kind]} {short}".strip()


def action_words(action: str) -> str:
    """Return an action in words; one that nobody named is told by its room and its own name."""
    if action in ACTIONS:
        return str(ACTIONS[action])
    room, _dot, rest = action.partition(".")
    return f"{ROOMS[room]} · {rest}" if room in ROOMS else action


def result_words(result: str) -> tuple[str, str]:
    """Return (words, tone)."""
    return next(((str(words), tone) for key, words, tone in RESULTS if key == result), (str(_("未知")), "neutral"))


def exchanged_words(what: str) -> str:
    """Return in words what was exchanged."""
    return str(EXCHANGED.get(what, what))
