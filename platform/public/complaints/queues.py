"""What waits for operations on the desk's home: by how near it is to its end."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from infra.kit import clock
from public.complaints import queries
from public.complaints.locking import RUNNING
from public.complaints.models import AccessGrant, Complaint
from public.operators.api import Me, Queue, Role


def complaint_queues(me: Me) -> list[Queue]:
    """Return the complaints that wait, and what waits for a second person."""
    if me.role != Role.OPERATIONS:
        return []
    at, url = clock.now(), reverse("desk-complaints")
    unanswered = queries.listing(show=queries.UNANSWERED, at=at).count()
    filed = queries.listing(state="FILED", at=at).count()
    late = queries.listing(show=queries.LATE, at=at).count()
    soon = queries.listing(show=queries.SOON, at=at).count()
    asked = Complaint.objects.filter(extension="ASKED", state__in=RUNNING).exclude(extension_by=me.credential_id).count()
    asked += AccessGrant.objects.filter(state="ASKED").exclude(asked_by=me.credential_id).count()
    return [
        Queue(_("待受理投诉"), filed, f"{url}?state=FILED", _("先给出首次答复")),
        Queue(_("投诉首次答复超时"), unanswered, f"{url}?show=unanswered", _("请马上受理并答复"), is_late=True),
        Queue(_("超期投诉"), late, f"{url}?show=late", _("已过承诺的办结期限"), is_late=True),
        Queue(_("临近期限的投诉"), soon, f"{url}?show=soon", _("办理时间已过 80%")),
        Queue(_("待批准延期与调阅"), asked, f"{url}?show=approve", _("须由申请人以外的同事批准")),
    ]
