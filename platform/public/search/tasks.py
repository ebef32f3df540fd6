"""Doorbells of the search."""

from celery import shared_task

from infra.kit import clock
from public.search import index, quality


@shared_task(name="search.tasks.reindex")
def reindex() -> int:
    """Mend whatever the index missed. Runs on the platform."""
    return index.reindex(at=clock.now())


@shared_task(name="search.tasks.recount_quality")
def recount_quality() -> int:
    """Add up what enterprises reported. Runs on the platform; returns how many courses are low."""
    return quality.recount(at=clock.now())
