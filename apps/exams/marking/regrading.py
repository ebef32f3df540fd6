"""A question found wrong: every finished try that had it is marked anew, as one proposal whose effect is shown first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from apps.exams.marking import correcting, rules
from apps.exams.marking.models import ScoreChange, ScoreProposal
from apps.exams.marking.results import with_result
from apps.exams.marking.rules import Effect, Mode, Outcome
from apps.exams.models import Attempt
from apps.exams.statistics import counting, facts
from apps.exams.statistics.models import AnswerFact
from apps.people import api as people
from infra.kit.errors import DomainError

_CHOICES = {"single", "multiple", "judge", "order"}


@dataclass(frozen=True, slots=True)
class Order:
    """How a question shall be marked anew; see `rules.Mode`. ``answer``: texts of options, or further words of a gap."""

    key: rules.Key
    mode: str
    answer: tuple[str, ...] = ()
    only_up: bool = True


@dataclass(frozen=True, slots=True)
class Preview:
    """The question, what happens to whom in numbers, and the tries that change."""

    item: dict[str, Any]
    effect: Effect
    outcomes: list[Outcome]


def question_of(key: rules.Key) -> dict[str, Any]:
    """Return a question as one paper had it.

    :raises DomainError: 404 ``not_found``: no finished try had it
    """
    found = facts.sample(key)
    if found is None:
        raise DomainError("not_found", _("没有试卷用过这道题，请从试题分析重新进入。"), status=404)
    return found


def preview(order: Order) -> Preview:
    """Count what an order does; nothing is proposed yet.

    :raises DomainError: 404 ``not_found``; ``mode``, ``answer``; 409 ``nothing_changes``
    """
    counting.catch_up()
    item = question_of(order.key)
    _check(item, order)
    outcomes = [one for one in _outcomes(item, order) if one.changes]
    if not outcomes:
        words = _("这样重判不会改变任何人的得分。请核对正确答案，或换一种处理方式。")
        raise DomainError("nothing_changes", words, status=409)
    return Preview(item, _effect(order, outcomes), outcomes)


@transaction.atomic
def propose(*, order: Order, reason: str, by: people.ManagerView, own: int | None, at: datetime) -> ScoreProposal:
    """Propose to mark a question anew in all tries that had it.

    :raises DomainError: as :func:`preview`; ``reason``; 403 ``own_attempt``; 409 ``already_proposed``
    """
    text = correcting.said(reason)
    found = preview(order)
    ids = [one.attempt_id for one in found.outcomes]
    if own is not None and Attempt.objects.filter(pk__in=ids, learner=own).exists():
        raise DomainError("own_attempt", _("重判会改变您自己的成绩，请由另一位管理人员提出。"), status=403)
    values = {"mode": order.mode, "answer": list(order.answer), "only_up": order.only_up, "stem": str(found.item["stem"])[:200]}
    try:
        with transaction.atomic():
            made = ScoreProposal.objects.create(
                kind=ScoreProposal.Kind.QUESTION, reason=text, effect=found.effect.as_dict(),
                proposed_by_id=by.id, proposed_at=at, **rules.named(order.key), **values,
            )  # fmt: skip
    except IntegrityError as error:
        words = _("这道题已有一条重判等待复核，请先处理那一条。")
        raise DomainError("already_proposed", words, status=409) from error
    changes = [ScoreChange(proposal=made, **correcting.fields_of(one)) for one in found.outcomes]
    ScoreChange.objects.bulk_create(changes, batch_size=1_000)
    correcting.announce(made, by, at)
    return made


def _check(item: dict[str, Any], order: Order) -> None:
    if order.mode not in set(Mode) or item["kind"] == "text":
        words = _("简答题由人判分，不能整题重判，请在试卷页逐份改分。") if item["kind"] == "text" else _("请选择处理方式。")
        raise DomainError("mode", words, field="mode")
    if order.mode not in {Mode.KEY, Mode.ALSO}:
        return
    known = {option["text"] for option in item.get("options") or ()}
    chosen = list(order.answer)
    fits = bool(chosen) and (item["kind"] not in _CHOICES or set(chosen) <= known)
    if item["kind"] in {"single", "judge"}:
        fits = fits and len(chosen) == 1
    if item["kind"] == "order":
        fits = sorted(chosen) == sorted(known)
    if item["kind"] == "blank":
        fits = fits and len(item["answer"]) == 1
    if not fits:
        words = _("请选择正确答案：单选和判断选一项，排序题按顺序列出全部选项；多空的填空题只能全给分或不计分。")
        raise DomainError("answer", words, field="answer")


def _outcomes(item: dict[str, Any], order: Order) -> list[Outcome]:
    """Return what happens to each finished try with the question, in three queries."""
    had = {
        row["attempt_id"]: row
        for row in AnswerFact.objects.filter(**rules.named(order.key)).values(
            "attempt_id", "no", "worth", "points", "chosen", "counts"
        )
    }
    sums = AnswerFact.objects.filter(attempt__in=list(had), counts=True).values("attempt_id").order_by()
    totals = {
        row["attempt_id"]: (row["earned"], row["possible"]) for row in sums.annotate(earned=Sum("points"), possible=Sum("worth"))
    }
    rows = with_result(Attempt.objects.filter(pk__in=list(had))).order_by("pk")
    results = rows.values_list("pk", "result_score", "result_passed", "pass_score")
    letters = {option["text"]: option["key"] for option in item.get("options") or ()}
    found: list[Outcome] = []
    for pk, score, passed, pass_score in results:
        fact = had[pk]
        response = [letters.get(text, text) for text in fact["chosen"]]
        here = {**item, "score": fact["worth"]}
        anew = rules.points_anew(here, response, mode=order.mode, answer=order.answer, now=fact["points"])
        one = _outcome(fact, anew, totals.get(pk, (0, 0)), now=(score, passed), pass_score=pass_score)
        is_less = one.after[0] < one.before[0] or any(new < old for old, new in one.points.values())
        if not (order.only_up and is_less):
            found.append(one)
    return found


def _outcome(
    fact: Mapping[str, Any], anew: int | None, total: tuple[int, int], *, now: tuple[int, bool], pass_score: int
) -> Outcome:
    pk, no, before = fact["attempt_id"], fact["no"], fact["points"]
    (earned, possible), counts = total, fact["counts"]
    if not counts:
        return Outcome(pk, {}, [], now, now)
    if anew is None:
        earned, possible = earned - before, possible - fact["worth"]
    else:
        earned += anew - before
    score = earned * 100 // possible if possible else 100
    points = {} if anew is None or anew == before else {no: (before, anew)}
    after = (score, score >= pass_score) if points or anew is None else now
    return Outcome(pk, points, [no] if anew is None else [], now, after)


def _effect(order: Order, outcomes: Sequence[Outcome]) -> Effect:
    ids = [one.attempt_id for one in outcomes]
    certified = set(Attempt.objects.filter(pk__in=ids, assignment__certificate__isnull=False).values_list("pk", flat=True))
    effect = Effect()
    for one in outcomes:
        effect.add(one, has_certificate=one.attempt_id in certified)
    effect.unfinished = _unfinished(order)
    return effect


def _unfinished(order: Order) -> int:
    _bank, question, version, _part = order.key
    item = {"question": question, "version": version}
    return Attempt.objects.filter(score__isnull=True, paper__contains=[item]).count()
