"""Pairs of tries that are too much alike: found by a worker, kept to be looked at, with what else the two share."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from apps.exams.marking.rules import Key
from apps.exams.models import Attempt, AttemptStep
from apps.exams.statistics import similarity
from apps.exams.statistics.models import AnswerFact, QuestionFace, SimilarPair
from apps.exams.statistics.scope import Scope
from apps.people import api as people
from infra.kit.errors import DomainError
from public.audit import api as audit

_KINDS = ("single", "multiple", "order", "blank")
"""Kinds with several ways to be wrong: of a judgement every wrong answer is the same, and written answers are read by people."""
_CLOSE = timedelta(seconds=30)
MANY = 20_000
"""Tries of one plan beyond which nothing is compared."""


@transaction.atomic
def find(plan_id: int, *, at: datetime) -> int:
    """Compare the first tries of a plan anew; notes of who looked stay. Returns how many pairs there are to look at."""
    ids, given, ways = _given(plan_id)
    if len(ids) > MANY:
        return 0
    pairs = similarity.alike(given, ways)
    rows = {row.pk: row for row in Attempt.objects.filter(pk__in={ids[n] for pair in pairs for n in (pair.one, pair.other)})}
    kept: list[int] = []
    for pair in pairs:
        one, other = sorted((rows[ids[pair.one]], rows[ids[pair.other]]), key=lambda row: row.pk)
        values = {
            "plan_id": plan_id, "common": pair.common, "both_wrong": pair.both_wrong, "same_wrong": pair.same_wrong,
            "different": pair.different, "chance": pair.chance, "circumstances": circumstances(one, other), "found_at": at,
        }  # fmt: skip
        made, _new = SimilarPair.objects.update_or_create(one=one, other=other, defaults=values)
        kept.append(made.pk)
    SimilarPair.objects.filter(plan=plan_id, note="").exclude(pk__in=kept).delete()
    return len(kept)


def _given(plan_id: int) -> tuple[list[int], list[list[similarity.Answer]], dict[int, int]]:
    """Return the tries, their answers, and how many wrong answers each question allows."""
    facts = Scope(plan_id=plan_id).facts().filter(kind__in=_KINDS, blank=False).order_by("attempt_id", "no")
    columns = ("attempt_id", "bank", "question", "version", "part", "chosen", "points", "worth")
    numbers: dict[Key, int] = {}
    by_try: dict[int, list[similarity.Answer]] = {}
    for attempt_id, bank, question, version, part, chosen, points, worth in facts.values_list(*columns).iterator(
        chunk_size=5_000
    ):
        number = numbers.setdefault((bank, question, version, part), len(numbers))
        by_try.setdefault(attempt_id, []).append(similarity.Answer(number, "\n".join(chosen), points == worth))
    return list(by_try), list(by_try.values()), _ways(numbers)


def _ways(numbers: dict[Key, int]) -> dict[int, int]:
    faces = QuestionFace.objects.filter(question__in={key[1] for key in numbers})
    found: dict[int, int] = {}
    for bank, question, version, part, item in faces.values_list("bank", "question", "version", "part", "item"):
        number = numbers.get((bank, question, version, part))
        if number is not None:
            options = len(item.get("options") or ())
            found[number] = (
                max(1, options - 1) if item["kind"] == "single" else max(1, min(2**options - 2, 30)) if options else 10
            )
    return found


def circumstances(one: Attempt, other: Attempt) -> dict[str, Any]:
    """Return what else two tries share; two queries. ``close``: questions that both answered within half a minute of each other.

    ``{"terminal": the same device, "together_s": how long both were open, "close": n, "close_of": common ones}``
    """
    begin, end = max(one.started_at, other.started_at), min(_end(one), _end(other))
    answered = [_answered(row) for row in (one, other)]
    common = answered[0].keys() & answered[1].keys()
    close = sum(abs(answered[0][key] - answered[1][key]) <= _CLOSE for key in common)
    return {
        "terminal": bool(one.terminal) and one.terminal == other.terminal,
        "together_s": max(0, int((end - begin).total_seconds())),
        "close": close,
        "close_of": len(common),
    }


def _end(row: Attempt) -> datetime:
    return row.submitted_at or row.due_at


def _answered(row: Attempt) -> dict[Key, datetime]:
    """Return when each question was last answered, by what the question is: numbers differ from paper to paper."""
    from apps.exams.marking.rules import key_of

    keys = {int(item["no"]): key_of(item) for item in row.paper}
    steps = AttemptStep.objects.filter(attempt=row, kind=AttemptStep.Kind.ANSWERED).order_by("seq")
    return {keys[no]: at for no, at in steps.values_list("no", "at") if no in keys}


def listing(scope: Scope, *, state: str = "") -> QuerySet[SimilarPair]:
    """Return pairs, the least likely first; only those of whom the asker sees both.

    :param state: ``NEW`` for those that nobody has looked at
    """
    rows = SimilarPair.objects.select_related("plan", "one__learner__unit", "other__learner__unit")
    rows = rows.filter(people.belongs(scope.within, "one__learner")).filter(people.belongs(scope.within, "other__learner"))
    if scope.plan_id is not None:
        rows = rows.filter(plan=scope.plan_id)
    return (rows.filter(note="") if state == "NEW" else rows).order_by("chance", "pk")


def one(pair_id: int, *, within: people.Units) -> SimilarPair:
    """Return one pair.

    :raises DomainError: 404 ``not_found``
    """
    row = listing(Scope(within)).filter(pk=pair_id).first()
    if row is None:
        raise DomainError("not_found", _("没有找到这一对试卷，请从列表重新进入。"), status=404)
    return row


@transaction.atomic
def note(pair_id: int, *, words: str, by: people.ManagerView, at: datetime) -> SimilarPair:
    """Keep what somebody found out who looked at a pair.

    :raises DomainError: 404 ``not_found``; ``note``
    """
    row = one(pair_id, within=by.within)
    text = " ".join(words.split())
    if not 2 <= len(text) <= 300:
        raise DomainError("note", _("请写明看了什么、怎样处理，2 到 300 个字。"), field="note")
    row.note, row.noted_by, row.noted_at = text, by.name, at
    row.save(update_fields=["note", "noted_by", "noted_at"])
    audit.record("exams.pair_noted", actor=f"manager:{by.id}", target=f"pair:{row.pk}", at=at)
    return row


def beside(row: SimilarPair) -> list[dict[str, Any]]:
    """Return the questions that both had, side by side: those with the same wrong answer first. One query."""
    facts: Sequence[AnswerFact] = list(AnswerFact.objects.filter(attempt__in=[row.one_id, row.other_id]).order_by("no"))
    papers = {item["no"]: item for item in row.one.paper}
    theirs = {(f.bank, f.question, f.version, f.part): f for f in facts if f.attempt_id == row.other_id}
    lines = []
    for mine in (fact for fact in facts if fact.attempt_id == row.one_id):
        found = theirs.get((mine.bank, mine.question, mine.version, mine.part))
        if found is None or mine.kind not in _KINDS:
            continue
        both_wrong = mine.points < mine.worth and found.points < found.worth
        same = both_wrong and mine.chosen == found.chosen and not mine.blank
        order = 0 if same else 1 if both_wrong else 2
        said = ("、".join(mine.chosen), "、".join(found.chosen))
        lines.append({"stem": papers[mine.no]["stem"], "said": said, "same": same, "both_wrong": both_wrong, "order": order})
    return sorted(lines, key=lambda line: line["order"])
