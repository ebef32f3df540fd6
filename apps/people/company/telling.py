"""What managers are told about the enterprise's life on the platform: the kinds of notice, and who gets them."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.dispatch import receiver
from django.utils.translation import gettext_lazy as _

from apps.people.models import Learner, Manager
from apps.people.notify.choosing import deciding_managers
from apps.people.notify.kinds import APP, LEARNER, MAIL, MANAGER, NORMAL, SMS, URGENT, register_notice
from apps.people.notify.port import notify_all
from infra.kit import clock
from public.lifecycle import api as lifecycle
from tenants.api import Enterprise, enterprise_scope, platform_scope, site_by_schema

Status = Enterprise.Status
_MUST = _("关系到全体人员能否使用，不能关闭。")
_KIND_OF = {
    Status.SUSPENDED: "company.suspended",
    Status.ACTIVE: "company.active",
    Status.CLOSING: "company.closing",
    Status.CLOSED: "company.closed",
}
_KINDS = (
    ("company.suspended", _("本企业已停用：%(words)s"), _("停用期间不能学习和考试，可以查看和导出。请联系平台客服办理恢复。"), _("企业停用")),
    ("company.active", _("本企业已恢复使用"), _("学习、考试和管理都可以继续了。"), _("企业恢复使用")),
    ("company.closing", _("本企业正在注销"), _("撤销期内可以在“企业信息”里撤销。期间不能学习，可以查看和导出。"), _("企业注销")),
    ("company.reopened", _("本企业已重新开通：%(words)s"), _("登录账号、密码、网址、档案和设置照旧。接口密钥和推送地址须重新设置，企业核验须重新提交，服务期以页面显示为准。"), _("企业重新开通")),
    ("company.ending", _("培训档案保存到 %(day)s，之后销毁"), _("企业已注销，法定保存期将满。学员请在此之前下载自己的档案和证明；需要继续保留或重新开通的，请联系平台客服。"), _("档案保存期将满")),
    ("company.closed", _("本企业已注销"), _("学员的培训档案按法定期限保存，证明仍可公开查验。"), _("企业已注销")),
    ("company.verified", _("企业核验已通过"), _("企业信息已标记为已核实。"), _("核验结果：通过")),
    ("company.refused", _("企业核验未通过"), _("请在“企业信息”里查看原因，补正后重新提交。"), _("核验结果：未通过")),
    ("company.visit_asked", _("平台运营申请查看管理台"), _("原因：%(reason)s。请企业负责人在“企业信息”里同意或拒绝；只能看，不能改。"), _("平台申请查看")),
    ("company.visit_entered", _("平台运营已进入管理台查看"), _("看过的每一页都有记录，随时可以在“企业信息”里结束。"), _("平台进入查看")),
)  # fmt: skip


def register() -> None:
    """Make the kinds known; called once at start."""
    for name, title, body, label in _KINDS:
        register_notice(
            name, title=title, body=body, url="/console/company", channels=(APP, SMS, MAIL), urgency=URGENT, label=label,
            audience=(MANAGER,), must=_MUST,
        )  # fmt: skip
    register_notice(
        "learn.ending",
        title=_("您的培训档案保存到 %(day)s，之后销毁"),
        body=_("企业已注销，法定保存期将满。请在此之前登录，下载自己的档案和证明。"),
        url="/learn/archive",
        channels=(APP, SMS, MAIL),
        urgency=NORMAL,
        label=_("档案保存期将满"),
        audience=(LEARNER,),
        must=_("关系到您的档案，不能关闭。"),
    )


def _say(schema: str, kind: str, about: str, roles: tuple[str, ...], *, at: datetime, **context: str) -> None:
    site = site_by_schema(schema)
    if site is not None:
        with enterprise_scope(site):
            notify_all(kind=kind, manager_ids=deciding_managers(roles), context=context, at=at, about=about)


_RUNNING = (Manager.Role.OWNER, Manager.Role.TRAINING)


@receiver(lifecycle.status_changed, dispatch_uid="tell managers of the enterprise's state")
def tell_of_status(*, schema: str, former: str, status: str, words: str, turn: int, **news: Any) -> None:
    """Tell who runs the enterprise that it was suspended, reopened, is closing, closed, or back again."""
    is_back = former == Status.CLOSED and status == Status.ACTIVE  # who was suspended before comes back suspended, and reads why
    kind = "company.reopened" if is_back else _KIND_OF[Status(status)]
    _say(schema, kind, f"turn:{turn}", _RUNNING, at=clock.now(), words=words)


@receiver(lifecycle.retention_ends, dispatch_uid="tell everybody of the end of a closed enterprise's records")
def tell_of_end(*, schema: str, kept_until: date, closure: UUID, **news: Any) -> None:
    """Tell who ran the enterprise, and the learners, that their records will be destroyed and what they can do before."""
    day, at, about = kept_until.isoformat(), clock.now(), f"closure:{closure}/{kept_until.isoformat()}"
    _say(schema, "company.ending", about, _RUNNING, at=at, day=day)
    site = site_by_schema(schema)
    if site is not None:
        with enterprise_scope(site):
            learners = Learner.objects.filter(credential__is_active=True).values_list("pk", flat=True)
            notify_all(kind="learn.ending", learner_ids=learners.iterator(), context={"day": day}, at=at, about=about)


@receiver(lifecycle.verification_decided, dispatch_uid="tell managers of the verification")
def tell_of_verification(*, schema: str, verification: UUID, approved: bool, **news: Any) -> None:
    """Tell who runs the enterprise what became of its papers."""
    kind = "company.verified" if approved else "company.refused"
    _say(schema, kind, f"verification:{verification}", _RUNNING, at=clock.now())


@receiver(lifecycle.visit_changed, dispatch_uid="tell owners of visits")
def tell_of_visit(*, schema: str, visit: UUID, what: str, **news: Any) -> None:
    """Tell the owners that an operator asks to look around, or has come in."""
    with platform_scope():
        row = lifecycle.Visit.objects.filter(uuid=visit).first()
    if row is not None:
        _say(schema, f"company.visit_{what}", f"visit:{visit}/{what}", (Manager.Role.OWNER,), at=clock.now(), reason=row.reason)
