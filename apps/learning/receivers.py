"""News of the catalogue that learning acts on."""

from typing import Any

from django.dispatch import receiver

from apps.learning.tasks import close_recalled
from public.catalogue.api import version_recalled
from tenants.api import platform_scope


@receiver(version_recalled, dispatch_uid="close sessions of a recalled version")
def stop_learning(*, version_id: int, **news: Any) -> None:
    """Ring for the end of every session with a version that was taken down; its keys are refused already."""
    with platform_scope():
        close_recalled.delay(version_id=version_id)
