"""Figures of the help desk: how much search answers by itself, how promptly people do, and how satisfied askers are."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Avg, Count, F, Q, Sum

from infra.kit import clock
from public.helpdesk.models import Tally, Ticket


@dataclass(frozen=True, slots=True)
class Totals:
    """Of one span. Shares are 0 to 1, None where nothing was counted."""

    asked: int
    by_search: float | None
    filed: int
    solved: int
    prompt: float | None
    in_time: float | None
    stars: float | None


def totals(*, since: datetime) -> Totals:
    """Return the figures from a moment on; two queries. Prompt: first answered in time; in time: solved so."""
    said = Tally.objects.filter(day__gte=clock.shanghai_date(since)).aggregate(
        sure=Sum("sure", default=0), perhaps=Sum("perhaps", default=0), unknown=Sum("unknown", default=0)
    )
    asked = said["sure"] + said["perhaps"] + said["unknown"]
    done = Ticket.objects.filter(filed_at__gte=since).aggregate(
        filed=Count("pk"),
        solved=Count("pk", filter=Q(solved_at__isnull=False)),
        answered=Count("pk", filter=Q(answered_at__isnull=False)),
        prompt=Count("pk", filter=Q(answered_at__lte=F("answer_due_at"))),
        in_time=Count("pk", filter=Q(solved_at__lte=F("due_at"))),
        stars=Avg("stars"),
    )
    return Totals(
        asked, _share(said["sure"], asked), done["filed"], done["solved"], _share(done["prompt"], done["answered"]),
        _share(done["in_time"], done["solved"]), done["stars"],
    )  # fmt: skip


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
