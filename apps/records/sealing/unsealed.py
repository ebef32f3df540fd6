"""What is not sealed yet keeps an enterprise's data from being destroyed: the head that stays must speak of everything."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from apps.records.models import LedgerEntry
from public.lifecycle.api import Blocker
from public.seals import api as seals
from tenants.api import Enterprise, enterprise_scope, site_of


def standing_in_the_way(row: Enterprise, on: date) -> list[Blocker]:
    """Return the entries that no signed head holds; the next round of sealing takes them in."""
    with enterprise_scope(site_of(row)):
        head = seals.newest()
        count = LedgerEntry.objects.count() - (head.size if head else 0)
    return [Blocker(_("档案还有没封存的记录"), str(_("%(n)d 条，半小时内自动封存") % {"n": count}))] if count > 0 else []
