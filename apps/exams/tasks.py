"""Doorbells of exams: what nobody handed in; those of the other rooms are found here."""

from celery import shared_task

from apps.exams.bank.tasks import import_questions, revive_imports
from apps.exams.marking.tasks import carry_out, mend_marking
from apps.exams.papers.tasks import tell_impossible_papers
from apps.exams.sitting import services
from apps.exams.statistics.tasks import count_everywhere, count_here
from infra.kit import clock
from tenants.api import everywhere

__all__ = [
    "carry_out",
    "close_expired_everywhere",
    "count_everywhere",
    "count_here",
    "import_questions",
    "mend_marking",
    "revive_imports",
    "tell_impossible_papers",
]


@shared_task(name="apps.exams.tasks.close_expired_everywhere")
def close_expired_everywhere() -> int:
    """Submit the expired tries of all enterprises with what is saved; returns how many. Runs on the platform."""
    at = clock.now()
    return everywhere(lambda: services.close_all_expired(at=at), include_suspended=True)
