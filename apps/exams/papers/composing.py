"""The paper of one person: questions found by a random seed, laid out, numbered, with their points. The same seed, the same paper."""

import random
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.exams.papers import drawing, pools, wording
from apps.exams.papers.models import PaperRevision
from apps.exams.papers.shapes import Chosen, Draft, Row
from apps.plans.api import ExamPolicy
from infra.kit.errors import DomainError
from public.questions import api as questions

Item = dict[str, Any]
_ORDER = [*questions.KINDS]
"""Kinds in the order in which they stand on a paper."""


def draft_of(revision: PaperRevision) -> Draft:
    """Return what a revision says."""
    is_drawn = revision.mode == PaperRevision.Mode.DRAWN
    return Draft(
        title=revision.title,
        is_drawn=is_drawn,
        rows=tuple(map(Row.read, revision.content)) if is_drawn else (),
        chosen=() if is_drawn else tuple(map(Chosen.read, revision.content)),
        minutes=revision.minutes,
        pass_score=revision.pass_score,
        tries=revision.tries,
        policy=ExamPolicy.read(revision.policy),
        is_shuffled=revision.is_shuffled,
    )


def composed(draft: Draft, *, seed: int, in_order: bool = False) -> list[Item]:
    """Return a paper for one person; kinds stand together, cases at the end with their questions together.

    :param in_order: leave a fixed paper as it was put together, for printing it
    :raises DomainError: ``bank_too_small``, ``paper_gone``
    """
    dice = random.Random(seed)  # noqa: S311 - reproducible, not a secret
    chosen = _drawn(draft, dice) if draft.is_drawn else list(draft.chosen)
    found = pools.items(one.ref for one in chosen)
    if any(one.ref not in found for one in chosen):
        raise _gone(sum(one.ref not in found for one in chosen))
    if not draft.is_drawn and (in_order or not draft.is_shuffled):
        return _as_chosen(chosen, found) if in_order else _laid_out(chosen, found, seed)
    dice.shuffle(chosen)
    chosen.sort(key=lambda one: _ORDER.index(found[one.ref]["kind"]))
    return _laid_out(chosen, found, seed)


def _laid_out(chosen: list[Chosen], found: dict[questions.Ref, Item], seed: int) -> list[Item]:
    return questions.lay_out([{**found[one.ref], "score": one.score} for one in chosen], seed=seed)


def _as_chosen(chosen: list[Chosen], found: dict[questions.Ref, Item]) -> list[Item]:
    """Return the questions numbered, with their options as in the bank."""
    flat = [item for one in chosen for item in questions.flatten({**found[one.ref], "score": one.score})]
    return [{"no": no, **item} for no, item in enumerate(flat, 1)]


def _drawn(draft: Draft, dice: random.Random) -> list[Chosen]:
    pool = pools.entries(draft.rows)
    drawn = drawing.draw(draft.rows, pool, dice=dice)
    if sum(map(len, drawn)) < draft.questions:
        raise _too_small(draft, drawing.shortages(draft.rows, pool))
    return [Chosen(entry.ref, row.score) for row, held in zip(draft.rows, drawn, strict=True) for entry in held]


def refuse_impossible(draft: Draft) -> None:
    """Refuse a paper that could not be composed for somebody now.

    :raises DomainError: ``bank_too_small`` with ``rows`` (by index), ``paper_gone``, ``score_too_small``
    """
    if draft.is_drawn:
        found = drawing.shortages(draft.rows, pools.entries(draft.rows))
        if found:
            raise _too_small(draft, found)
        return
    known = pools.items(one.ref for one in draft.chosen)
    missing = sum(one.ref not in known for one in draft.chosen) + len(retired(draft))
    if missing:
        raise _gone(missing)
    for no, one in enumerate(draft.chosen, 1):
        parts = len(known[one.ref].get("parts", [])) or 1
        if one.score < parts:
            words = _("第 %(no)s 题是案例题，有 %(parts)s 道小题，每道至少 1 分，请把分值调到 %(parts)s 分以上。")
            raise DomainError("score_too_small", words % {"no": no, "parts": parts})


def retired(draft: Draft) -> list[Chosen]:
    """Return the chosen questions of a fixed paper that are drawn for nobody any more: retired since, or put back to draft."""
    live = {(entry.ref.bank, entry.ref.question) for entry in pools.everything()} if draft.chosen else set()
    return [one for one in draft.chosen if (one.ref.bank, one.ref.question) not in live]


def _too_small(draft: Draft, found: list[drawing.Shortage]) -> DomainError:
    rows = sorted({index for one in found for index in one.rows})
    return DomainError("bank_too_small", "".join(wording.shortage(draft.rows, one) for one in found), rows=rows)


def _gone(count: int) -> DomainError:
    words = _("试卷里有 %(n)s 道题已经停用或不在题库里，请打开试卷把它们换掉再使用。")
    return DomainError("paper_gone", words % {"n": count}, missing=count)
