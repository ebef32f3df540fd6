"""What a question must be before it may be published. Pure; the same for the platform's banks and the enterprises' own.

A content: ``{"kind", "topic", "points", "difficulty", "stem", "media", "options", "answer", "explanation", "basis"}``; a case has
``"parts"`` instead of options and answer, each ``{"kind", "stem", "media", "options", "answer", "explanation", "basis"}``.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

SINGLE, MULTIPLE, JUDGE, BLANK, ORDER, TEXT, CASE = "single", "multiple", "judge", "blank", "order", "text", "case"
KINDS: dict[str, Any] = {
    SINGLE: gettext_lazy("单选题"),
    MULTIPLE: gettext_lazy("多选题"),
    JUDGE: gettext_lazy("判断题"),
    BLANK: gettext_lazy("填空题"),
    ORDER: gettext_lazy("排序题"),
    TEXT: gettext_lazy("问答题"),
    CASE: gettext_lazy("案例题"),
}
"""Kinds of question with their names. A case is several questions about one story; on a paper each stands alone."""
CHOICES = (SINGLE, MULTIPLE, JUDGE)
"""Kinds that are answered by choosing."""
LETTERS = "ABCDEFGHIJ"
MEDIA = ("picture", "video")
MOST_POINTS, MOST_PARTS, MOST_MEDIA, MOST_GAPS = 8, 20, 4, 10
LONGEST_STEM, LONGEST_TEXT, LONGEST_NAME, LONGEST_BASIS = 4000, 500, 40, 200
GAP = re.compile(r"（[\s\u3000]*）|\([\s\u3000]*\)|_{2,}|＿{2,}")
"""How a gap is written in a stem."""
_BOUNDS = {SINGLE: (2, 10), MULTIPLE: (3, 10), JUDGE: (2, 2), ORDER: (3, 10)}


def gaps(stem: str) -> int:
    """Return how many gaps a stem shows."""
    return len(GAP.findall(stem))


def check(content: Mapping[str, Any]) -> list[str]:
    """Return what is wrong with a content, in words; an empty list means that it may be published."""
    said = [*_of_the_whole(content), *_of_stem(content)]
    if content.get("kind") == CASE:
        return said + _of_parts(content.get("parts"))
    return said + _of_question(content)


def _of_the_whole(content: Mapping[str, Any]) -> Iterable[str]:
    if content.get("kind") not in KINDS:
        yield _("请选择题型。")
    topic = content.get("topic")
    if not _is_text(topic, LONGEST_NAME):
        yield _("请填写知识主题，最多 %(n)s 个字。") % {"n": LONGEST_NAME}
    points = content.get("points", [])
    if not isinstance(points, list) or len(points) > MOST_POINTS or not all(_is_text(point, LONGEST_NAME) for point in points):
        yield _("知识点最多 %(n)s 个，每个最多 %(long)s 个字。") % {"n": MOST_POINTS, "long": LONGEST_NAME}
    level = content.get("difficulty")
    if isinstance(level, bool) or not isinstance(level, int) or not 1 <= level <= 5:
        yield _("难度应为 1 到 5。")


def _of_stem(content: Mapping[str, Any]) -> Iterable[str]:
    if not _is_text(content.get("stem"), LONGEST_STEM):
        yield _("请填写题干，最多 %(n)s 个字。") % {"n": LONGEST_STEM}
    for name, longest in (("explanation", LONGEST_STEM), ("basis", LONGEST_BASIS)):
        if not isinstance(content.get(name, ""), str) or len(content.get(name, "")) > longest:
            yield _("解析最多 %(a)s 个字，法规依据最多 %(b)s 个字。") % {"a": LONGEST_STEM, "b": LONGEST_BASIS}
    media = content.get("media", [])
    if not isinstance(media, list) or len(media) > MOST_MEDIA:
        yield _("一道题最多配 %(n)s 个图片或视频。") % {"n": MOST_MEDIA}
        return
    for one in media:
        if not isinstance(one, dict) or one.get("kind") not in MEDIA or not _is_text(one.get("key"), 200):
            yield _("题干里的图片或视频已失效，请重新上传。")
        elif not _is_text(one.get("alt"), 200):
            yield _("请为图片或视频写一句文字说明，看不到画面的学员靠它答题。")


def _of_parts(parts: Any) -> list[str]:
    if not isinstance(parts, list) or not 1 <= len(parts) <= MOST_PARTS:
        return [_("案例题应有 1 到 %(n)s 道小题。") % {"n": MOST_PARTS}]
    said = []
    for no, part in enumerate(parts, 1):
        if not isinstance(part, dict) or part.get("kind") not in KINDS or part.get("kind") == CASE:
            said.append(_("第 %(no)s 小题：请选择题型。") % {"no": no})
            continue
        found = [*_of_stem(part), *_of_question(part)]
        said += [_("第 %(no)s 小题：%(words)s") % {"no": no, "words": words} for words in found]
    return said


def _of_question(content: Mapping[str, Any]) -> list[str]:
    kind, options, answer = content.get("kind"), content.get("options", []), content.get("answer")
    if kind not in KINDS:
        return []
    if not isinstance(answer, list):
        return [_("请给出正确答案。")]
    if kind == BLANK:
        return list(_of_gaps(str(content.get("stem", "")), answer))
    if kind == TEXT:
        fits = len(answer) == 1 and _is_text(answer[0], LONGEST_STEM)
        return [] if fits else [_("请写一份参考答案，批改的人要对照它给分。")]
    said = list(_of_options(str(kind), options))
    return said or list(_of_choice(str(kind), [option["key"] for option in options], answer))


def _of_options(kind: str, options: Any) -> Iterable[str]:
    low, high = _BOUNDS[kind]
    if not isinstance(options, list) or not low <= len(options) <= high:
        if low == high:
            yield _("%(kind)s应有 %(n)s 个选项。") % {"kind": KINDS[kind], "n": low}
        else:
            yield _("%(kind)s应有 %(low)s 到 %(high)s 个选项。") % {"kind": KINDS[kind], "low": low, "high": high}
        return
    if not all(isinstance(one, dict) and _is_text(one.get("text"), LONGEST_TEXT) for one in options):
        yield _("选项不能空着，最多 %(n)s 个字。") % {"n": LONGEST_TEXT}
    elif [one.get("key") for one in options] != list(LETTERS[: len(options)]):
        yield _("选项应从 A 起依次编号。")
    elif len({one["text"].strip() for one in options}) < len(options):
        yield _("有两个选项的文字一样，请改掉一个。")


def _of_choice(kind: str, keys: Sequence[str], answer: list[Any]) -> Iterable[str]:
    if not all(isinstance(key, str) for key in answer) or not set(answer) <= set(keys) or len(set(answer)) < len(answer):
        yield _("答案里有不存在或重复的选项。")
    elif kind == ORDER:
        if len(answer) != len(keys):
            yield _("排序题的答案要把全部选项排一遍。")
    elif kind == MULTIPLE:
        if len(answer) < 2:
            yield _("多选题至少有两个正确选项；只有一个时请改为单选题。")
        elif answer != sorted(answer):
            yield _("多选题的答案请按字母顺序写。")
    elif len(answer) != 1:
        yield _("请选定一个正确选项。")


def _of_gaps(stem: str, answer: list[Any]) -> Iterable[str]:
    if not 1 <= len(answer) <= MOST_GAPS:
        yield _("填空题应有 1 到 %(n)s 个空。") % {"n": MOST_GAPS}
    elif not all(isinstance(gap, list) and gap and all(_is_text(text, LONGEST_TEXT) for text in gap) for gap in answer):
        yield _("每个空至少写一个正确答案，多种写法都写上。")
    elif gaps(stem) != len(answer):
        yield _("题干里有 %(have)s 个空，答案却有 %(want)s 个；空请写成（　）或 ____。") % {
            "have": gaps(stem),
            "want": len(answer),
        }


def _is_text(value: Any, longest: int) -> bool:
    return isinstance(value, str) and bool(value.strip()) and len(value) <= longest
