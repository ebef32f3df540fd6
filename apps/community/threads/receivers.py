"""News of other rooms that threads act on."""

from typing import Any
from uuid import UUID

from django.dispatch import receiver

from apps.community.tasks import take_in_decision
from public.answers.api import proposal_decided
from tenants.api import enterprise_scope, site_by_schema


@receiver(proposal_decided, dispatch_uid="take in what the platform decided about answers")
def take_in(*, proposal: UUID, schema: str, **news: Any) -> None:
    """Ring in the enterprise that the decision concerns."""
    if site := site_by_schema(schema):
        with enterprise_scope(site):
            take_in_decision.delay(proposal=str(proposal))
