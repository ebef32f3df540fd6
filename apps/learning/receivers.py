"""News of other rooms that learning acts on."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.dispatch import receiver

from apps.learning import facing, proving, services
from apps.learning.tasks import carry_out_decision, close_recalled, close_suspended
from apps.people.events import face_checked, learner_archived
from public.appeals.api import case_decided
from public.catalogue.api import version_recalled
from public.lifecycle.api import status_changed
from tenants.api import enterprise_scope, platform_scope, site_by_schema
from tenants.ringing import ring


@receiver(version_recalled, dispatch_uid="close sessions of a recalled version")
def stop_learning(*, version_id: int, **news: Any) -> None:
    """Ring for the end of every session with a version that was taken down; its keys are refused already."""
    with platform_scope():
        close_recalled.delay(version_id=version_id)


@receiver(status_changed, dispatch_uid="close sessions of a suspended enterprise")
def stop_enterprise(*, schema: str, status: str, **news: Any) -> None:
    """Ring for the end of every session of an enterprise that is in use no more; a lost bell is made up for by the round of idle ones."""
    site = site_by_schema(schema)
    if site is not None and not site.is_active:
        ring(close_suspended, schema=schema)


@receiver(learner_archived, dispatch_uid="close sessions of an archived learner")
def stop_archived(*, learner_id: int, at: datetime, **news: Any) -> None:
    """A beat proves itself and asks no login (0031), so whoever left the books must be stopped here."""
    services.close_archived(learner_id=learner_id, at=at)


@receiver(face_checked, dispatch_uid="judge a presence check by its face check")
def judge_presence(*, check: UUID, about: str, outcome: str, at: datetime, **news: Any) -> None:
    """Take in what a face worker or a manager has found; a check that is judged already stays as it is."""
    asked = proving.check_named(about)
    if asked is not None:
        facing.judge(check=asked, face=check, outcome=outcome, at=at)


@receiver(case_decided, dispatch_uid="carry out decided appeals")
def carry_out(*, case: UUID, schema: str, **news: Any) -> None:
    """Ring for what the platform decided, in the enterprise that it concerns."""
    if site := site_by_schema(schema):
        with enterprise_scope(site):
            carry_out_decision.delay(case=str(case))
