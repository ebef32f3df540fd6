"""The manager's view of what was pushed: lines in words, figures, sending again, old rows."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.openapi.hooks import kinds, rules
from apps.openapi.hooks.ringing import ring_after_commit
from apps.openapi.models import HookDelivery
from infra.kit import clock
from infra.kit.errors import DomainError

State = HookDelivery.State
TONES = {State.WAITING: "neutral", State.SENDING: "info", State.SENT: "proven", State.FAILED: "attention", State.GIVEN_UP: "stop"}
_AT_ONCE = 2000
_WHY: dict[str, tuple[Any, Any]] = {
    "no_host": (gettext_lazy("找不到这个域名"), gettext_lazy("请核对推送地址的域名。")),
    "forbidden_address": (gettext_lazy("地址指向内部网络"), gettext_lazy("请改用外部可以访问的地址。")),
    "timeout": (gettext_lazy("对方没有及时回应"), gettext_lazy("请让对方先回应 200，再慢慢处理。")),
    "certificate": (gettext_lazy("对方的 HTTPS 证书无效"), gettext_lazy("请让对方更换证书。")),
    "connection": (gettext_lazy("连接不上对方"), gettext_lazy("请核对对方服务是否在运行。")),
    "bad_answer": (gettext_lazy("对方的回应无法识别"), gettext_lazy("请核对地址是否是网页服务。")),
    "refused": (gettext_lazy("对方没有接受"), gettext_lazy("请让对方查看自己的日志，成功时回应 2xx。")),
    "redirect": (gettext_lazy("对方要求跳转"), gettext_lazy("我们不跟随跳转，请填写最终地址。")),
    "gone": (gettext_lazy("对方表示不再接收"), gettext_lazy("地址已自动停用，需要时请更换后启用。")),
    "hook_off": (gettext_lazy("推送地址已停用"), gettext_lazy("启用后可以重新推送。")),
    "outcome_unknown": (gettext_lazy("多次推送都没有结果"), gettext_lazy("请核对对方是否已收到，再决定是否重推。")),
    "withheld": (gettext_lazy("此人的信息已限制处理，或是示例学员，不对外提供"), gettext_lazy("限制解除后可以重新推送。")),
    "entry_gone": (gettext_lazy("档案记录已归档移走"), gettext_lazy("请在归档包里查看。")),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One delivery in words; ``why`` is what happened and what to do, or two empty texts."""

    row: HookDelivery
    label: str
    event: str
    tone: str
    state: str
    why: tuple[str, str]

    @property
    def may_resend(self) -> bool:
        """Whether trying again makes sense."""
        return self.row.state in {State.FAILED, State.GIVEN_UP} and self.row.code != "entry_gone"


def listing(*, hook: UUID | None = None, state: str = "", kind: str = "", text: str = "") -> QuerySet[HookDelivery]:
    """Return deliveries that fit, newest first, with their hooks.

    :param text: a ``webhook-id``, whole; anything else that is no id finds nothing
    """
    rows = HookDelivery.objects.select_related("hook").order_by("-at", "-id")
    if hook is not None:
        rows = rows.filter(hook__uuid=hook)
    if state in State.values:
        rows = rows.filter(state=state)
    if kind:
        rows = rows.filter(kind=kind)
    if text := text.strip():
        wanted = as_uuid(text)
        rows = rows.filter(uuid=wanted) if wanted else rows.none()
    return rows


def as_uuid(text: str) -> UUID | None:
    """Return the id that a text is, or None."""
    try:
        return UUID(text)
    except ValueError:
        return None


def line(row: HookDelivery) -> Line:
    """Put a delivery into words."""
    why = _WHY.get(row.code, (row.code, ""))
    return Line(
        row=row,
        label=kinds.label(row.kind),
        event=kinds.event(row.kind),
        tone=TONES[State(row.state)],
        state=str(State(row.state).label),
        why=(str(why[0]), str(why[1])),
    )


def delivery(uuid: UUID) -> HookDelivery:
    """Return one delivery with its hook.

    :raises DomainError: 404 ``not_found``
    """
    row = HookDelivery.objects.select_related("hook").filter(uuid=uuid).first()
    if row is None:
        raise DomainError("not_found", _("没有找到这条推送记录，请刷新列表后再试。"), status=404)
    return row


def figures(*, at: datetime, hook: UUID | None = None) -> dict[str, int]:
    """Return how many deliveries wait, are tried again, were given up, and were taken today; one query."""
    begins, _ends = clock.shanghai_day(clock.shanghai_date(at))
    rows = HookDelivery.objects.filter(hook__uuid=hook) if hook else HookDelivery.objects.all()
    return rows.aggregate(
        waiting=Count("pk", filter=Q(state__in=[State.WAITING, State.SENDING])),
        failed=Count("pk", filter=Q(state=State.FAILED)),
        given_up=Count("pk", filter=Q(state=State.GIVEN_UP)),
        sent_today=Count("pk", filter=Q(sent_at__gte=begins)),
    )


def exported(rows: QuerySet[HookDelivery]) -> Iterator[list[str]]:
    """Give what is listed as lines of a sheet; ids only, no person."""
    for row in rows.iterator(chunk_size=1000):
        one = line(row)
        sent = f"{row.sent_at.astimezone(clock.SHANGHAI):%Y-%m-%d %H:%M:%S}" if row.sent_at else ""
        laid = f"{row.at.astimezone(clock.SHANGHAI):%Y-%m-%d %H:%M:%S}"
        status = str(row.status or "")
        yield [str(row.uuid), row.hook.name, one.label, one.event, one.state, status, *one.why, laid, sent, str(row.tries)]


@transaction.atomic
def resend(*, uuids: list[UUID], at: datetime) -> int:
    """Try given-up or failed deliveries of hooks that are on again now, with all tries before them; returns how many."""
    rows = HookDelivery.objects.filter(uuid__in=uuids, state__in=[State.GIVEN_UP, State.FAILED], hook__is_on=True)
    done = rows.exclude(code="entry_gone").update(state=State.WAITING, tries=0, next_at=at, code="")
    ring_after_commit()
    return done


def forget_old(*, at: datetime) -> int:
    """Remove deliveries older than half a year; returns how many. Short statements, so that nobody waits."""
    gone = 0
    while ids := list(HookDelivery.objects.filter(at__lt=at - rules.KEPT).order_by("at").values_list("pk", flat=True)[:_AT_ONCE]):
        gone += HookDelivery.objects.filter(pk__in=ids).delete()[0]
    return gone
