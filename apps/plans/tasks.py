"""Doorbells of plans."""

from celery import shared_task

from apps.plans import feedback
from apps.plans.running import following, reminding, renewing
from infra.kit import clock
from tenants.api import each_enterprise


@shared_task(name="plans.tasks.report_quality")
def report_quality() -> int:
    """Report every enterprise's figures of courses; returns how many had something to tell. Runs on the platform."""
    at = clock.now()
    return sum(bool(feedback.report(at=at)) for _site in each_enterprise(include_suspended=True))


@shared_task(name="plans.tasks.follow_rules")
def follow_rules() -> int:
    """Bring in whom the rules of this enterprise's running plans mean; rung when people change. Returns how many duties are new."""
    return following.follow_all(at=clock.now())


@shared_task(name="plans.tasks.follow_rules_everywhere")
def follow_rules_everywhere() -> int:
    """The same in every enterprise, for news that was lost. Runs on the platform."""
    return sum(following.follow_all(at=clock.now()) for _site in each_enterprise())


@shared_task(name="plans.tasks.renew_everywhere")
def renew_everywhere() -> int:
    """Open the yearly refreshers that are due, in every enterprise; returns how many. Runs on the platform."""
    return sum(renewing.renew_all(at=clock.now()) for _site in each_enterprise())


@shared_task(name="plans.tasks.remind_everywhere")
def remind_everywhere() -> int:
    """Remind of deadlines in every enterprise; returns of how many plans. Runs on the platform."""
    return sum(reminding.remind_all(at=clock.now()) for _site in each_enterprise())
