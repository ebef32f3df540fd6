"""Finding what was asked before: pairs of Chinese characters in common. Works for any rows that keep their words as an array."""

from collections.abc import Sequence

from django.contrib.postgres.fields import ArrayField
from django.db.models import Func, IntegerField, TextField, Value

from public.search import api as search

_COMMON = frozenset(
    "什么 怎么 如何 是否 可以 需要 应该 应当 我们 你们 他们 这个 那个 哪些 哪个 为什 多少 一个 没有 不能 能不 不是 还是 请问 问题 老师".split()
)
"""Pairs that say nothing about the matter."""
MOST = 400
"""Tokens kept of one text."""


class Common(Func):
    """How many elements two arrays have in common."""

    template = "cardinality(ARRAY(SELECT unnest(%(expressions)s)))"
    arg_joiner = ") INTERSECT SELECT unnest("
    output_field = IntegerField()


def kept(*texts: str) -> list[str]:
    """Return the tokens of texts for a row, each once, in order."""
    found = dict.fromkeys(token[:40] for text in texts for token in search.tokens(text))
    return [token for token in found if token not in _COMMON][:MOST]


def asked(text: str) -> list[str]:
    """Return what a question must have in common with an answer: its pairs of characters and Latin words."""
    pairs = dict.fromkeys(gram[:40] for run in search.runs(text) for gram in search.grams(run))
    return [pair for pair in pairs if pair not in _COMMON][:60]


def common(field: str, tokens: Sequence[str]) -> Common:
    """Return the expression that counts what a row's array has in common with ``tokens``."""
    return Common(field, Value(list(tokens), output_field=ArrayField(TextField())))


def enough(tokens: Sequence[str], *, share: float) -> int:
    """Return how many of the tokens a row must have: ``share`` of them, and two at least where there are two."""
    return max(min(2, len(tokens)), round(len(tokens) * share))
