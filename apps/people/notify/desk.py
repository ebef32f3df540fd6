"""The manager's view of what left the house: states, figures, a test."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from apps.people.models import Delivery, Notice, Robot, SmsDay
from apps.people.notify import choosing, kinds, words
from apps.people.notify.port import ring_after_commit
from infra.kit import clock
from infra.kit.errors import DomainError

State, Channel = Delivery.State, Delivery.Channel
TONES = {State.WAITING: "neutral", State.SENDING: "info", State.SENT: "proven", State.FAILED: "attention", State.GIVEN_UP: "stop"}


@dataclass(frozen=True, slots=True)
class Line:
    """One delivery in words; ``why`` is what happened and what to do, or two empty texts."""

    row: Delivery
    kind: str
    title: str
    to: str
    channel: str
    tone: str
    state: str
    why: tuple[str, str]

    @property
    def may_resend(self) -> bool:
        """Whether trying again makes sense."""
        return self.row.state in {State.FAILED, State.GIVEN_UP}


def listing(*, text: str = "", state: str = "", channel: str = "", kind: str = "") -> QuerySet[Delivery]:
    """Return deliveries that fit, newest first, with all that a line needs.

    :param text: part of a recipient's or a robot's name
    """
    rows = Delivery.objects.select_related("notice__learner", "notice__manager", "robot").order_by("-at", "-id")
    if state in State.values:
        rows = rows.filter(state=state)
    if channel in Channel.values:
        rows = rows.filter(channel=channel)
    if kind:
        rows = rows.filter(notice__kind=kind)
    if text := text.strip():
        person = Q(notice__learner__name__icontains=text) | Q(notice__manager__name__icontains=text)
        rows = rows.filter(Q(robot__name__icontains=text) | (person & Q(robot=None)))
    return rows


def line(row: Delivery) -> Line:
    """Put a delivery into words."""
    kind, said = kinds.known(row.notice.kind), row.notice
    person = said.learner or said.manager
    to = row.robot.name if row.robot else _("已删除的群机器人") if row.channel == Channel.ROBOT else person.name if person else ""
    return Line(
        row=row,
        kind=kinds.label_of(kind) if kind else said.kind,
        title=kind.title_of(said.context) if kind else "",
        to=to,
        channel=str(Channel(row.channel).label),
        tone=TONES[State(row.state)],
        state=str(State(row.state).label),
        why=words.why(row.code) if row.code else ("", ""),
    )


def figures(*, at: datetime) -> dict[str, int]:
    """Return how many deliveries wait, are tried again and were given up, what left today, and text messages of today's limit."""
    begins, _ends = clock.shanghai_day(clock.shanghai_date(at))
    found = Delivery.objects.aggregate(
        waiting=Count("pk", filter=Q(state__in=[State.WAITING, State.SENDING])),
        failed=Count("pk", filter=Q(state=State.FAILED)),
        given_up=Count("pk", filter=Q(state=State.GIVEN_UP)),
        sent_today=Count("pk", filter=Q(sent_at__gte=begins)),
    )
    day = SmsDay.objects.filter(day=clock.shanghai_date(at)).first()
    return {**found, "sms_used": day.used if day else 0, "sms_limit": choosing.settings_of().sms_per_day}


def ids_of(uuids: list[UUID]) -> list[int]:
    """Return the ids of deliveries; unknown ones are left out."""
    return list(Delivery.objects.filter(uuid__in=uuids).values_list("pk", flat=True))


def exported(rows: QuerySet[Delivery]) -> Iterator[list[str]]:
    """Give what is listed as lines of a sheet; no addresses among them."""
    for row in rows.iterator(chunk_size=1000):
        one = line(row)
        times = [_local(row.at), _local(row.sent_at), str(row.tries)]
        yield [one.to, one.channel, one.kind, one.title, one.state, *one.why, *times]


def _local(at: datetime | None) -> str:
    return f"{at.astimezone(clock.SHANGHAI):%Y-%m-%d %H:%M}" if at else ""


@transaction.atomic
def send_test(*, manager_id: int, channel: str, robot_id: int | None, at: datetime) -> Delivery:
    """Send a test message to oneself, or through a robot; at once, whatever the quiet hours are.

    :raises DomainError: 404 ``not_found``; ``channel_unknown``
    """
    if channel not in Channel.values:
        raise DomainError("channel_unknown", _("请选择要测试的通道。"), field="channel")
    robot = Robot.objects.filter(pk=robot_id or 0).first() if channel == Channel.ROBOT else None
    if channel == Channel.ROBOT and robot is None:
        raise DomainError("not_found", _("没有找到这个群机器人，可能已被删除。"), status=404)
    about = f"test:{channel}:{robot_id or 0}:{at.isoformat()}"
    row = Notice.objects.create(kind="test.message", manager_id=manager_id, about=about, at=at, planned_at=at)
    made = Delivery.objects.create(notice=row, channel=channel, robot=robot, once=f"test:{row.uuid}", next_at=at, at=at)
    ring_after_commit()
    return made
