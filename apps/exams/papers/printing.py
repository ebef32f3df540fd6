"""A paper as it is read on a page or on paper: sections by kind, with or without the key."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from django.utils.translation import gettext as _

from apps.exams.papers.models import PaperRevision
from apps.exams.papers.ports import PrintedPaper, PrintedQuestion, PrintedSection
from public.questions import api as questions
from tenants.api import current_site

_NUMERALS = "一二三四五六七八九十"
_LINES_OF_TEXT = 6


def sections(items: Sequence[questions.Item], *, with_answers: bool) -> list[PrintedSection]:
    """Return the questions of a laid out paper under headings; those of cases are a section of their own."""
    found = []
    for place, (kind, group) in enumerate(groupby(items, key=_kind)):
        held = list(group)
        numeral = _NUMERALS[place] if place < len(_NUMERALS) else str(place + 1)
        said = {"numeral": numeral, "kind": questions.KINDS[kind], "n": len(held), "points": sum(map(questions.worth, held))}
        title = _("%(numeral)s、%(kind)s（共 %(n)s 题，%(points)s 分）") % said
        found.append(PrintedSection(title, [_question(item, with_answers=with_answers) for item in held]))
    return found


def sheet(row: PaperRevision, items: Sequence[questions.Item], *, number: int, with_answers: bool) -> PrintedPaper:
    """Return a paper for the printer.

    :param number: which of the papers that may be drawn, 0 for a fixed one as it was put together
    """
    points = sum(map(questions.worth, items))
    facts = [
        _("满分 %(points)s 分") % {"points": points},
        _("%(n)s 分及格（百分制）") % {"n": row.pass_score},
        _("考试时间 %(n)s 分钟") % {"n": row.minutes},
    ]
    facts += [_("卷号 %(n)s") % {"n": number}] if number else []
    return PrintedPaper(
        title=f"{row.title}{_('（答案）')}" if with_answers else row.title,
        enterprise=current_site().name,
        facts=facts,
        sections=sections(items, with_answers=with_answers),
        blanks=() if with_answers else (_("姓名"), _("部门"), _("日期"), _("得分")),
        foot=_("%(title)s · 第 %(n)s 版") % {"title": row.title, "n": row.number},
    )


def _kind(item: questions.Item) -> str:
    return "case" if item.get("case") else str(item["kind"])


def _question(item: questions.Item, *, with_answers: bool) -> PrintedQuestion:
    case = item.get("case")
    is_text = item["kind"] == "text"
    return PrintedQuestion(
        no=str(item["no"]),
        stem=f"{item['stem']}{_pictures(item)}",
        points=_("%(n)s 分") % {"n": questions.worth(item)},
        options=[f"{option['key']}. {option['text']}" for option in item["options"]],
        lead=f"{case['stem']}{_pictures(case)}" if case and case["no"] == 1 else "",
        space=_LINES_OF_TEXT if is_text and not with_answers else 0,
        key=key_words(item) if with_answers else "",
        notes=[text for text in (item.get("explanation", ""), item.get("basis", "")) if text] if with_answers else (),
    )


def key_words(item: questions.Item) -> str:
    """Return the right answer in words: letters, the sequence, each gap's spellings, or the model answer."""
    kind, answer = item["kind"], item["answer"]
    if kind == "blank":
        return "；".join(" / ".join(gap) for gap in answer)
    if kind == "order":
        return " → ".join(answer)
    if kind == "judge":
        return "、".join(option["text"] for option in item["options"] if option["key"] in answer) or "、".join(answer)
    return "".join(answer)


def _pictures(item: questions.Item) -> str:
    said: Iterable[str] = (one.get("alt", "") for one in item.get("media", []))
    return "".join(_("【图：%(alt)s】") % {"alt": alt} for alt in said if alt)
