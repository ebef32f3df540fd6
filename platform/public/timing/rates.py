"""Of how many page views one is timed: numbers of the code until the system's administrator chooses others, with a reason."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from redis.exceptions import RedisError

from infra.kit.errors import DomainError
from infra.kit.texts import worded
from public.audit import api as audit
from public.operators.api import Me, Role
from public.timing import counting
from public.timing.audiences import Audience
from public.timing.models import SampleRate

MOST, MOST_WORDS = 1_000, 200


def in_force() -> dict[str, int]:
    """Return of how many page views one is timed, by audience; one query."""
    rows = SampleRate.objects.order_by("audience", "-id").distinct("audience")
    return counting.EVERY | {row.audience: row.every for row in rows}


@transaction.atomic
def choose(*, audience: str, every: int, reason: str, me: Me, at: datetime, ip: str) -> SampleRate:
    """Write down another rate; pages follow it within a minute.

    :raises DomainError: 403 ``forbidden``; 404 ``not_found``, no such audience; 422 ``bad_value``, ``words_missing``, ``words_too_long``
    """
    if me.role != Role.SYSTEM:
        raise DomainError("forbidden", _("只有系统管理员能改抽样比例。"), status=403)
    if audience not in Audience.values:
        raise DomainError("not_found", _("没有这类使用者，请刷新页面。"), status=404)
    if not 1 <= every <= MOST:
        raise DomainError("bad_value", _("须是 1 到 1000 的整数；1 表示每次都测。"), status=422, field="every")
    said = worded(reason, "words_missing", _("请写明原因，例如“学员多，减少上报”。"), field="reason", most=MOST_WORDS)
    before = in_force()[audience]
    row = SampleRate.objects.create(audience=audience, every=every, reason=said, by=me.reference, by_name=me.name, at=at)
    audit.record(
        "timing.rate_chosen", actor=me.reference, target=f"timing:{audience}", at=at, ip=ip, reason=said,
        before={"every": before}, after={"every": every},
    )  # fmt: skip
    transaction.on_commit(_publish)
    return row


def _publish() -> None:
    try:
        counting.publish(in_force())
    except RedisError:  # the worker does it within a minute
        counting.log.warning("another rate of samples is told later")


def history(audience: str) -> list[SampleRate]:
    """Return the rates of an audience that were chosen, newest first."""
    return list(SampleRate.objects.filter(audience=audience).order_by("-id")[:50])
