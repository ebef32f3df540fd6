"""What the monitor shows on the desk's home."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from infra.kit import clock
from public.monitor.board import board
from public.operators.api import Me, Queue, Role


def alert_queues(me: Me) -> list[Queue]:
    """Return how many study now, and how many of them look odd; nothing to decide there, only to look at."""
    if me.role != Role.OPERATIONS:
        return []
    found, url = board(at=clock.now()), reverse("desk-monitor")
    return [
        Queue(_("正在学习"), found.studying, url, _("全部企业，实时"), is_work=False),
        Queue(_("学习告警"), found.alerts, f"{url}?show=alerts", _("信号分较高的学习"), is_work=False),
    ]
