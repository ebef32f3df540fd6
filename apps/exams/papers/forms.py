"""The form of a paper: its numbers as fields, its rows or questions as lists of equal length that the page repeats."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from apps.exams.papers.shapes import Chosen, Draft, Row
from apps.plans import api as plans
from public.questions import api as questions

ROW = ("row_kind", "row_labels", "row_low", "row_high", "row_bank", "row_count", "row_score")
"""Names of the inputs of a row; each comes once for every row."""
_FRESH = (("single", 20, 2), ("multiple", 10, 3), ("judge", 15, 2))
_SPLIT = re.compile(r"[、,，;；\n]+")


def _whole(label: Any, low: int, high: int) -> forms.IntegerField:
    words = format_lazy(_("请填写 {low} 到 {high} 之间的整数。"), low=low, high=high)
    errors = {"required": words, "invalid": words, "min_value": words, "max_value": words}
    return forms.IntegerField(label=label, min_value=low, max_value=high, error_messages=errors)


class PaperForm(plans.PolicyFields):
    """A paper's title and numbers; ``seen`` is the revision that the page showed."""

    seen = forms.CharField(required=False, max_length=100)
    title = forms.CharField(
        label=_("试卷名称"), max_length=80, error_messages={"required": _("请填写试卷名称，不超过 80 个字。")}
    )
    minutes = _whole(_("考试时长（分钟）"), 5, 240)
    pass_score = _whole(_("及格线（满分 100 分）"), 60, 100)
    tries = _whole(_("可考次数"), 1, 10)
    is_shuffled = forms.BooleanField(label=_("题目顺序每人不同（同一题型放在一起）"), required=False)

    def __init__(self, answers: QueryDict, *, is_drawn: bool) -> None:
        super().__init__(answers)
        self.answers, self.is_drawn = answers, is_drawn

    def draft(self, topics: Sequence[str]) -> Draft:
        """Return the paper as it was typed; only of a valid form."""
        said = self.cleaned_data
        return Draft(
            title=said["title"],
            is_drawn=self.is_drawn,
            rows=rows_of(self.answers, topics) if self.is_drawn else (),
            chosen=() if self.is_drawn else chosen_of(self.answers),
            minutes=said["minutes"],
            pass_score=said["pass_score"],
            tries=said["tries"],
            policy=self.policy(),
            is_shuffled=self.is_drawn or said["is_shuffled"],
        )


@dataclass(frozen=True, slots=True)
class RowAnswer:
    """One row as it was typed."""

    kind: str
    labels: str
    low: str
    high: str
    bank: str
    count: str
    score: str

    def row(self, topics: Sequence[str]) -> Row:
        """Return the row; what is no number is 0 and will be complained about."""
        labels = list(dict.fromkeys(part.strip() for part in _SPLIT.split(self.labels) if part.strip()))
        return Row(
            count=_number(self.count),
            score=_number(self.score),
            bank=self.bank,
            topics=tuple(label for label in labels if label in topics),
            points=tuple(label for label in labels if label not in topics),
            kind=self.kind if self.kind in questions.KINDS else "",
            low=_number(self.low),
            high=_number(self.high),
        )


def row_answers(data: QueryDict) -> list[RowAnswer]:
    """Return the rows as they were typed."""
    return [RowAnswer(*values) for values in zip(*(data.getlist(name) for name in ROW), strict=False)]


def rows_of(data: QueryDict, topics: Sequence[str]) -> tuple[Row, ...]:
    """Return the rows.

    :param topics: labels that are topics; any other is a knowledge point
    """
    return tuple(answer.row(topics) for answer in row_answers(data))


def chosen_of(data: QueryDict) -> tuple[Chosen, ...]:
    """Return the chosen questions in their order; what names none is left out."""
    pairs = zip(data.getlist("item"), data.getlist("score"), strict=False)
    refs = ((ref_of(item), score) for item, score in pairs)
    return tuple(Chosen(ref, _number(score)) for ref, score in refs if ref is not None)


def name_of(ref: questions.Ref) -> str:
    """Return a question as the page names it."""
    return f"{ref.bank}:{ref.question}:{ref.version}"


def ref_of(name: str) -> questions.Ref | None:
    """Return the question that the page names; None for anything else."""
    bank, _colon, rest = name.partition(":")
    key, _colon, version = rest.partition(":")
    try:
        return questions.Ref(bank, UUID(key), int(version)) if bank in {questions.SHARED, questions.OWN} else None
    except ValueError:
        return None


def fresh(*, is_drawn: bool) -> QueryDict:
    """Return the answers of a new paper."""
    rows = tuple(Row(count=count, score=score, kind=kind) for kind, count, score in _FRESH) if is_drawn else ()
    return answers_of(Draft(title="", is_drawn=is_drawn, rows=rows))


def answers_of(draft: Draft) -> QueryDict:
    """Return the answers that say a paper."""
    data = QueryDict(mutable=True)
    data.update({name: str(getattr(draft, name)) for name in ("title", "minutes", "pass_score", "tries")})
    data.update(plans.policy_answers(draft.policy))
    if draft.is_shuffled:
        data["is_shuffled"] = "on"
    for row in draft.rows:
        add_row(data, row)
    data.setlist("item", [name_of(one.ref) for one in draft.chosen])
    data.setlist("score", [str(one.score) for one in draft.chosen])
    return data


def add_row(data: QueryDict, row: Row) -> None:
    """Add a row to the answers."""
    values = (row.kind, "、".join(row.labels), row.low, row.high, row.bank, row.count, row.score)
    for name, value in zip(ROW, values, strict=True):
        data.appendlist(name, str(value))


def _number(text: str) -> int:
    return int(text) if text.strip().isdecimal() and len(text.strip()) < 6 else 0
