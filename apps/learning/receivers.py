"""News of the catalogue and of appeals that learning acts on."""

from typing import Any
from uuid import UUID

from django.dispatch import receiver

from apps.learning.tasks import carry_out_decision, close_recalled
from public.appeals.api import case_decided
from public.catalogue.api import version_recalled
from tenants.api import enterprise_scope, platform_scope, site_by_schema


@receiver(version_recalled, dispatch_uid="close sessions of a recalled version")
def stop_learning(*, version_id: int, **news: Any) -> None:
    """Ring for the end of every session with a version that was taken down; its keys are refused already."""
    with platform_scope():
        close_recalled.delay(version_id=version_id)


@receiver(case_decided, dispatch_uid="carry out decided appeals")
def carry_out(*, case: UUID, schema: str, **news: Any) -> None:
    """Ring for what the platform decided, in the enterprise that it concerns."""
    if site := site_by_schema(schema):
        with enterprise_scope(site):
            carry_out_decision.delay(case=str(case))
