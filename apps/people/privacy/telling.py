"""What people are told about requests: the kinds of notice, and who gets them."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from apps.people import queries
from apps.people.notify.kinds import APP, LEARNER, MAIL, MANAGER, NORMAL, ROBOT, SMS, URGENT, register_notice
from apps.people.notify.port import notify, notify_all
from apps.people.permissions import Permission
from apps.people.privacy.models import PrivacyRequest
from infra.kit import clock

_LAW = _("个人信息的请求必须在期限内答复（个人信息保护法第五十条）。")


def register() -> None:
    """Make them known; called once at start."""
    register_notice(
        "privacy.asked",
        title=_("有学员提出个人信息请求：%(what)s"),
        body=_("请在 %(due)s 前答复，同意或不同意都要写明理由。"),
        url="/console/privacy/%(request)s",
        channels=(APP, MAIL),
        urgency=NORMAL,
        label=_("个人信息请求"),
        audience=(MANAGER,),
        must=_LAW,
    )
    register_notice(
        "privacy.due",
        title=_("个人信息请求的期限已过 %(percent)s"),
        body=_("请在 %(due)s 前答复。超过期限，学员可以向平台投诉。"),
        url="/console/privacy/%(request)s",
        channels=(APP, SMS, MAIL, ROBOT),
        urgency=URGENT,
        label=_("个人信息请求快到期限"),
        audience=(MANAGER,),
        must=_LAW,
        group=_("请尽快在管理台答复。"),
    )
    register_notice(
        "privacy.decided",
        title=_("您的请求（%(what)s）有了答复：%(result)s"),
        body=_("请到“我的信息”查看理由和处理情况。"),
        url="/learn/data",
        channels=(APP, SMS, MAIL),
        urgency=NORMAL,
        label=_("个人信息请求的答复"),
        audience=(LEARNER,),
        must=_LAW,
    )
    register_notice(
        "privacy.ready",
        title=_("您的信息已整理好，可以下载"),
        body=_("只能下载一次，%(until)s 前有效。请在自己的设备上下载。"),
        url="/learn/data",
        channels=(APP, MAIL),
        urgency=NORMAL,
        label=_("我的信息可以下载"),
        audience=(LEARNER,),
    )


def asked(row: PrivacyRequest, *, at: datetime) -> None:
    """Tell who may decide that somebody waits."""
    notify_all(kind="privacy.asked", manager_ids=_deciders(), context=_context(row), at=at, about=f"privacy:{row.uuid}")


def reminded(row: PrivacyRequest, *, percent: int, at: datetime) -> None:
    """Tell who may decide how much of the time is over."""
    context = _context(row) | {"percent": f"{percent}%"}
    notify_all(kind="privacy.due", manager_ids=_deciders(), context=context, at=at, about=f"privacy:{row.uuid}/{percent}")


def decided(row: PrivacyRequest, *, at: datetime) -> None:
    """Tell who asked."""
    context = _context(row) | {"result": str(PrivacyRequest.State(row.state).label)}
    notify(kind="privacy.decided", learner_id=row.learner_id, context=context, at=at, about=f"privacy:{row.uuid}")


def ready(row: PrivacyRequest, *, at: datetime) -> None:
    """Tell who asked that the file is there."""
    until = clock.shanghai_date(row.expires_at or at).isoformat()
    notify(kind="privacy.ready", learner_id=row.learner_id, context={"until": until}, at=at, about=f"privacy:{row.uuid}")


def _deciders() -> list[int]:
    return queries.managers_who(Permission.PRIVACY_DECIDE)


def _context(row: PrivacyRequest) -> dict[str, str | int]:
    what = str(PrivacyRequest.Kind(row.kind).label)
    return {"what": what, "due": clock.shanghai_date(row.due_at).isoformat(), "request": str(row.uuid)}
