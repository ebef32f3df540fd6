"""What waits for operations on the desk's home."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from infra.kit import clock
from public.helpdesk import gaps, queries, roster
from public.operators.api import Me, Queue, Role


def help_queues(me: Me) -> list[Queue]:
    """Return the tickets that wait by how near they are to their end, hand-overs, gaps of the roster, and questions without an answer."""
    if me.role != Role.OPERATIONS:
        return []
    at, url, duty = clock.now(), reverse("desk-help"), reverse("desk-help-duty")
    new = queries.listing(state="NEW", at=at).count()
    unanswered = queries.listing(show=queries.UNANSWERED, at=at).count()
    late = queries.listing(show=queries.LATE, at=at).count()
    soon = queries.listing(show=queries.SOON, at=at).count()
    return [
        Queue(_("待答复求助"), new, f"{url}?state=NEW", _("全天答复，先答紧急的")),
        Queue(_("求助首次答复超时"), unanswered, f"{url}?show=unanswered", _("请马上答复"), is_late=True),
        Queue(_("超期求助"), late, f"{url}?show=late", _("已过承诺的解决时限"), is_late=True),
        Queue(_("临近时限的求助"), soon, f"{url}?show=soon", _("承诺时间已过 80%")),
        Queue(_("等您接班"), len(roster.waiting_for(me.credential_id)), duty, _("同事已交班")),
        Queue(_("值班空档"), len(roster.gaps(at=at)), duty, _("三天内有无人值班的时间")),
        Queue(_("没有答案的提问"), gaps.listing().count(), reverse("desk-faq-gaps"), _("写成常见问题")),
    ]
