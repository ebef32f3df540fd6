"""The end of the legal periods of closed enterprises: what comes near, what is over, and the nightly round that says so."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from infra.kit import clock
from public.audit import api as audit
from public.lifecycle import changes, events, guards
from public.lifecycle.closing import kept_until_of
from public.lifecycle.models import Closure, Destruction, LifeChange
from public.lifecycle.rules import STUCK_AFTER, WARN_AHEAD, is_near, is_over, kept_until
from public.lifecycle.words import enterprise
from public.privacy import api as privacy

log = logging.getLogger("anxue.lifecycle")
PER_PAGE = 20
SHOWS = (
    ("", _("期满或 90 天内期满")),
    ("over", _("已期满，待申请销毁")),
    ("near", _("90 天内期满")),
    ("busy", _("正在办理")),
    ("done", _("已销毁")),
    ("all", _("全部已注销")),
)
_SORTS = {"name": "enterprise__name", "-name": "-enterprise__name", "until": "kept_until", "-until": "-kept_until"}


@dataclass(frozen=True, slots=True)
class Ending:
    """One closed enterprise on the list. ``tone`` and ``state`` for its badge; ``days``: left until the last day, below 0 when it is over."""

    closure: Closure
    tone: str
    state: Any
    days: int
    blockers: list[guards.Blocker]


def _kept() -> QuerySet[Closure]:
    of = Destruction.objects.filter(enterprise=OuterRef("enterprise")).exclude(state=Destruction.State.STOPPED)
    asked = LifeChange.objects.filter(closure=OuterRef("pk"), state=LifeChange.State.OPEN)
    return Closure.objects.filter(closed_at__isnull=False, reopened_at=None).annotate(
        is_planned=Exists(of.exclude(state=Destruction.State.DONE)),
        is_done=Exists(of.filter(state=Destruction.State.DONE)),
        is_asked=Exists(asked),
    )


def listing(*, search: str, show: str, sort: str, today: date) -> QuerySet[Closure]:
    """Return closed enterprises whose periods end: the earliest last day first.

    :param show: a key of `SHOWS`
    """
    rows = _kept().select_related("enterprise")
    for word in search.split()[:5]:
        by = Q(enterprise__name__icontains=word) | Q(enterprise__uscc__istartswith=word)
        rows = rows.filter(by | Q(enterprise__subdomain__icontains=word))
    is_idle = Q(is_planned=False, is_done=False, is_asked=False)
    conditions = {
        "": Q(is_done=False) & (Q(kept_until__lte=today + WARN_AHEAD) | Q(is_asked=True) | Q(is_planned=True)),
        "over": Q(kept_until__lt=today) & is_idle,
        "near": Q(kept_until__gte=today, kept_until__lte=today + WARN_AHEAD) & is_idle,
        "busy": Q(is_planned=True) | Q(is_asked=True),
        "done": Q(is_done=True),
    }
    return rows.filter(conditions.get(show, Q())).order_by(_SORTS.get(sort, "kept_until"), "pk")


def page(*, search: str, show: str, sort: str, number: str, today: date) -> tuple[Page[Closure], list[Ending]]:
    """Return one page of :func:`listing`, and the same with what stands in the way."""
    found = Paginator(listing(search=search, show=show, sort=sort, today=today), PER_PAGE).get_page(number)
    return found, endings(found, today=today)


def endings(rows: Iterable[Any], *, today: date) -> list[Ending]:
    """Return how closings of :func:`listing` stand; the number of queries does not grow with them."""
    lines = list(rows)
    found = guards.standing_of([row.enterprise for row in lines if not row.is_done], on=today)
    return [_ending(row, found.get(row.enterprise.schema_name, []), today) for row in lines]


def _ending(row: Any, blockers: list[guards.Blocker], today: date) -> Ending:
    days = (row.kept_until - today).days
    if row.is_done:
        tone, state = "neutral", _("已销毁")
    elif row.is_planned:
        tone, state = "stop", _("销毁办理中")
    elif row.is_asked:
        tone, state = "attention", _("等待批准")
    elif days < 0:
        tone, state = ("attention", _("已期满，暂不能销毁")) if blockers else ("attention", _("已期满"))
    else:
        tone, state = ("info", _("将期满")) if is_near(row.kept_until, today=today) else ("neutral", _("保存中"))
    return Ending(row, tone, state, days, blockers)


def stuck(*, at: datetime) -> int:
    """Return how many destructions that are due have made no step for an hour: the store or the owner's connection is away."""
    rows = Destruction.objects.filter(state__in=[Destruction.State.WAITING, Destruction.State.RUNNING])
    return rows.filter(Q(beat_at__lt=at - STUCK_AFTER) | Q(beat_at=None, starts_at__lt=at - STUCK_AFTER)).count()


