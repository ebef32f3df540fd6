"""The kinds of notice that people itself sends."""

from django.utils.translation import gettext_lazy as _

from apps.people.notify.kinds import APP, LEARNER, LOW, MAIL, MANAGER, NORMAL, ROBOT, SMS, URGENT, register_notice


def register() -> None:
    """Make them known; called once at start."""
    _of_qualifications()
    _of_imports()
    _of_help()
    register_notice(
        "test.message",
        title=_("这是一条测试消息"),
        body=_("收到它说明这个通道可以正常使用，无需处理。"),
        url="/console/messages",
        channels=(APP, SMS, MAIL, ROBOT),
        urgency=URGENT,
        label=_("测试消息"),
        audience=(MANAGER,),
        must=_("由管理员自己发起。"),
        group=_("收到它说明这个群机器人可以正常使用，无需处理。"),
    )


def _of_qualifications() -> None:
    register_notice(
        "qualification.expiring",
        title=_("特种作业证将于 %(day)s 到期"),
        body=_("您的%(what)s证还有 %(left)s 天到期或需要复审。请尽快向本单位安全管理员提出，过期后不能上岗作业。"),
        url="/learn/archive",
        channels=(APP, SMS, MAIL),
        urgency=NORMAL,
        label=_("特种作业证即将到期"),
        audience=(LEARNER,),
        must=_("无证或证书过期不能从事特种作业（安全生产法第三十条）。"),
    )
    register_notice(
        "qualification.expired",
        title=_("特种作业证已于 %(day)s 到期"),
        body=_("您的%(what)s证已过期或超过复审日期，请立即停止相应的特种作业，并联系本单位安全管理员。"),
        url="/learn/archive",
        channels=(APP, SMS, MAIL),
        urgency=URGENT,
        label=_("特种作业证已过期"),
        audience=(LEARNER,),
        must=_("无证或证书过期不能从事特种作业（安全生产法第三十条）。"),
    )
    register_notice(
        "qualification.list",
        title=_("特种作业证：%(soon)s 本即将到期，%(ended)s 本已过期"),
        body=_("请安排复审或换证，过期人员先停止上岗。"),
        url="/console/qualifications?show=soon",
        channels=(APP, SMS, MAIL, ROBOT),
        urgency=NORMAL,
        label=_("特种作业证到期汇总"),
        audience=(MANAGER,),
        group=_("请安排复审或换证，过期人员先停止上岗。"),
    )


def _of_imports() -> None:
    register_notice(
        "import.done",
        title=_("名单导入完成：新增 %(created)s 人，更新 %(updated)s 人"),
        body=_("没有导入：%(skipped)s 行。点开可以查看结果，或下载标注问题的名单。"),
        url="/console/people/import/%(job)s",
        channels=(APP, MAIL),
        urgency=LOW,
        label=_("名单导入完成"),
        audience=(MANAGER,),
    )
    register_notice(
        "import.failed",
        title=_("名单导入中断，没有写入任何数据"),
        body=_("请重新打开这次导入，按页面提示再试一次。"),
        url="/console/people/import/%(job)s",
        channels=(APP, MAIL),
        urgency=NORMAL,
        label=_("名单导入中断"),
        audience=(MANAGER,),
    )


def _of_help() -> None:
    for kind, title, label in (
        ("help.answered", _("您的提问 %(number)s 有了答复"), _("客服答复了我的提问")),
        ("help.asked", _("您的提问 %(number)s 需要补充说明"), _("客服请我补充说明")),
    ):
        register_notice(
            kind,
            title=title,
            body=_("请打开查看；没解决可以在那里继续问。"),
            url="/help/tickets/%(ticket)s",
            channels=(APP, SMS, MAIL),
            urgency=NORMAL,
            label=label,
        )
