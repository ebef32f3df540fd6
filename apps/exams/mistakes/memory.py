"""When a question is practised again: the schedule of FSRS, a model of forgetting learnt from many people's reviews, in whole days.

Pure. A question that was answered wrongly is due at once. Each right answer when it is due stretches the time to the next (about 2,
then 11, then 46 days); a wrong one brings it back tomorrow. It is mastered when the model says that it will be remembered
for `MATURE` days, which takes right answers on three different days, or on two where the second came five days late or more.
"""

import math
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from fsrs import Card, Rating, Scheduler, State

MATURE = 21
"""Days of memory from which a question counts as mastered; where others call a card mature too."""
LONGEST = 180
"""Days after which even a well-known question is asked again at the latest."""
_SCHEDULER = Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False, maximum_interval=LONGEST)


@dataclass(frozen=True, slots=True)
class Memory:
    """How well a question sits. ``stability``: days until nine of ten would still remember it; None before the first answer."""

    due_on: date
    stability: float | None = None
    difficulty: float | None = None
    reviewed_on: date | None = None

    @property
    def is_mastered(self) -> bool:
        """Whether it sits."""
        return self.stability is not None and self.stability >= MATURE

    @property
    def mastery(self) -> int:
        """How far it is to mastery, 0-100; on a scale of ratios, so that every right answer moves the bar about as much."""
        if self.stability is None:
            return 0
        return min(100, int(100 * math.log1p(self.stability) / math.log1p(MATURE)))


def fresh(day: date) -> Memory:
    """Return the memory of a question that has just been answered wrongly for the first time: due on the same day."""
    return Memory(due_on=day)


def answered(known: Memory, *, right: bool, day: date) -> Memory:
    """Return the memory after an answer. A right answer before the question is due proves nothing and changes nothing.

    After a wrong one it is due tomorrow, whatever the model would say.
    """
    if right and day < known.due_on:
        return known
    card, _log = _SCHEDULER.review_card(_card(known), Rating.Good if right else Rating.Again, _moment(day))
    tomorrow = day + timedelta(days=1)
    return Memory(max(card.due.date(), tomorrow) if right else tomorrow, card.stability, card.difficulty, day)


def missed(known: Memory, *, day: date) -> Memory:
    """Return the memory after the question was answered wrongly outside practice: as after a wrong answer, but due at once."""
    if known.stability is None:
        return fresh(day)
    return replace(answered(known, right=False, day=day), due_on=day)


def _moment(day: date) -> datetime:
    """Return a moment that stands for a day: whoever practises at nine today and at eight tomorrow has slept in between."""
    return datetime.combine(day, time.min, tzinfo=UTC)


def _card(known: Memory) -> Card:
    due = _moment(known.due_on)
    if known.stability is None or known.reviewed_on is None:
        return Card(card_id=1, due=due)
    return Card(1, State.Review, None, known.stability, known.difficulty, due, _moment(known.reviewed_on))
