"""Words of notices: what leaves the house, and why something did not."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, override

from apps.people.models import Notice
from apps.people.notify import kinds
from tenants.api import current_site

LONGEST_SMS = 300
_SHOWN = 10

CODES: dict[str, tuple[Any, Any]] = {
    "no_address": (gettext_lazy("没有可用的接收地址"), gettext_lazy("请本人在消息设置里填写邮箱或登录手机号。")),
    "off_books": (gettext_lazy("对方已归档或离任"), gettext_lazy("不再发送，无需处理。")),
    "stale": (gettext_lazy("超过 7 天未能发出"), gettext_lazy("内容已经过时，不再发送。")),
    "outcome_unknown": (
        gettext_lazy("发送过程中断，不确定是否送达"),
        gettext_lazy("为避免重复打扰，不再自动重发；需要时请手动重发。"),
    ),
    "budget": (gettext_lazy("今日短信额度已用完"), gettext_lazy("明天自动继续；急用请在消息设置里提高上限。")),
    "sms_down": (gettext_lazy("短信通道暂时不可用"), gettext_lazy("系统会自动重试。")),
    "not_configured": (gettext_lazy("平台没有开通这个通道"), gettext_lazy("请联系平台客服开通。")),
    "mail_refused": (gettext_lazy("邮件服务器拒收这个地址"), gettext_lazy("请本人核对邮箱后重新绑定。")),
    "mail_down": (gettext_lazy("邮件服务器暂时不可用"), gettext_lazy("系统会自动重试。")),
    "robot_gone": (gettext_lazy("群机器人已失效或地址不正确"), gettext_lazy("请在群里重新添加机器人，并更新它的地址。")),
    "robot_signature": (gettext_lazy("机器人的安全设置不通过"), gettext_lazy("请核对加签密钥；钉钉也可在关键词里加上“培训”。")),
    "robot_busy": (gettext_lazy("群机器人发送过于频繁"), gettext_lazy("每个机器人每分钟最多 20 条，系统会稍后再发。")),
    "robot_refused": (gettext_lazy("群机器人拒绝了这条消息"), gettext_lazy("请核对机器人的设置。")),
    "robot_off": (gettext_lazy("机器人已停用或删除"), gettext_lazy("不再发送，无需处理。")),
    "robot_down": (gettext_lazy("群机器人没有应答"), gettext_lazy("系统会自动重试。")),
}
"""Code of a failed try to what happened and what to do."""


@dataclass(frozen=True, slots=True)
class Message:
    """What goes out. ``url`` is absolute."""

    title: str
    text: str
    url: str

    @property
    def as_sms(self) -> str:
        """The words of a text message; the vendor adds the signature. No link: carriers block unknown ones."""
        said = f"{self.title}。{self.text}" if self.text else self.title
        return said if len(said) <= LONGEST_SMS else said[: LONGEST_SMS - 1] + "…"

    @property
    def as_mail(self) -> str:
        """The body of a mail."""
        return "\n\n".join(filter(None, [self.text, self.url]))


def why(code: str) -> tuple[str, str]:
    """Return what happened and what to do, in the reader's language."""
    what, advice = CODES.get(code, (code, ""))
    return str(what), str(advice)


def message(notices: Sequence[Notice], *, for_group: bool = False) -> Message:
    """Return what goes out for one notice, or for the several of a digest.

    Nobody knows the language of a person who reads outside the product: it is the enterprise's, Chinese.
    """
    with override(settings.LANGUAGE_CODE):
        if len(notices) == 1:
            return _single(notices[0], for_group)
        lines = [f"· {_title(one)}" for one in notices[:_SHOWN]]
        if len(notices) > _SHOWN:
            lines.append(_("……共 %(n)d 条") % {"n": len(notices)})
        is_learner = notices[0].learner_id is not None
        title = ngettext("您有 %(n)d 条培训提醒", "您有 %(n)d 条培训提醒", len(notices)) % {"n": len(notices)}
        return Message(title, "\n".join(lines), address("/learn/messages" if is_learner else "/console/messages"))


def _single(row: Notice, for_group: bool) -> Message:
    kind = kinds.kind_of(row.kind)
    text = kind.group_of(row.context) if for_group else kind.body_of(row.context)
    return Message(kind.title_of(row.context), text, address(kind.url_of(row.context)))


def _title(row: Notice) -> str:
    return kinds.kind_of(row.kind).title_of(row.context)


def address(path: str) -> str:
    """Return the absolute address of a path on the current enterprise's host."""
    return f"{'https' if settings.SECURE_SSL_REDIRECT else 'http'}://{current_site().host}{path}"
