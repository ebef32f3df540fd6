"""Keeping the statistics up to date: facts first, then pairs of the plans that have new ones."""

from datetime import datetime

from apps.exams.statistics import facts, pairs
from tenants.ringing import ring_later


def count(*, plan_id: int | None = None, at: datetime) -> int:
    """Count tries that are not counted yet; then compare those of every plan with new ones, and of ``plan_id``. Returns how many tries.

    Once counted, a try is not new any more: whoever counts must also compare.
    """
    fresh = _fresh()
    done = facts.catch_up()
    for wanted in sorted(fresh if plan_id is None else fresh | {plan_id}):
        pairs.find(wanted, at=at)
    return done


def _fresh() -> set[int]:
    return set(facts.behind().values_list("assignment__plan", flat=True))


def catch_up() -> None:
    """Count within a request what is not counted yet; comparing the plans' tries is left to a worker."""
    fresh = _fresh()
    facts.catch_up()
    for plan_id in sorted(fresh):
        ring(plan_id)


def ring(plan_id: int) -> None:
    """Ask a worker to count one plan now; without a broker the nightly run does it."""
    from apps.exams.statistics.tasks import count_here

    ring_later(count_here, plan_id)
