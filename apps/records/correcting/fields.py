"""What of an entry may be corrected, by its kind: pure.

Scores and attendance have desks of their own, with two people too (`apps.exams.marking`, `apps.plans.classes`); of them, and of every
other kind, only a note may be added that says what is right.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from infra.kit import identity
from infra.kit.errors import DomainError
from infra.ui import wording

TEXT, SECONDS, DAY = "text", "seconds", "day"
EFFECTIVE = "effective_s"
MOST_SECONDS = 8 * 2_700
"""Eight 学时 a day (clause 三.5): no sitting counts for more."""


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that may be said anew. ``form``: text, seconds (shown as minutes and seconds) or a day as ``2026-11-23``."""

    name: str
    label: Any
    form: str = TEXT
    most: int = 120

    def read(self, raw: str) -> str | int:
        """Return the value that somebody typed.

        :raises DomainError: ``value`` with the field's name
        """
        text = " ".join(raw.split())
        if self.form == SECONDS:
            return self._seconds(text)
        if self.form == DAY and text:
            try:
                return date.fromisoformat(text).isoformat()
            except ValueError as error:
                raise DomainError("value", _("请写成 2026-03-01 这样。"), field=self.name) from error
        if len(text) > self.most:
            raise DomainError("value", _("不超过 %(most)d 个字。") % {"most": self.most}, field=self.name)
        return nameless(text, field=self.name)

    def _seconds(self, text: str) -> int:
        minutes, _colon, seconds = text.replace("：", ":").partition(":")
        is_number = minutes.isascii() and minutes.isdigit() and (not seconds or (seconds.isascii() and seconds.isdigit()))
        if not is_number or len(minutes) > 4 or len(seconds) > 2 or int(seconds or 0) >= 60:
            raise DomainError("value", _("请写分钟，或分钟:秒，例如 12:30。"), field=self.name)
        found = int(minutes) * 60 + int(seconds or 0)
        if found > MOST_SECONDS:
            raise DomainError("value", _("一天最多计 8 学时（360 分钟）。"), field=self.name)
        return found

    def shown(self, value: object) -> str:
        """Return a value as people read it."""
        if value in (None, ""):
            return "—"
        return wording.duration(int(str(value))) if self.form == SECONDS else str(value)

    def typed(self, value: object) -> str:
        """Return a value as the form shows it."""
        if self.form != SECONDS:
            return str(value or "")
        minutes, seconds = divmod(int(str(value or 0)), 60)
        return f"{minutes}:{seconds:02d}"


def nameless(text: str, *, field: str) -> str:
    """Return words fit for the ledger, which outlives an erasure.

    :raises DomainError: ``personal`` for a resident ID or a mobile number in them
    """
    if identity.without_numbers(text) != text:
        words = _("档案写入后不能删除，请去掉其中的身份证号、手机号，需要时放进依据文件里。")
        raise DomainError("personal", words, field=field)
    return text


NOTE = Field("note", _("补充说明"), most=300)
FIELDS: dict[str, tuple[Field, ...]] = {
    "REGISTRATION": (
        Field("unit", _("部门")),
        Field("position", _("岗位"), most=60),
        Field("hired_on", _("入职日期"), DAY),
    ),
    "STUDY_SESSION": (Field(EFFECTIVE, _("有效学习时间"), SECONDS),),
    "CERTIFICATE": (
        Field("training", _("培训项目")),
        Field("training_type", _("培训类型"), most=40),
        Field("category", _("培训类别"), most=80),
    ),
}
ELSEWHERE: dict[str, Any] = {
    "EXAM": _("成绩有误，请在考试成绩里提出改分；那里同样由两人完成。这里只能补充说明。"),
    "CLASS": _("到课有误，请在线下课页面更正；那里同样由两人完成。这里只能补充说明。"),
    "QUIZ": _("测验成绩由系统判定，这里只能补充说明。"),
    "VOID": _("作废的学时，请在学时申诉里处理。这里只能补充说明。"),
    "CERTIFICATE": _("姓名有误，请先在人员里改正，再到证明页以“内容有误”申请撤销；批准后在那里换发。"),
}
"""Where a wrong value of a kind is put right instead."""


def of_kind(kind: str) -> tuple[Field, ...]:
    """Return what may be corrected of an entry of a kind; nothing of a correction: its own subject is corrected again.

    :raises DomainError: 409 ``not_correctable``
    """
    if kind == "CORRECTION":
        raise DomainError("not_correctable", _("更正记录本身不再更正，请对原记录再次提出更正。"), status=409)
    return (*FIELDS.get(kind, ()), NOTE)


def named(name: str) -> Field:
    """Return a field by its name, for showing; one that is no more shows its name."""
    found = (field for fields in FIELDS.values() for field in fields if field.name == name)
    return NOTE if name == NOTE.name else next(found, Field(name, name))


def value_in(body: Mapping[str, Any], name: str) -> Any:
    """Return what an entry itself says about a field."""
    return "" if name == NOTE.name else body.get(name, "")


def lines(changes: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Return changes as (label, before, after) in words."""
    known = ((named(name), pair) for name, pair in changes.items())
    return [(str(field.label), field.shown(before), field.shown(after)) for field, (before, after) in known]
