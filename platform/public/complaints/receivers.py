"""News of rooms below that complaints act on."""

from typing import Any
from uuid import UUID

from django.dispatch import receiver

from infra.kit import clock
from public.appeals.api import case_decided
from public.complaints import deciding
from tenants.api import platform_scope


@receiver(case_decided, dispatch_uid="close the complaint of a decided appeal")
def close_linked(*, case: UUID, **news: Any) -> None:
    """Decide the complaint that is linked to an appeal as the appeal was decided."""
    with platform_scope():
        deciding.follow_appeal(case=case, at=clock.now())
