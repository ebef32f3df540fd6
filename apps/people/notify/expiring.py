"""Special-operation certificates that end soon: their holders are told, and managers once a day how many there are."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Coalesce, Least

from apps.people.belonging import belongs, subtree
from apps.people.models import Learner, Manager, Qualification
from apps.people.notify import rules
from apps.people.notify.port import notify, notify_all
from infra.kit import clock

EXPIRED_FOR = 30
"""Days after the end within which it is told that it has ended: what ended long ago is no news."""


def tell(*, at: datetime) -> int:
    """Tell what has come to be 60, 30 or 7 days before its end, or has ended, once each; returns how many certificates.

    A day on which nothing ran is made up for: the next run tells what is due, and never twice.
    """
    today = clock.shanghai_date(at)
    rows = list(_ending(today))
    for row in rows:
        _tell_holder(row, row.first, today, at)
    _tell_managers(today, at)
    return len(rows)


def _ending(today: date) -> "QuerySet[Any]":
    first = Least("expires_on", Coalesce("review_on", "expires_on"))
    span = (today - timedelta(days=EXPIRED_FOR), today + timedelta(days=max(rules.EXPIRING)))
    rows = Qualification.objects.filter(archived_at=None, learner__status=Learner.Status.ACTIVE).annotate(first=first)
    return rows.filter(first__range=span).order_by("first", "pk")


def stage(first: date, today: date) -> int:
    """Return which notice is due: 60, 30 or 7 for days left, 0 for one that has ended."""
    left = (first - today).days
    return 0 if left < 0 else min(day for day in rules.EXPIRING if left <= day)


def _tell_holder(row: Qualification, first: date, today: date, at: datetime) -> None:
    step = stage(first, today)
    what = " ".join(filter(None, [str(Qualification.Kind(row.kind).label), row.item]))
    notify(
        kind="qualification.expiring" if step else "qualification.expired",
        learner_id=row.learner_id,
        context={"what": what, "day": first.isoformat(), "left": max(0, (first - today).days)},
        at=at,
        about=f"qualification:{row.uuid}/{first}/{step}",
    )


def _tell_managers(today: date, at: datetime) -> None:
    """Tell those who can arrange it how many certificates reached a stage today; supervisors only of their own people."""
    days = [today + timedelta(days=step) for step in rules.EXPIRING] + [today - timedelta(days=1)]
    reached = _ending(today).filter(first__in=days)
    if not reached.exists():
        return
    about = f"qualifications/{today}"
    whole = Manager.objects.filter(left_at=None, role__in=[Manager.Role.OWNER, Manager.Role.TRAINING]).values_list(
        "pk", flat=True
    )
    notify_all(kind="qualification.list", manager_ids=whole, context=_counts(reached, today), at=at, about=about)
    for row in Manager.objects.filter(left_at=None, role=Manager.Role.UNIT, unit__isnull=False):
        mine = reached.filter(belongs(subtree(row.unit_id or 0), "learner"))
        if mine.exists():
            notify(kind="qualification.list", manager_id=row.pk, context=_counts(mine, today), at=at, about=f"{about}/unit")


def _counts(rows: "QuerySet[Any]", today: date) -> dict[str, str | int]:
    ended = rows.filter(first__lt=today).count()
    return {"soon": rows.count() - ended, "ended": ended}