def counts(*, today: date) -> dict[str, int]:
    """Return how many are over with nothing under way, come near, and wait for a decision."""
    values = {show: listing(search="", show=show, sort="", today=today).count() for show in ("over", "near")}
    return values | {"asked": LifeChange.objects.filter(state=LifeChange.State.OPEN).count()}


def review(*, at: datetime) -> int:
    """Do the nightly round; returns how many closings it said something of. Safe to repeat; one that fails stops no other.

    Where a law asks for more by now the last day moves, never to an earlier one. Each is announced once when it comes near, and once when it
    is over. What nobody decided in time lapses.
    """
    changes.lapse(at=at)
    done = 0
    rows = Closure.objects.filter(closed_at__isnull=False, reopened_at=None, enterprise__destroyed_at=None)
    for pk in list(rows.order_by("kept_until", "pk").values_list("pk", flat=True)):
        try:
            done += _review(pk, at)
        except Exception:
            log.exception("the end of closing %s could not be looked at; the next round tries again", pk)
    return done


@transaction.atomic
def _review(pk: int, at: datetime) -> int:
    row = enterprise(Closure.objects.values_list("enterprise_id", flat=True).get(pk=pk), lock=True)
    found = Closure.objects.select_for_update().get(pk=pk)
    if found.closed_at is None or found.kept_until is None or found.reopened_at is not None:
        return 0
    today = clock.shanghai_date(at)
    said: list[tuple[str, dict[str, Any]]] = []
    later = lengthened(found, today=today)
    if later > found.kept_until:
        said.append(("enterprise.retention_longer", {"former": found.kept_until.isoformat()}))
        found.kept_until, found.warned_at, found.over_at = later, None, None
    if found.warned_at is None and is_near(found.kept_until, today=today):
        found.warned_at = at
        said.append(("enterprise.retention_ends", {}))
        events.retention_ends.send(sender=None, schema=row.schema_name, kept_until=found.kept_until, closure=found.uuid)
    if found.over_at is None and is_over(found.kept_until, today=today):
        found.over_at = at
        said.append(("enterprise.retention_over", {}))
    if said:
        found.save(update_fields=["kept_until", "warned_at", "over_at"])
    for action, details in said:
        audit.record(
            action, actor="system", target=f"enterprise:{row.uuid}", at=at, schema_name=row.schema_name,
            kept_until=found.kept_until.isoformat(), **details,
        )  # fmt: skip
    return bool(said)


def lengthened(closure: Closure, *, today: date) -> date:
    """Return the last day by the periods in force on the day of closing and by those of today, whichever keeps longer; never an earlier one.

    :raises ValueError: it is not closed
    """
    if closure.closed_at is None or closure.kept_until is None:
        raise ValueError("only a closed enterprise has a last day")
    closed_on, rule = clock.shanghai_date(closure.closed_at), privacy.rule(today)
    by_today = kept_until(closed_on, record_months=rule.record_months, special_months=rule.special_months)
    return max(closure.kept_until, kept_until_of(closed_on), by_today)
