"""Doorbells of plans."""

from celery import shared_task

from apps.plans import feedback, notices
from apps.plans.signing import services as signing
from infra.kit import clock
from tenants.api import each_enterprise


@shared_task(name="plans.tasks.report_quality")
def report_quality() -> int:
    """Report every enterprise's figures of courses; returns how many had something to tell. Runs on the platform."""
    at = clock.now()
    return sum(bool(feedback.report(at=at)) for _site in each_enterprise(include_suspended=True))


@shared_task(name="plans.tasks.remind_to_sign")
def remind_to_sign() -> int:
    """Remind learners of records they have not signed; returns how many. Runs on the platform, asleep enterprises are left alone."""
    at = clock.now()
    return sum(signing.remind(at=at) for _site in each_enterprise())


@shared_task(name="plans.tell_course_news")
def tell_course_news() -> int:
    """Tell the managers of every enterprise what is new about courses in use."""
    return sum(notices.tell(at=clock.now()) for _site in each_enterprise())
