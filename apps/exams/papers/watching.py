"""Running plans whose exam can no longer be drawn: their managers are told before a learner meets it."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from apps.exams.papers import services
from apps.people import api as people
from apps.plans import api as plans
from infra.kit import clock
from infra.kit.errors import DomainError

KIND = "exam.cannot_draw"


def register() -> None:
    """Make the notice known."""
    people.register_notice(
        KIND,
        title=_("考试现在不能组卷：%(plan)s"),
        body=_("培训“%(plan)s”的考试抽不出题：%(reason)s在此之前，学员不能开始考试。"),
        label=_("考试抽不出题"),
        url="/console/plans/%(uuid)s/change",
        audience=["manager"],
        channels=["app", "mail"],
    )


def tell_impossible(*, at: datetime) -> int:
    """Tell the managers of plans whose exam cannot be drawn now, once a day each; return how many plans there are."""
    told = 0
    for plan in plans.running_exams():
        try:
            services.check(rule=plan.rule)
        except DomainError as refusal:
            told += 1
            people.notify_all(
                kind=KIND,
                manager_ids=people.managers_who(people.Permission.EXAMS_CHANGE),
                context={"plan": plan.title, "uuid": str(plan.uuid), "reason": str(refusal.message)},
                at=at,
                about=f"exam-draw:{plan.uuid}/{clock.shanghai_date(at).isoformat()}",
            )
    return told
