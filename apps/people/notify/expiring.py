"""Special-operation certificates that end soon: their holders are told, and managers once a day how many there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Coalesce, Least

from apps.people.belonging import belongs, subtree
from apps.people.models import Learner, Manager, Notice, Qualification
from apps.people.notify import choosing, rules
from apps.people.notify.port import notify, notify_all
from infra.kit import clock

EXPIRED_FOR = 30
"""Days after the end within which it is told that it has ended: what ended long ago is no news."""


@dataclass(frozen=True, slots=True)
class Ending:
    """One certificate at a stage: 60, 30 or 7 for days left, 0 for one that has ended. ``first``: its end or re-examination."""

    row: Qualification
    first: date
    stage: int

    @property
    def about(self) -> str:
        """What its holder is told of once."""
        return f"qualification:{self.row.uuid}/{self.first}/{self.stage}"


@transaction.atomic
def tell(*, at: datetime) -> int:
    """Tell what has come to be 60, 30 or 7 days before its end, or has ended, once each; returns how many were news.

    A day on which nothing ran is made up for: the next run tells what is due, and never twice.
    """
    today = clock.shanghai_date(at)
    found = _ending(today)
    told = set(Notice.objects.filter(about__in=[one.about for one in found]).values_list("about", flat=True))
    news = [one for one in found if one.about not in told]
    for one in news:
        _tell_holder(one, today, at)
    if news:
        _tell_managers(news, today, at)
    return len(news)


def stage(first: date, today: date) -> int:
    """Return which notice is due: 60, 30 or 7 for days left, 0 for one that has ended."""
    left = (first - today).days
    return 0 if left < 0 else min(day for day in rules.EXPIRING if left <= day)


def _ending(today: date) -> list[Ending]:
    first = Least("expires_on", Coalesce("review_on", "expires_on"))
    span = (today - timedelta(days=EXPIRED_FOR), today + timedelta(days=max(rules.EXPIRING)))
    rows = Qualification.objects.filter(archived_at=None, learner__status=Learner.Status.ACTIVE).annotate(first=first)
    return [Ending(row, row.first, stage(row.first, today)) for row in rows.filter(first__range=span).order_by("first", "pk")]


def _tell_holder(one: Ending, today: date, at: datetime) -> None:
    row = one.row
    what = " ".join(filter(None, [str(Qualification.Kind(row.kind).label), row.item]))
    notify(
        kind="qualification.expiring" if one.stage else "qualification.expired",
        learner_id=row.learner_id,
        context={"what": what, "day": one.first.isoformat(), "left": max(0, (one.first - today).days)},
        at=at,
        about=one.about,
    )


def _tell_managers(news: Sequence[Ending], today: date, at: datetime) -> None:
    """Tell those who can arrange it how many there are; supervisors only of their own people."""
    about = f"qualifications/{today}"
    notify_all(kind="qualification.list", manager_ids=choosing.deciding_managers(), context=_counts(news), at=at, about=about)
    learners = Q(pk__in=[one.row.learner_id for one in news])
    for row in Manager.objects.filter(left_at=None, role=Manager.Role.UNIT, unit__isnull=False):
        own = set(Learner.objects.filter(learners, belongs(subtree(row.unit_id or 0))).values_list("pk", flat=True))
        if mine := [one for one in news if one.row.learner_id in own]:
            notify(kind="qualification.list", manager_id=row.pk, context=_counts(mine), at=at, about=about)


def _counts(news: Sequence[Ending]) -> dict[str, str | int]:
    ended = sum(one.stage == 0 for one in news)
    return {"soon": len(news) - ended, "ended": ended}
