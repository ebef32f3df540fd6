"""What the platform is designed for: numbers of this file until the system's administrator writes others, with a reason."""

import math
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from infra.kit.errors import DomainError
from infra.kit.texts import worded
from public.audit import api as audit
from public.load import words
from public.load.models import DesignLoad, Meter
from public.operators.api import Me, Role
from public.timing.api import BAR_MS

DESIGNED: dict[str, float] = {
    Meter.REQUESTS: 1_000,
    Meter.RESPONSE: 3_000,
    Meter.PAGES: BAR_MS,
    Meter.LEARNERS: 5_000,
    Meter.QUEUE: 2_000,
    Meter.DATABASE: 500,
}
"""Measured on two cores: 600 beats a second and more; 5,000 learners at once over 50 enterprises (tests/bench). 3 s: clause 六.(一).4.

Meters that are not here take what the machine bears (`measuring.Read.capacity`).
"""
MOST, MOST_WORDS = 1e9, 200


def in_force() -> dict[str, float]:
    """Return what was chosen, by meter; one query."""
    rows = DesignLoad.objects.order_by("meter", "-id").distinct("meter")
    return {row.meter: row.value for row in rows}


def of(meter: str, *, capacity: float | None, chosen: dict[str, float]) -> float:
    """Return the design load of a meter: what was chosen, else ours, else what the machine bears; 0 where nobody knows."""
    return chosen.get(meter) or DESIGNED.get(meter) or capacity or 0.0


@transaction.atomic
def choose(*, meter: str, value: float, reason: str, me: Me, at: datetime, ip: str) -> DesignLoad:
    """Write down another design load; warnings follow it from the next minute on.

    :raises DomainError: 403 ``forbidden``; 404 ``not_found``, no such meter; 422 ``bad_value``, ``words_missing``, ``words_too_long``
    """
    if me.role != Role.SYSTEM:
        raise DomainError("forbidden", _("只有系统管理员能改设计负荷。"), status=403)
    if meter not in Meter.values:
        raise DomainError("not_found", _("没有这个指标，请刷新页面。"), status=404)
    if not math.isfinite(value) or not 0 < value <= MOST:
        raise DomainError("bad_value", _("设计负荷须大于 0，不超过 10 亿。"), status=422, field="value")
    said = worded(reason, "words_missing", _("请写明依据，例如压力测试报告、扩容记录。"), field="reason", most=MOST_WORDS)
    before = in_force().get(meter) or DESIGNED.get(meter)
    row = DesignLoad.objects.create(meter=meter, value=value, reason=said, by=me.reference, by_name=me.name, at=at)
    audit.record(
        "load.design_chosen", actor=me.reference, target=f"load:{meter}", at=at, ip=ip, reason=said,
        before={"value": before}, after={"value": value},
    )  # fmt: skip
    return row


def history(meter: str) -> list[tuple[DesignLoad, str]]:
    """Return the design loads of a meter that were chosen, newest first, each with its value in words."""
    return [(row, words.amount(row.value, row.meter)) for row in DesignLoad.objects.filter(meter=meter).order_by("-id")[:50]]
