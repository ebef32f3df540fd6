"""How the ledger is told to people: one line for each entry, newest first."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as _noop

from apps.records import api as records
from infra.ui import wording


def timeline(entries: list[records.EntryView]) -> list[dict[str, Any]]:
    """Return the entries for the timeline component, newest first; ``n`` of each is in its text."""
    return [_line(entry) for entry in reversed(entries)]


def effective_ms(entries: list[records.EntryView]) -> int:
    """Return all confirmed study time in ms: sittings, and what later proofs and corrections added to ended ones."""
    return sum(int(entry.body.get("effective_ms", 0)) for entry in entries if entry.kind in _STUDY_KINDS)


_STUDY_KINDS = {"STUDY_SESSION", "PROOF", "VOID", "CORRECTION", "CLASS", "QUIZ"}


def _line(entry: records.EntryView) -> dict[str, Any]:
    title, text, tone, icon = _TOLD.get(entry.kind, _other)(entry.body)
    return {
        "at": _moment(entry),
        "title": title,
        "text": f"{text} · {_('第 %(n)s 条') % {'n': entry.n}}",
        "tone": tone,
        "icon": icon,
    }


def _moment(entry: records.EntryView) -> datetime:
    start = entry.body.get("start")
    return datetime.fromisoformat(start) if start else entry.at


def _study(body: dict[str, Any]) -> tuple[str, str, str, str]:
    title = _("学习《%(course)s》%(lesson)s") % {"course": _title(body, "course"), "lesson": _title(body, "courseware")}
    seconds = int(body.get("effective_ms", 0)) // 1000
    text = _("有效学习 %(time)s，登录地址 %(ip)s") % {"time": wording.duration(seconds), "ip": body.get("ip", "—")}
    return title, text, "info", "player-play"


def _proof(body: dict[str, Any]) -> tuple[str, str, str, str]:
    text = _("确认学习时间 %(time)s") % {"time": wording.duration(int(body.get("confirmed_ms", 0)) // 1000)}
    return _("在场核验通过"), text, "proven", "user-check"


def _void(body: dict[str, Any]) -> tuple[str, str, str, str]:
    time = wording.duration(int(body.get("voided_ms", 0)) // 1000)
    lesson = {"course": _title(body, "course"), "lesson": _title(body, "courseware"), "time": time}
    return _("学时作废"), _("《%(course)s》%(lesson)s，%(time)s 不计入") % lesson, "attention", "clock-x"


def _correction(body: dict[str, Any]) -> tuple[str, str, str, str]:
    if body.get("event") == "score_correction":
        return _score(body)
    if body.get("event") == "entry_correction":
        return _of_entry(body)
    if body.get("decision") != "RESTORED":
        return _("作废复核：维持"), str(body.get("reason", "")), "attention", "gavel"
    time = wording.duration(int(body.get("restored_ms", 0)) // 1000)
    return _("作废复核：恢复"), _("恢复学习时间 %(time)s") % {"time": time}, "proven", "gavel"


def _of_entry(body: dict[str, Any]) -> tuple[str, str, str, str]:
    of, changes = body["corrects"], {one["field"]: [one["before"], one["after"]] for one in body["changes"]}
    what = "；".join(f"{label} {before} → {after}" for label, before, after in records.correction_lines(changes))
    told = _("%(what)s：%(reason)s（%(one)s提出，%(two)s批准）")
    words = {"what": what, "reason": body["reason"], "one": body["proposed_by"], "two": body["approved_by"]}
    return _("更正第 %(n)s 条记录") % {"n": of["n"]}, told % words, "attention", "gavel"


def _score(body: dict[str, Any]) -> tuple[str, str, str, str]:
    title = _("考试“%(plan)s”成绩更正") % body
    text = _("%(before_score)s 分改为 %(score)s 分：%(reason)s（%(proposed_by)s提出，%(approved_by)s批准）") % body
    return title, text, "proven" if body["passed"] else "attention", "gavel"


def _title(body: dict[str, Any], key: str) -> str:
    found = body.get(key)
    return str(found.get("title", "")) if isinstance(found, dict) else ""


def _exam(body: dict[str, Any]) -> tuple[str, str, str, str]:
    word = _("通过") if body["passed"] else _("未通过")
    title = _("考试“%(plan)s”%(result)s") % {"plan": body["plan"], "result": word}
    values = {"score": body["score"], "pass": body["pass_score"], "n": body["number"]}
    text = _("%(score)s 分（及格线 %(pass)s 分），第 %(n)s 次") % values
    return title, text, "proven" if body["passed"] else "attention", "writing"


def _certificate(body: dict[str, Any]) -> tuple[str, str, str, str]:
    if body.get("replaces"):
        return _("换发培训证明"), _("%(training)s，%(number)s 代替内容有误的 %(replaces)s") % body, "proven", "certificate"
    return _("获得培训证明"), _("%(training)s，编号 %(number)s") % body, "proven", "certificate"


def _renewal(body: dict[str, Any]) -> tuple[str, str, str, str]:
    return _("培训证明续期"), _("%(old_number)s 由 %(number)s 代替") % body, "proven", "refresh"


def _revocation(body: dict[str, Any]) -> tuple[str, str, str, str]:
    reason = records.revocation_reason(body["reason"])
    text = _("编号 %(number)s，原因：%(reason)s；经两名管理员审批") % {"number": body["number"], "reason": reason}
    return _("培训证明撤销"), text, "attention", "certificate-off"


def _sign_off(body: dict[str, Any]) -> tuple[str, str, str, str]:
    if body.get("event") == "countersigned":
        return _("培训负责人签名"), _("《%(training)s》，%(name)s（%(role)s）") % body, "proven", "signature"
    way = _("手写签名") if body["method"] == "DRAWN" else _("输入姓名并用短信确认")
    return _("核对并签名"), _("《%(training)s》，%(way)s") % {"training": body["training"], "way": way}, "proven", "signature"


def _class(body: dict[str, Any]) -> tuple[str, str, str, str]:
    ms = int(body.get("effective_ms", 0))
    time = {"time": wording.duration(abs(ms) // 1000), "by": body.get("confirmed_by", "")}
    if body.get("event") == "class_correction":
        text = _("更正：增加 %(time)s") if ms >= 0 else _("更正：减少 %(time)s")
        return _("线下课更正《%(course)s》") % {"course": _title(body, "course")}, text % time, "attention", "gavel"
    text = _("计入 %(time)s，%(by)s确认") % time if ms else _("没有计入学时")
    return _("参加线下课《%(course)s》") % {"course": _title(body, "course")}, text, "proven" if ms else "info", "chalkboard"


def _quiz(body: dict[str, Any]) -> tuple[str, str, str, str]:
    word = _("通过") if body["passed"] else _("未通过")
    title = _("课程测验《%(course)s》%(quiz)s：%(result)s")
    named = title % {"course": _title(body, "course"), "quiz": _title(body, "courseware"), "result": word}
    text = _("%(score)s 分（及格线 %(pass)s 分），第 %(n)s 次") % {
        "score": body["score"],
        "pass": body["pass_score"],
        "n": body["number"],
    }
    ms = int(body.get("effective_ms", 0))
    if ms:
        text += " · " + _("课程学时 %(time)s 开始计入") % {"time": wording.duration(ms // 1000)}
    return named, text, "proven" if body["passed"] else "attention", "list-check"


def _registration(body: dict[str, Any]) -> tuple[str, str, str, str]:
    place = " ".join(filter(None, [body.get("unit", ""), body.get("position", "")]))
    return _("建立档案"), place or _("还没有部门和岗位"), "info", "user-plus"


def _consent(body: dict[str, Any]) -> tuple[str, str, str, str]:
    if body["event"] == "told":
        return _("阅读个人信息处理告知"), _("告知书版本 %(notice)s") % body, "info", "shield-check"
    withdrawn = body["event"] == "withdrawn"
    title = _("撤回对人脸识别的同意，照片和特征已销毁") if withdrawn else _("选择%(way)s确认身份") % {"way": _way(body["method"])}
    return title, _("告知书版本 %(notice)s") % body, "info", "shield-check"


def _way(method: str) -> str:
    return _("人脸识别") if method == "face" else _("短信验证码")


def _identity(body: dict[str, Any]) -> tuple[str, str, str, str]:
    passed = body["outcome"] == "pass"
    done, failed = (
        (_("登记人脸"), _("登记人脸未通过")) if body["purpose"] == "enrol" else (_("身份核验通过"), _("身份核验未通过"))
    )
    decided = _("由管理员复核") if body.get("decided_by") else _("由系统核验")
    return done if passed else failed, decided, "proven" if passed else "attention", "user-check"


_ASKED = {
    "EXPORT": _noop("导出个人信息"),
    "CORRECTION": _noop("更正个人信息的请求"),
    "RESTRICTION": _noop("限制处理的请求"),
    "ERASURE": _noop("删除个人信息的请求"),
}


def _request(body: dict[str, Any]) -> tuple[str, str, str, str]:
    answer = {"APPROVED": _("已同意"), "REFUSED": _("未同意"), "READY": _("已整理")}.get(str(body.get("state")), "")
    text = f"{answer} · {_('按期答复') if body.get('in_time') else _('超过期限答复')}" if answer else ""
    return _(_ASKED.get(str(body.get("kind")), "")), text, "info", "shield-lock"


def _other(body: dict[str, Any]) -> tuple[str, str, str, str]:
    """Entries that have no words of their own yet are still shown: nothing of the record is hidden."""
    return _("其他记录"), str(body.get("event", "")), "info", "file-text"


_TOLD = {
    "REGISTRATION": _registration,
    "STUDY_SESSION": _study,
    "PROOF": _proof,
    "VOID": _void,
    "CORRECTION": _correction,
    "EXAM": _exam,
    "CLASS": _class,
    "QUIZ": _quiz,
    "CERTIFICATE": _certificate,
    "RENEWAL": _renewal,
    "REVOCATION": _revocation,
    "SIGN_OFF": _sign_off,
    "CONSENT": _consent,
    "IDENTITY": _identity,
    "REQUEST": _request,
}
