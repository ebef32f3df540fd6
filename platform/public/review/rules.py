"""Pure functions: times people type, the difference between two contents."""

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from infra.kit.errors import DomainError

_CLOCK = re.compile(r"(?:(\d{1,2})[:：])?(\d{1,3})[:：](\d{2})(?:[.．](\d{1,3}))?")


def milliseconds(text: str) -> int:
    """Return the time that somebody typed as ``00:12``, ``1:02:03`` or ``00:12.5``, in ms.

    :raises DomainError: ``bad_time``
    """
    found = _CLOCK.fullmatch(text.strip())
    if found is None or int(found[3]) > 59:
        raise DomainError("bad_time", _("时间请按“分:秒”填写，例如 00:12。"), status=422, field="at")
    hours, minutes, seconds = int(found[1] or 0), int(found[2]), int(found[3])
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + int((found[4] or "0").ljust(3, "0"))


def clock_text(ms: int) -> str:
    """Return ``00:12`` or ``1:02:03``."""
    seconds = ms // 1000
    hours, rest = divmod(seconds, 3600)
    return f"{hours}:{rest // 60:02d}:{rest % 60:02d}" if hours else f"{rest // 60:02d}:{rest % 60:02d}"


LABELS: dict[str, Any] = {
    "title": _("课程名称"),
    "code": _("编码"),
    "audience": _("培训对象"),
    "industry": _("行业"),
    "category": _("培训类别"),
    "place": _("大纲位置"),
    "trainer": _("讲师"),
    "trainer_qualification": _("讲师资质"),
    "format": _("课件形式"),
    "difficulty": _("难度"),
    "review_cycle_months": _("复审周期（月）"),
    "key_points": _("要点"),
    "legal_basis": _("法律依据"),
    "question_topics": _("试题范围"),
    "chapters": _("章节"),
    "quiz_rule": _("测验与学时"),
}
EXTRAS: dict[str, Any] = {"rights": _("版权登记"), "subtitles": _("字幕"), "quizzes": _("测验和提问点")}
"""What other rooms add to the snapshot. Rights and quizzes are shown line by line, of subtitles only that they changed."""
_BY_LINE = ("rights", "quizzes")


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a changed text: ``same``, ``gone`` or ``new``."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """One field that differs, as pieces in reading order."""

    label: Any
    pieces: list[Piece]


@dataclass(frozen=True, slots=True)
class LessonChange:
    """One lesson that was added, removed or changed (``kind``: ``added``, ``removed``, ``changed``, ``moved``)."""

    kind: str
    title: str
    number: int
    what: list[Any]


@dataclass(frozen=True, slots=True)
class Difference:
    """What is not as it was. Empty lists: nothing."""

    fields: list[Change]
    lessons: list[LessonChange]
    other: list[Any]

    def __bool__(self) -> bool:
        return bool(self.fields or self.lessons or self.other)


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> Difference:
    """Return what changed between two contents of `catalogue.content`; numbers of versions do not count."""
    fields = [
        Change(label, pieces(_text(before.get(name)), _text(after.get(name))))
        for name, label in LABELS.items()
        if before.get(name) != after.get(name)
    ]
    former, present = before.get("extra", {}), after.get("extra", {})
    other = [name for name in sorted({*former, *present}) if (former.get(name) or None) != (present.get(name) or None)]
    fields += [
        Change(EXTRAS[name], pieces(_text(former.get(name)), _text(present.get(name)))) for name in other if name in _BY_LINE
    ]
    rest = [EXTRAS.get(name, name) for name in other if name not in _BY_LINE]
    return Difference(fields, _lessons(before.get("lessons", []), after.get("lessons", [])), rest)


def _text(value: Any) -> str:
    return "\n".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)


def pieces(before: str, after: str) -> list[Piece]:
    """Return the two texts woven into one, by characters."""
    found: list[Piece] = []
    for op, a, b, c, d in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if op == "equal":
            found.append(Piece("same", before[a:b]))
            continue
        found += [Piece(kind, text) for kind, text in (("gone", before[a:b]), ("new", after[c:d])) if text]
    return found


def _lessons(before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]) -> list[LessonChange]:
    """Lessons are the same by their media, else by title: a new film under the same title is a change of that lesson."""
    left = list(before)
    found: list[LessonChange] = []
    pairs: list[tuple[Mapping[str, Any], Mapping[str, Any] | None]] = []
    rest: list[Mapping[str, Any]] = []
    for lesson in after:
        twin = next((x for x in left if x["media"] == lesson["media"]), None)
        if twin is None:
            rest.append(lesson)
            continue
        pairs.append((lesson, twin))
        left.remove(twin)
    for lesson in rest:
        twin = next((x for x in left if x["title"] == lesson["title"]), None)
        pairs.append((lesson, twin))
        if twin:
            left.remove(twin)
    for lesson, former in sorted(pairs, key=lambda pair: pair[0]["no"]):
        if former is None:
            found.append(LessonChange("added", lesson["title"], lesson["no"], []))
        elif what := _what(former, lesson):
            found.append(LessonChange("changed", lesson["title"], lesson["no"], what))
        elif former["no"] != lesson["no"]:
            found.append(LessonChange("moved", lesson["title"], lesson["no"], [_("顺序")]))
    return found + [LessonChange("removed", x["title"], x["no"], []) for x in left]


def _what(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Any]:
    names = {"title": _("标题"), "chapter": _("章节"), "media": _("媒体"), "duration_ms": _("时长")}
    return [label for name, label in names.items() if before.get(name) != after.get(name)]
