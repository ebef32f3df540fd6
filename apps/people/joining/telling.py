"""Telling those who wait what became of it, and managers that somebody waits. Numbers travel sealed in the row, never in a task."""

from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.people import sealing
from apps.people.belonging import below
from apps.people.joining.models import Application, Decision
from apps.people.models import Manager, Unit
from apps.people.notify.kinds import LEARNER, MANAGER, SMS, URGENT, register_notice
from apps.people.notify.port import notify, notify_all
from apps.people.permissions import Permission, granted
from infra.kit import clock
from tenants import ports
from tenants.api import current_site, require
from tenants.errors import Unavailable
from tenants.ringing import ring

FORGOTTEN = timedelta(days=60)
GIVEN_UP = timedelta(days=3)
"""A message that nobody took for so long is not sent any more; the page still tells."""


def register_kinds() -> None:
    """Make the notices of joining known; called when the app is ready."""
    register_notice(
        "joining.admitted",
        title=gettext_lazy("登记已通过"),
        body=gettext_lazy("您的登记已通过，可以用手机号登录开始学习了。"),
        url="/",
        channels=(SMS,),
        urgency=URGENT,
        audience=(LEARNER,),
        must=gettext_lazy("登记的结果必须告诉本人。"),
    )
    register_notice(
        "joining.asked",
        title=gettext_lazy("有人扫码登记，等待审核"),
        body=gettext_lazy("有人通过邀请登记，请核对身份后通过或退回。"),
        url="/console/joining/requests",
        audience=(MANAGER,),
    )
    register_notice(
        "joining.phone",
        title=gettext_lazy("有学员申请更换手机号"),
        body=gettext_lazy("学员拿不到原手机，请当面或电话核对本人后再处理。"),
        url="/console/joining/phones",
        audience=(MANAGER,),
    )
    register_notice(
        "joining.phone_decided",
        title=gettext_lazy("更换手机号的申请：%(result)s"),
        label=gettext_lazy("更换手机号的申请有结果"),
        body=gettext_lazy("您更换手机号的申请已处理：%(result)s。%(reason)s"),
        url="/me",
        audience=(LEARNER,),
    )


def asked(*, unit_id: int | None, kind: str, at: datetime) -> None:
    """Tell those who may decide, once a day for each kind."""
    tree = list(Unit.objects.values_list("pk", "parent_id"))
    rows = Manager.objects.filter(left_at=None).values_list("pk", "role", "unit_id")
    ids = [
        pk
        for pk, role, mine in rows
        if Permission.PEOPLE_ADMIT in granted(role) and (role != Manager.Role.UNIT or (mine and unit_id in below(mine, tree)))
    ]
    notify_all(kind=kind, manager_ids=ids, context={}, at=at, about=f"{kind}/{clock.shanghai_date(at)}")


def admitted(*, learner_id: int, application: object, at: datetime) -> None:
    """Tell a new learner."""
    notify(kind="joining.admitted", learner_id=learner_id, context={}, at=at, about=f"application:{application}")


def ring_refused() -> None:
    """After the commit, wake a worker that tells the refused."""
    transaction.on_commit(partial(_ring, require().schema))


def tell_refused(*, at: datetime) -> int:
    """Send the result to those who were refused, and forget their number; returns how many messages went out.

    Who cannot be told now is told with the next ring, for three days.
    """
    sent = 0
    for pk in Application.objects.filter(state=Decision.REJECTED).exclude(mobile_sealed=b"").values_list("pk", flat=True):
        sent += _tell_one(pk, at)
    return sent


def close_forgotten(*, at: datetime) -> int:
    """Refuse what nobody has decided for 60 days: ID numbers are kept no longer than needed. Returns how many."""
    rows = Application.objects.filter(state=Decision.WAITING, at__lt=at - FORGOTTEN)
    reason = _("超过 60 天没有处理，已自动关闭。请重新登记。")
    return rows.update(state=Decision.REJECTED, reason=reason, decided_at=at, id_sealed=b"", person_key="", mobile_index="")


def _tell_one(pk: int, at: datetime) -> int:
    """Tell one, under a lock, so that two workers send one message."""
    with transaction.atomic():
        row = Application.objects.select_for_update(skip_locked=True).filter(pk=pk).exclude(mobile_sealed=b"").first()
        if row is None:
            return 0
        is_late = row.decided_at is None or at - row.decided_at > GIVEN_UP
        if not is_late and not _sent(sealing.unseal(row.mobile_sealed, sealing.MOBILE)):
            return 0
        row.mobile_sealed = b""
        row.save(update_fields=["mobile_sealed"])
        return 0 if is_late else 1


def _sent(mobile: str) -> bool:
    if not ports.SMS.is_filled:
        return False
    text = _("您在%(enterprise)s的登记没有通过，原因请打开登记时的页面查看，或联系本单位安全管理员。")
    try:
        ports.SMS.get().send_text(mobile=mobile, text=text % {"enterprise": current_site().name})
    except Unavailable:
        return False
    return True


def _ring(schema: str) -> None:
    """Send the doorbell; without a broker the next refusal or the schedule rings."""
    from apps.people.tasks import tell_refused as task

    ring(task, schema=schema)
