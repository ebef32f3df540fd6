"""Open warnings on the desk's home."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from public.load import queries
from public.operators.api import Me, Queue, Role


def load_queues(me: Me) -> list[Queue]:
    """Return the open warnings to operations."""
    return _queue() if me.role == Role.OPERATIONS else []


def load_queues_of_administrators(me: Me) -> list[Queue]:
    """Return the open warnings to the system's administrator."""
    return _queue() if me.role == Role.SYSTEM else []


def _queue() -> list[Queue]:
    count = queries.open_warnings()
    return [Queue(_("负荷预警"), count, reverse("desk-load"), _("达到设计负荷的 70% 以上"), is_late=bool(count))]
