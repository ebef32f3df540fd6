"""Yearly refreshers open by themselves for those who completed a plan nearly a year ago, a plan for each month of completion."""

from calendar import isleap
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Min, Q
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext as _

from apps.people import api as people
from apps.plans import law, opening, proposing
from apps.plans.assigning import Who
from apps.plans.models import Assignment, PlanCourse, Renewal, TrainingPlan
from apps.plans.ports import PAPERS
from apps.plans.shapes import ExamPolicy
from infra.kit import clock
from infra.kit.errors import DomainError
from tenants.api import current_site

AHEAD = timedelta(days=45)
"""How long before the year is over the refresher opens."""
_LEAST = timedelta(days=30)
"""Time that people have at least, where the year is over already."""
_PAST = timedelta(days=3 * 366)
"""Completions longer ago are not taken up: whoever turns renewing on late does not open years of plans."""


def anniversary(day: date) -> date:
    """Return the same day a year later; the 29th of February becomes the 28th."""
    is_leap_day = (day.month, day.day) == (2, 29) and not isleap(day.year + 1)
    return date(day.year + 1, day.month, 28 if is_leap_day else day.day)


def due_cohorts(*, at: datetime) -> list[tuple[int, date, date]]:
    """Return (plan, month of completion, first day of completion) of those whose refresher is to be opened now and is not."""
    rows = Assignment.objects.filter(
        plan__renew_yearly=True,
        state=Assignment.State.COMPLETED,
        completed_at__gt=at - _PAST,
        learner__status="ACTIVE",
        learner__restricted_at=None,
    )
    months = TruncMonth("completed_at", tzinfo=clock.SHANGHAI)
    cohorts = rows.annotate(month=months).values_list("plan_id", "month").annotate(first=Min("completed_at"))
    done = set(Renewal.objects.filter(plan__isnull=False).values_list("source_id", "month"))
    today = clock.shanghai_date(at)
    found = [
        (plan_id, month.date(), clock.shanghai_date(first)) for plan_id, month, first in cohorts.order_by("plan_id", "month")
    ]
    return [one for one in found if (one[0], one[1]) not in done and anniversary(one[2]) - AHEAD <= today]


def renew_all(*, at: datetime) -> int:
    """Open every refresher that is due, each in a transaction of its own; returns how many were opened."""
    return sum(renew(plan_id, month=month, first=first, at=at) for plan_id, month, first in due_cohorts(at=at))


@transaction.atomic
def renew(plan_id: int, *, month: date, first: date, at: datetime) -> bool:
    """Open the refresher of one month's people and tell the managers; what keeps it from opening is written down and told once.

    :param first: day on which the first of them completed: a year later all must have finished
    :returns: whether it was opened now
    """
    source = TrainingPlan.objects.select_for_update().get(pk=plan_id)
    row, _made = Renewal.objects.get_or_create(source=source, month=month, defaults={"at": at})
    if row.plan_id is not None:
        return False
    ids = _people(source, month)
    if not ids:
        return False
    due = max(anniversary(first), clock.shanghai_date(at) + _LEAST)
    try:
        with transaction.atomic():
            row.plan, row.problem = _opened(source, ids, due, at), ""
    except DomainError as refusal:
        row.plan, row.problem = None, refusal.code[:30]
    row.at = at
    row.save(update_fields=["plan", "problem", "at"])
    _tell(row, len(ids), due, at)
    return row.plan is not None


def _people(source: TrainingPlan, month: date) -> list[int]:
    """Return who completed in that month, is on the books with data that may be used, and was given no refresher since."""
    begin, end = clock.shanghai_midnight(month), clock.shanghai_midnight((month + timedelta(days=31)).replace(day=1))
    rows = Assignment.objects.filter(
        plan=source,
        state=Assignment.State.COMPLETED,
        completed_at__gte=begin,
        completed_at__lt=end,
        learner__status="ACTIVE",
        learner__restricted_at=None,
    )
    later = Assignment.objects.filter(
        Q(plan__requirement_code=source.requirement_code)
        | Q(plan__requirement_code__startswith=f"{source.requirement_code[:2]}-"),
        plan__stage="ANNUAL",
        assigned_at__gt=end,
    ).exclude(plan=source)
    return list(rows.exclude(learner__in=later.values("learner")).order_by("learner_id").values_list("learner_id", flat=True))


def _opened(source: TrainingPlan, ids: list[int], due: date, at: datetime) -> TrainingPlan:
    site, today = current_site(), clock.shanghai_date(at)
    row = law.refresher(source.requirement_code, on=today, hazard=site.hazard)
    if row is None:
        raise DomainError("no_refresher", _("法规没有规定这类人员的年度再培训。"))
    found = proposing.candidates(leave_out=_learnt(ids))
    proposal = proposing.for_requirement(row, role="", industry=site.industry_code, hours=row.hours, found=found)
    order = opening.PlanOrder(
        title=_("%(title)s（%(year)s 年再培训）") % {"title": _stem(source.title), "year": due.year},
        requirement_id=row.id,
        version_ids=proposal.version_ids,
        due_on=due,
        hours=row.hours,
        exam_needed=source.exam_needed,
        exam_questions=source.exam_questions,
        exam_pass_score=source.exam_pass_score,
        exam_minutes=source.exam_minutes,
        exam_tries=source.exam_tries,
        exam_paper=PAPERS.get().newest(source.exam_paper) if source.exam_paper else None,
        exam_policy=ExamPolicy.read(source.exam_policy),
        renew_yearly=True,
    )
    uuid = opening.open_plan(order=order, who=Who("picked", learner_ids=ids), by=_("系统"), at=at)
    return TrainingPlan.objects.get(uuid=uuid)


def _stem(title: str) -> str:
    """Return a title without what an earlier refresher has put behind it, short enough for the next one."""
    head, mark, rest = title.rpartition("（")
    return (head if mark and rest.endswith(("再培训）", "refresher）")) else title)[:60]


def _learnt(ids: Iterable[int]) -> list[int]:
    """Return the versions these people have had in plans: what was learnt once is not credited again."""
    plans = Assignment.objects.filter(learner_id__in=list(ids)).values("plan_id")
    return list(PlanCourse.objects.filter(plan_id__in=plans).values_list("version_id", flat=True).distinct())


def _tell(row: Renewal, people_count: int, due: date, at: datetime) -> None:
    shown = row.plan or row.source
    context: dict[str, str | int] = {"plan": shown.title, "uuid": str(shown.uuid), "n": people_count, "due": due.isoformat()}
    people.notify_all(
        kind="plan.renewed" if row.plan else "plan.not_renewed",
        manager_ids=people.managers_who(people.Permission.PLANS_CHANGE),
        context=context,
        at=at,
        about=f"renewal:{row.source.uuid}/{row.month.isoformat()}",
    )
