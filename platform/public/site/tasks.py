"""Doorbells of the site's rooms."""

from celery import shared_task

from infra.kit import clock
from public.site import footing
from public.site.papers import services as papers
from public.site.status.tasks import hear, probe

__all__ = ["hear", "probe", "publish_footer", "remind_of_papers"]


@shared_task(name="site.remind_of_papers")
def remind_of_papers() -> int:
    """Note papers of the operator that end soon; safe to ring twice."""
    return papers.remind(at=clock.now())


@shared_task(name="site.publish_footer")
def publish_footer() -> None:
    """Lay the licences where every page finds them, should Valkey have lost them; safe to ring twice."""
    footing.publish()
