"""What is not sealed yet keeps an enterprise's data from being destroyed: the head that stays must speak of everything."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext_lazy as _

from public.lifecycle import api as lifecycle
from public.lifecycle.api import Blocker
from public.seals import api as seals
from tenants.api import Enterprise


def standing_in_the_way(rows: Sequence[Enterprise], on: date) -> lifecycle.Found:
    """Return the entries that no signed head holds; the next round of sealing takes them in. Two queries."""
    sealed = seals.sizes(row.schema_name for row in rows)
    left = {schema: n - sealed.get(schema, 0) for schema, n in lifecycle.counted(rows, "entries").items()}
    words = _("%(n)d 条，半小时内自动封存")
    return {schema: [Blocker(_("档案还有没封存的记录"), str(words % {"n": n}))] for schema, n in left.items() if n > 0}
