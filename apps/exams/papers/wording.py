"""Rows of a paper in words, and why they cannot be drawn."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from apps.exams.papers.drawing import Shortage
from apps.exams.papers.shapes import Row
from public.questions import api as questions


def row(one: Row) -> str:
    """Return what a row asks for, without its number of questions."""
    said = [str(questions.KINDS[one.kind])] if one.kind in questions.KINDS else []
    said += ["、".join(one.labels)] if one.labels else []
    if (one.low, one.high) != (1, 5):
        said.append(
            _("难度 %(n)s") % {"n": one.low} if one.low == one.high else _("难度 %(a)s–%(b)s") % {"a": one.low, "b": one.high}
        )
    return " · ".join(said) or _("全部试题")


def shortage(rows: Sequence[Row], one: Shortage) -> str:
    """Return why rows cannot be drawn, and what to do."""
    named: dict[str, Any] = {"needed": one.needed, "found": one.found}
    if len(one.rows) == 1:
        no = one.rows[0]
        words = _(
            "第 %(no)s 行（%(row)s）要抽 %(needed)s 题，题库里符合条件的只有 %(found)s 题，请减少题数、放宽条件或补充试题。"
        )
        return words % {"no": no + 1, "row": row(rows[no]), **named}
    words = _("第 %(nos)s 行抽的是同一批题：一共要 %(needed)s 题，符合条件的只有 %(found)s 题，请减少题数、放宽条件或补充试题。")
    return words % {"nos": "、".join(str(no + 1) for no in one.rows), **named}
