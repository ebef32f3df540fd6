"""Front door: an enterprise says that it has hooks; the schedule asks which have."""

from datetime import datetime

from public.hooks.models import Listener

__all__ = ["listen", "listeners"]


def listen(*, at: datetime) -> None:
    """Note that the current enterprise has hooks; part of the caller's transaction. Repeating changes nothing."""
    Listener.objects.bulk_create([Listener(at=at)], ignore_conflicts=True)


def listeners() -> set[str]:
    """Return the schemas of all enterprises that have, or ever had, a hook; asked on the platform."""
    return set(Listener.objects.values_list("schema_name", flat=True))
