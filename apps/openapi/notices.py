"""What managers are told of keys and hooks."""

from django.utils.translation import gettext_lazy as _

from apps.people import api as people


def register() -> None:
    """Make the kinds known; called once at start."""
    people.register_notice(
        "openapi.key_ends",
        title=_("接口密钥“%(name)s”即将到期"),
        label=_("接口密钥即将到期"),
        body=_("%(on)s 到期，到期后使用它的系统会停止工作。请换发一个新密钥，再停用旧的。"),
        url="/console/interfaces/keys/%(key)s",
        channels=("mail", "robot"),
        audience=("manager",),
    )
    people.register_notice(
        "openapi.hook_stopped",
        title=_("推送地址“%(name)s”已自动停用"),
        label=_("推送地址已自动停用"),
        body=_("对方连续几天没有接收，系统已停止推送。请联系对方处理，再重新启用并补推。"),
        url="/console/interfaces/hooks/%(hook)s",
        channels=("mail", "robot"),
        audience=("manager",),
    )
