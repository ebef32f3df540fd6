"""What waits for operations among the enterprises, on the desk's home."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from infra.kit import clock
from public.lifecycle import ending
from public.lifecycle.enterprises import counts
from public.lifecycle.queries import waiting_counts
from public.operators.api import Me, Queue, Role


def lifecycle_queues(me: Me) -> list[Queue]:
    """Return the queues of operations."""
    if me.role != Role.OPERATIONS:
        return []
    found, waiting, url, papers = counts(), waiting_counts(), reverse("desk-enterprises"), reverse("desk-verifications")
    at, ends_url = clock.now(), reverse("desk-ends")
    ends = ending.counts(today=clock.shanghai_date(at))
    return [
        Queue(_("待初审企业"), waiting["SUBMITTED"], f"{papers}?state=SUBMITTED", _("核对营业执照和授权书")),
        Queue(_("待复核企业"), waiting["CHECKED"], f"{papers}?state=CHECKED", _("由初审以外的同事复核")),
        Queue(_("注销企业待批准"), ends["asked"], f"{ends_url}?show=busy", _("重新开通或销毁，由申请人以外的同事批准")),
        Queue(_("保存期满企业"), ends["over"], f"{ends_url}?show=over", _("法定期限已过，核对后申请销毁")),
        Queue(
            _("销毁没有进展"), ending.stuck(at=at), f"{ends_url}?show=busy", _("一小时没有进展，请系统管理员检查后台任务和存储")
        ),
        Queue(_("90 天内期满企业"), ends["near"], f"{ends_url}?show=near", _("提前核对有没有要保留的"), is_work=False),
        Queue(_("未核实企业"), found["unverified"], f"{url}?verified=no", _("已开通，还没有通过核验"), is_work=False),
        Queue(_("使用中企业"), found["active"], f"{url}?status=ACTIVE", _("全部可正常使用"), is_work=False),
        Queue(_("已停用企业"), found["suspended"], f"{url}?status=SUSPENDED", _("只能查看和导出"), is_work=False),
        Queue(_("注销中企业"), found["closing"], f"{url}?status=CLOSING", _("撤销期内可以恢复"), is_work=False),
    ]
