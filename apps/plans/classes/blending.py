"""Blended plans: some of the hours are to be earned in classes."""

from django.utils.translation import gettext_lazy as _

from apps.plans.classes.models import Blend
from apps.plans.models import TrainingPlan
from apps.plans.rules import HOUR_MS, MAX_HOURS
from infra.kit.errors import DomainError


def check(offline_hours: int, hours: int | None) -> int:
    """Return the offline part of a plan in ms.

    :param hours: what the plan asks for; None where finishing all courses is what counts
    :raises DomainError: ``offline_hours`` where nothing would be left to learn online
    """
    if not 0 <= offline_hours <= MAX_HOURS or (hours is not None and offline_hours and offline_hours >= hours):
        raise DomainError("offline_hours", _("线下学时要少于应修学时，其余的在线学习。"))
    return offline_hours * HOUR_MS


def blend(plan: TrainingPlan, offline_ms: int) -> None:
    """Write down the offline part of a plan that is being opened; nothing where there is none."""
    if offline_ms:
        Blend.objects.create(plan=plan, offline_ms=offline_ms)


def offline_ms(plan: TrainingPlan) -> int:
    """Return the offline part of a plan in ms, 0 where it names none."""
    return Blend.objects.filter(plan=plan).values_list("offline_ms", flat=True).first() or 0
