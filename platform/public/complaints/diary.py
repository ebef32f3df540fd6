"""Writes steps of a complaint, and those of operators into the audit log of the platform (never into an enterprise's)."""

from django.utils.translation import gettext_lazy as _

from public.complaints.models import Event
from public.operators.api import SYSTEM, Desk, Role, Story, log

__all__ = ["FILER", "SYSTEM", "Desk", "Kind", "by_desk", "by_filer", "by_system", "log", "require_desk"]

Kind = Event.Kind
FILER = "filer"
_STORY = Story(Event, case="complaint", room="complaint", outsider=FILER, most=2000)
by_desk, by_filer, by_system = _STORY.by_desk, _STORY.by_outsider, _STORY.by_system


def require_desk(desk: Desk) -> None:
    """Refuse everybody but operations.

    :raises DomainError: 403 ``forbidden``
    """
    desk.require(Role.OPERATIONS, _("只有平台运营可以处理投诉。"))
