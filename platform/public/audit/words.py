"""Words for the log's actions and results, for people who read it."""

from typing import Any

from django.utils.translation import gettext_lazy as _

ROOMS: dict[str, Any] = {
    "access": _("访问控制"),
    "answers": _("课程问答"),
    "appeals": _("学时申诉"),
    "archive": _("培训档案"),
    "audit": _("日志"),
    "authoring": _("课程编写"),
    "certificates": _("培训证明"),
    "community": _("问答与评价"),
    "desk": _("平台登录"),
    "enterprise": _("企业"),
    "exams": _("考试"),
    "file": _("文件"),
    "identity": _("身份核验"),
    "keys": _("加密密钥"),
    "learning": _("学习"),
    "operators": _("平台人员与权限"),
    "people": _("人员"),
    "plans": _("培训计划"),
    "privacy": _("个人信息"),
    "records": _("档案"),
    "regulators": _("监管"),
    "review": _("课程审核"),
    "rights": _("版权"),
    "site": _("公示信息"),
}
ACTIONS: dict[str, Any] = {
    "access.refused": _("访问被拒绝"),
    "audit.exported": _("导出日志"),
    "audit.searched": _("查询日志"),
    "audit.seen": _("查看一条日志"),
    "audit.verified": _("核验日志"),
    "desk.activated": _("激活账号"),
    "desk.activation_refused": _("激活码错误"),
    "desk.password_changed": _("更换密码"),
    "desk.password_refused": _("更换密码时密码错误"),
    "desk.passkey_added": _("绑定通行密钥"),
    "desk.passkey_removed": _("移除通行密钥"),
    "desk.refused": _("访问被拒绝"),
    "desk.second_step_refused": _("第二步验证失败"),
    "desk.sign_in_refused": _("密码错误"),
    "desk.signed_in": _("登录"),
    "desk.signed_out": _("退出登录"),
    "enterprise.reopened": _("恢复企业"),
    "enterprise.suspended": _("停用企业"),
    "enterprise.verified": _("核实企业"),
    "file.received": _("上传文件"),
    "file.sent": _("下载文件"),
    "file.shown": _("查看图片"),
    "operators.blocked": _("停用账号"),
    "operators.change_approved": _("批准权限变更"),
    "operators.change_asked": _("申请权限变更"),
    "operators.change_refused": _("不批准权限变更"),
    "operators.change_withdrawn": _("撤回权限变更"),
}
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
