"""Doorbells of plans."""

from uuid import UUID

from celery import shared_task

from apps.plans import feedback, notices
from apps.plans.certificates import batches
from apps.plans.certificates import building as certifying
from apps.plans.certificates import telling as certified
from apps.plans.classes import expiring
from apps.plans.inspection import building, packages
from apps.plans.running import following, reminding, renewing
from apps.plans.signing import services as signing
from infra.kit import clock
from tenants.api import everywhere


@shared_task(name="plans.tasks.report_quality")
def report_quality() -> int:
    """Report every enterprise's figures of courses; returns how many had something to tell. Runs on the platform."""
    at = clock.now()
    return everywhere(lambda: bool(feedback.report(at=at)), include_suspended=True)


@shared_task(name="plans.tasks.remind_to_sign")
def remind_to_sign() -> int:
    """Remind learners of records they have not signed; returns how many. Runs on the platform, asleep enterprises are left alone."""
    at = clock.now()
    return everywhere(lambda: signing.remind(at=at))


@shared_task(name="plans.tell_course_news")
def tell_course_news() -> int:
    """Tell the managers of every enterprise what is new about courses in use."""
    return everywhere(lambda: notices.tell(at=clock.now()))


@shared_task(name="plans.tasks.follow_rules")
def follow_rules() -> int:
    """Bring in whom the rules of this enterprise's running plans mean; rung when people change. Returns how many duties are new."""
    return following.follow_all(at=clock.now())


@shared_task(name="plans.tasks.follow_rules_everywhere")
def follow_rules_everywhere() -> int:
    """The same in every enterprise, for news that was lost. Runs on the platform."""
    return everywhere(lambda: following.follow_all(at=clock.now()))


@shared_task(name="plans.tasks.renew_everywhere")
def renew_everywhere() -> int:
    """Open the yearly refreshers that are due, in every enterprise; returns how many. Runs on the platform."""
    return everywhere(lambda: renewing.renew_all(at=clock.now()))


@shared_task(name="plans.tasks.remind_everywhere")
def remind_everywhere() -> int:
    """Remind of deadlines in every enterprise; returns of how many plans. Runs on the platform."""
    return everywhere(lambda: reminding.remind_all(at=clock.now()))


@shared_task(name="plans.tasks.remind_of_trainers")
def remind_of_trainers() -> int:
    """Tell managers whose qualification to teach ends, in every enterprise; returns of how many trainers. Runs on the platform."""
    return everywhere(lambda: expiring.remind(at=clock.now()))


@shared_task(name="plans.build_package")
def build_package(package: str) -> str:
    """Make one package for an inspector; returns the state it ended in. Safe to ring twice."""
    return building.build(UUID(package), at=clock.now()).state


@shared_task(name="plans.forget_packages")
def forget_packages() -> int:
    """Remove packages whose time is over, in every enterprise."""
    return everywhere(lambda: packages.forget_old(at=clock.now()), include_suspended=True)


@shared_task(name="plans.work_on_certificates")
def work_on_certificates(batch: str) -> str:
    """Print or issue one batch of certificates; returns the state it ended in. Safe to ring twice."""
    return certifying.work(UUID(batch), at=clock.now()).state


@shared_task(name="plans.forget_certificate_batches")
def forget_certificate_batches() -> int:
    """Remove printed batches whose time is over, in every enterprise."""
    return everywhere(lambda: batches.forget_old(at=clock.now()), include_suspended=True)


@shared_task(name="plans.remind_of_certificates")
def remind_of_certificates() -> int:
    """Tell of certificates that end soon or have ended, in every enterprise; returns of how many. Runs on the platform."""
    return everywhere(lambda: certified.remind(at=clock.now()))
