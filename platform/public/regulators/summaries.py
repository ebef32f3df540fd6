"""What one record of the feed says, in one line for people. Names stay masked; absent values leave no trace."""

from typing import Any

from django.utils.translation import gettext as _

from infra.kit import identity
from infra.ui import wording
from public.regulators.models import FeedRecord

_Body = dict[str, Any]


def summary(record: FeedRecord, *, name: str = "") -> str:
    """Return one line for a record, e.g. 「学** · 《机械伤害预防》第一课 · 有效学习 40 秒」.

    :param name: masked name of the person, for records that carry none
    """
    body = record.body if isinstance(record.body, dict) else {}
    own = body.get("name")
    parts = _entry_correction if body.get("event") == "entry_correction" else _PARTS[FeedRecord.Kind(record.kind)]
    return _joined(identity.mask_name(str(own)) if own else name, *parts(body))


def _entry_correction(body: _Body) -> list[str]:
    """A correction by two: of which record, and what it adds to the learning time or takes from it."""
    of, ms = body.get("corrects") or {}, int(body.get("effective_ms", 0))
    moved = _("有效学习增加 %(time)s") if ms > 0 else _("有效学习减少 %(time)s")
    time = {"time": wording.duration(abs(ms) // 1000)}
    return [_lesson(body), _worded(_("更正第 %(n)s 条记录"), n=of.get("n")), moved % time if ms else ""]


def _learner(body: _Body) -> list[str]:
    status = _("已归档") if body.get("status") == "ARCHIVED" else ""
    return [_text(body, "unit"), _text(body, "position"), _worded(_("证件号 %(id)s"), id=body.get("id_number")), status]


def _session(body: _Body) -> list[str]:
    return _EVENTS.get(str(body.get("event")), _sitting)(body)


def _proof(body: _Body) -> list[str]:
    return [_("在场核验通过"), _worded(_("确认学习 %(time)s"), time=_time(body, "confirmed_ms"))]


def _void(body: _Body) -> list[str]:
    return [_lesson(body), _worded(_("作废学习 %(time)s"), time=_time(body, "voided_ms"))]


def _correction(body: _Body) -> list[str]:
    if body.get("decision") != "RESTORED":
        return [_lesson(body), _("复核维持作废")]
    return [_lesson(body), _worded(_("复核恢复学习 %(time)s"), time=_time(body, "restored_ms"))]


def _quiz(body: _Body) -> list[str]:
    result = _("课程测验通过") if body.get("passed") else _("课程测验未通过")
    return [_lesson(body), result, _worded(_("%(n)s 分"), n=body.get("score"))]


_EVENTS = {"proof": _proof, "void": _void, "correction": _correction, "quiz": _quiz}


def _time(body: _Body, key: str) -> str:
    value = body.get(key)
    return wording.duration(int(value) // 1000) if value is not None else ""


def _lesson(body: _Body) -> str:
    return _worded(_("《%(course)s》%(lesson)s"), course=_title(body, "course"), lesson=_title(body, "courseware"))


def _sitting(body: _Body) -> list[str]:
    course, lesson, effective = _title(body, "course"), _title(body, "courseware"), body.get("effective_ms")
    both = _worded(_("《%(course)s》%(lesson)s"), course=course, lesson=lesson)
    time = wording.duration(int(effective) // 1000) if effective is not None else ""
    return [both or _worded(_("《%(course)s》"), course=course), _worded(_("有效学习 %(time)s"), time=time)]


def _exam(body: _Body) -> list[str]:
    passed = body.get("passed")
    return [
        _text(body, "plan"),
        _worded(_("第 %(n)s 次考试"), n=body.get("number")),
        _worded(_("%(score)s 分"), score=body.get("score")),
        "" if passed is None else _("通过") if passed else _("未通过"),
    ]


def _certificate(body: _Body) -> list[str]:
    if body.get("event") == "revocation":
        return [_worded(_("培训证明撤销，编号 %(number)s"), number=body.get("number"))]
    if body.get("event") == "renewal":
        return [
            _worded(_("培训证明续期，原编号 %(old)s，新编号 %(number)s"), old=body.get("old_number"), number=body.get("number"))
        ]
    earned = body.get("earned_ms")
    return [
        _text(body, "training"),
        wording.hours(int(earned) // 1000) if earned is not None else "",
        _worded(_("考试 %(score)s 分"), score=body.get("exam_score")),
        _worded(_("编号 %(number)s"), number=body.get("number")),
    ]


def _enterprise(body: _Body) -> list[str]:
    words = {"ACTIVE": _("使用中"), "SUSPENDED": _("已停用"), "CLOSING": _("注销中"), "CLOSED": _("已注销")}
    return [_worded(_("企业状态：%(state)s"), state=words.get(str(body.get("status")), ""))]


def _complaint(body: _Body) -> list[str]:
    told = [_text(body, "category"), _text(body, "state")]  # in Chinese, whoever reads
    return [_worded(_("投诉 %(number)s"), number=body.get("number")), *(_(words) if words else "" for words in told)]


def _daily(body: _Body) -> list[str]:
    return [
        _worded(_("参训 %(n)s 人"), n=body.get("learners")),
        _worded(_("有效学习 %(time)s"), time=_time(body, "effective_ms")),
        _worded(_("考试 %(n)s 次"), n=body.get("exams")),
        _worded(_("发证 %(n)s 张"), n=body.get("certificates")),
    ]


_PARTS = {
    FeedRecord.Kind.LEARNER: _learner,
    FeedRecord.Kind.SESSION: _session,
    FeedRecord.Kind.EXAM: _exam,
    FeedRecord.Kind.CERTIFICATE: _certificate,
    FeedRecord.Kind.ENTERPRISE: _enterprise,
    FeedRecord.Kind.COMPLAINT: _complaint,
    FeedRecord.Kind.DAILY: _daily,
}


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _worded(words: str, **values: Any) -> str:
    """Fill ``words``; nothing where a value is missing."""
    return "" if None in values.values() or "" in values.values() else words % values


def _text(body: _Body, key: str) -> str:
    value = body.get(key)
    return value if isinstance(value, str) else ""


def _title(body: _Body, key: str) -> str:
    """A course or lesson by its title; it may be told as the title alone."""
    value = body.get(key)
    return str(value.get("title", "")) if isinstance(value, dict) else _text(body, key)
