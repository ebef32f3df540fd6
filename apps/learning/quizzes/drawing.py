"""What a try asks: chosen versions, or a draw; options shuffled anew each time."""

import secrets
from typing import Any

from django.utils.translation import gettext_lazy as _

from infra.kit.errors import DomainError
from public.catalogue.api import QuizView
from public.questions import api as questions

KINDS = tuple(kind for kind in questions.KINDS if kind != "text")
"""What a quiz may draw: a text could only be marked by a person."""


def lay_out(quiz: QuizView) -> list[dict[str, Any]]:
    """Return the items of a fresh try, with their answers.

    :raises DomainError: 409 ``quiz_empty`` where the bank has not enough on its topics, or a question is gone
    """
    seed = secrets.randbits(32)
    try:
        items = questions.draw(topics=quiz.topics, count=quiz.count, seed=seed, kinds=KINDS) if quiz.count else _chosen(quiz)
    except (DomainError, KeyError) as error:
        raise DomainError("quiz_empty", _("这个测验暂时不能作答，请联系安全管理员。已学的进度都在。"), status=409) from error
    return questions.lay_out(items, seed=seed)


def _chosen(quiz: QuizView) -> list[questions.Item]:
    refs = [questions.Ref(*ref) for ref in quiz.questions]
    found = questions.items(refs)
    return [found[ref] for ref in refs]


def clean(items: list[dict[str, Any]], responses: list[list[str]]) -> list[list[str]]:
    """Return one normalised response for each item.

    :raises DomainError: 422 ``bad_answer`` where one does not fit its question
    """
    if len(responses) != len(items):
        raise unfit()
    found = [questions.clean(item, response) for item, response in zip(items, responses, strict=True)]
    if any(one is None for one in found):
        raise unfit()
    return [one or [] for one in found]


def unfit() -> DomainError:
    """Return the refusal of answers that do not belong to their questions."""
    return DomainError("bad_answer", _("答案和题目对不上，请刷新页面后重新作答。"), status=422)
