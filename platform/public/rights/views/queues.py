"""What waits for whom in the register."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from infra.kit import clock
from public.operators.api import Me, Queue, Role
from public.rights import queries


def rights_queues(me: Me) -> list[Queue]:
    """Return the terms that end soon: an author's own, for operations all."""
    if me.role == Role.REVIEWER:
        return []
    owner = queries.Writer(me.credential_id, me.name) if me.role == Role.AUTHOR else None
    ending = queries.ending(owner=owner, today=clock.shanghai_date(clock.now()))
    url = f"{reverse('desk-rights-all')}?state=soon&stage=PUBLISHED"
    return [Queue(_("版权 60 天内到期"), ending, url, _("到期后课程自动下架，请提前更新授权"))]
