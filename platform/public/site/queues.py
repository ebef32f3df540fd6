"""What waits for operations among what the platform says in public, on the desk's home."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from infra.kit import clock
from public.operators.api import Me, Queue, Role, unseen
from public.site import facts
from public.site.announcing import queries as announcing
from public.site.papers import queries as papers
from public.site.status import queries as status


def site_queues(me: Me) -> list[Queue]:
    """Return what operations have to do here, and for everybody what the platform announces to its people."""
    at = clock.now()
    own = Queue(
        _("未读公告和提醒"),
        announcing.unread_of_operator(me, at=at) + unseen(me.credential_id),
        reverse("desk-notices"),
        _("给平台人员的通知"),
        is_work=False,
    )
    if me.role != Role.OPERATIONS:
        return [own]
    return [
        own,
        Queue(
            _("未说明的故障"),
            len(status.unexplained(at=at)) + len(status.silent(at=at)),
            reverse("desk-status"),
            _("探测不到或没有测到，还没有公布说明"),
        ),
        Queue(_("未填的公示信息"), len(facts.missing()), reverse("desk-facts"), _("公开页面上显示为没有填写")),
        Queue(
            _("快到期的平台资质"), papers.ending(clock.shanghai_date(at)), reverse("desk-site-papers"), _("60 天内到期或已过期")
        ),
    ]
