"""What a paper may be: each check refuses in words. Whether the banks can fill it is asked apart (`composing.refuse_impossible`)."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from apps.exams.papers.shapes import Draft, Row
from apps.plans import api as plans
from infra.kit.errors import DomainError

MOST_QUESTIONS, MOST_ROWS, MOST_SCORE, MOST_POINTS = 100, 30, 100, 1000


def check(draft: Draft) -> None:
    """Refuse what no paper may say.

    :raises DomainError: ``title``, ``exam_rule``, ``no_questions``, ``too_many_questions``, ``question_twice``, ``row``, ``score``
    """
    plans.check_title(draft.title)
    plans.check_exam_numbers(
        count=max(1, min(MOST_QUESTIONS, draft.questions)),
        pass_score=draft.pass_score,
        minutes=draft.minutes,
        tries=draft.tries,
        policy=draft.policy,
    )
    if draft.is_drawn:
        _check_rows(draft.rows)
    else:
        _check_chosen(draft)
    if draft.questions > MOST_QUESTIONS:
        words = _("一份试卷最多 %(most)s 题，现在有 %(n)s 题，请减少一些。")
        raise DomainError("too_many_questions", words % {"most": MOST_QUESTIONS, "n": draft.questions})
    if draft.points > MOST_POINTS:
        raise DomainError("score", _("试卷满分最多 %(most)s 分，请调低每题的分值。") % {"most": MOST_POINTS})


def _check_rows(rows: Iterable[Row]) -> None:
    no = 0
    for no, row in enumerate(rows, 1):
        said: dict[str, object] = {"no": no}
        if row.count < 1:
            raise DomainError("row", _("第 %(no)s 行请填写要抽几题，至少 1 题。") % said, row=no - 1)
        if not 1 <= row.score <= MOST_SCORE:
            raise DomainError("row", _("第 %(no)s 行的每题分值请填 1 到 %(most)s。") % {**said, "most": MOST_SCORE}, row=no - 1)
        if not 1 <= row.low <= row.high <= 5:
            raise DomainError("row", _("第 %(no)s 行的难度请从低到高选择。") % said, row=no - 1)
    if no == 0:
        raise DomainError("no_questions", _("请至少添加一行抽题条件。"))
    if no > MOST_ROWS:
        raise DomainError("row", _("抽题条件最多 %(most)s 行，请合并相近的行。") % {"most": MOST_ROWS})


def _check_chosen(draft: Draft) -> None:
    if not draft.chosen:
        raise DomainError("no_questions", _("请至少加入一道试题。"))
    if len({(one.ref.bank, one.ref.question) for one in draft.chosen}) < len(draft.chosen):
        raise DomainError("question_twice", _("试卷里有重复的试题，请去掉其中一道。"))
    if not all(1 <= one.score <= MOST_SCORE for one in draft.chosen):
        raise DomainError("score", _("每题分值请填 1 到 %(most)s。") % {"most": MOST_SCORE})
