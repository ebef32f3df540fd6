"""The questions of an open paper as HTML. Two thousand people may open theirs in the same minute: `exams/_question.html` is rendered
once for each shape of a question, and what a question says is poured in.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple
from uuid import UUID

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.exams.sitting import queries, rules
from apps.exams.sitting.shapes import AttemptView
from infra.ui.moulds import Mould, kept, slot


class Shape(NamedTuple):
    """All of a question that the template decides by; ``media`` are kinds of pictures and films."""

    kind: str
    options: int
    gaps: int
    media: tuple[str, ...]
    is_of_case: bool
    is_first: bool


class Words(NamedTuple):
    """What is said of each question in the reader's language, asked for once a paper; ``points`` is empty where they say nothing."""

    kinds: Mapping[str, str]
    where: str
    points: Mapping[int, str]


def drawn(attempt: AttemptView) -> SafeString:
    """Return the questions of a paper, the first one shown, the others hidden."""
    words = _words(attempt)
    return SafeString("".join(_drawn(attempt.uuid, one, at == 0, words) for at, one in enumerate(attempt.questions)))


def _words(attempt: AttemptView) -> Words:
    kinds = {
        "single": _("单选题"),
        "multiple": _("多选题，选全才得分"),
        "judge": _("判断题"),
        "blank": _("填空题，每空分别给分"),
        "order": _("排序题，按先后依次点选"),
        "text": _("问答题，由教师阅卷"),
    }
    where = _("第 %(no)s 题，共 %(all)s 题").replace("%(all)s", str(len(attempt.questions)))
    scores = [one["score"] for one in attempt.questions]
    told = set(scores) if rules.tells_points(scores) else set()
    return Words(kinds, where, {score: ngettext("%(n)s 分", "%(n)s 分", score) % {"n": score} for score in told})


def _drawn(attempt: UUID, one: Mapping[str, Any], is_first: bool, words: Words) -> SafeString:
    media = queries.media_of(one)
    shape = Shape(
        one["kind"],
        len(one["options"]),
        one.get("gaps", 0),
        tuple(medium["kind"] for medium in media),
        bool(one["case"]),
        is_first,
    )
    return _mould(shape).pour({**_said(one, words), **_shown(attempt, one, media)})


def _said(one: Mapping[str, Any], words: Words) -> dict[str, Any]:
    no, kind = one["no"], one["kind"]
    said = {
        "no": no,
        "told": " · ".join(
            filter(None, [words.where % {"no": no}, words.kinds.get(kind, ""), words.points.get(one["score"], "")])
        ),
        "stem": one["stem"],
        "input": "checkbox" if kind == "multiple" else "radio",
        "name": f"q{no}",
    }
    for n, option in enumerate(one["options"]):
        said[f"key{n}"], said[f"text{n}"] = option["key"], option["text"]
    return said


def _shown(attempt: UUID, one: Mapping[str, Any], media: list[dict[str, Any]]) -> dict[str, Any]:
    """Return what pictures, films and the story of a case say."""
    case = one["case"] or {}
    said: dict[str, Any] = {f"case_{name}": case.get(name, "") for name in ("no", "of", "stem")}
    for n, medium in enumerate(media):
        said |= {f"url{n}": reverse("learn-exam-media", args=[attempt, one["no"], n]), f"alt{n}": medium["alt"]}
    return said


@kept
def _mould(shape: Shape) -> Mould:
    question = {name: slot(name) for name in ("no", "told", "stem", "input", "name")}
    shown = {
        **question,
        "kind": shape.kind,
        "options": [{"key": slot(f"key{n}"), "text": slot(f"text{n}")} for n in range(shape.options)],
        "gap_words": [_("第 %(n)s 空") % {"n": n} for n in range(1, shape.gaps + 1)],
        "shown_media": [{"kind": kind, "url": slot(f"url{n}"), "alt": slot(f"alt{n}")} for n, kind in enumerate(shape.media)],
        "case": {name: slot(f"case_{name}") for name in ("no", "of", "stem")} if shape.is_of_case else None,
    }
    return Mould(render_to_string("exams/_question.html", {"question": shown, "first": shape.is_first}))
