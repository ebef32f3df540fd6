"""A mail address is kept only after its owner has typed the code that was sent to it; nobody can have us write to strangers."""

import hmac
import secrets

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

from apps.people import sealing
from apps.people.notify import choosing
from apps.people.ports import MAILER, NotSent
from infra.kit.errors import DomainError
from tenants import keys, limits
from tenants.api import Credential, current_site
from tenants.errors import Unavailable

LIFE_S = 600
PER_PERSON, PER_IP, TRIES = "5/hour", "30/hour", "5/10 minutes"


def send_code(*, credential: Credential, mail: str, ip: str) -> None:
    """Send a fresh 6-digit code to an address; an earlier one of this person stops working.

    :raises DomainError: ``mail_invalid``; 503 ``mail_off``, ``mail_down``; 422 ``mail_refused``
    :raises TooMany: 5 an hour for one person, 30 for one network address
    """
    mail = mail.strip()
    try:
        validate_email(mail)
    except ValidationError as error:
        raise DomainError("mail_invalid", _("请输入完整的邮箱地址，例如 name@example.com。"), field="mail") from error
    if not MAILER.get().is_ready:
        raise DomainError("mail_off", _("平台没有开通邮件，请使用短信或站内消息。"), status=503, field="mail")
    limits.spend(PER_IP, "mail-ip", ip)
    limits.spend(PER_PERSON, "mail-code", current_site().schema_name, str(credential.pk))
    code = f"{secrets.randbelow(1_000_000):06d}"
    kept = {"mail": sealing.seal(mail, choosing.MAIL), "hash": _hash(credential, code)}
    try:
        cache.set(_key(credential), kept, LIFE_S)
    except RedisError as error:
        raise Unavailable from error
    _send(mail, code)


def _send(mail: str, code: str) -> None:
    words = _("您正在绑定接收培训提醒的邮箱，验证码是 %(code)s，10 分钟内有效。如果不是您本人操作，请忽略这封邮件。")
    try:
        MAILER.get().send(
            to=mail, subject=_("邮箱验证码 - %(name)s") % {"name": current_site().name}, text=words % {"code": code}
        )
    except NotSent as error:
        if error.again:
            raise DomainError("mail_down", _("邮件暂时发不出去，请稍后再试。"), status=503, field="mail") from error
        raise DomainError("mail_refused", _("邮件服务器拒收这个地址，请核对后再试。"), status=422, field="mail") from error


def confirm(*, credential: Credential, code: str) -> None:
    """Keep the address whose code is right.

    :raises DomainError: ``code_wrong``, ``code_expired``
    :raises TooMany: more than five tries in ten minutes
    """
    limits.spend(TRIES, "mail-try", current_site().schema_name, str(credential.pk))
    try:
        kept = cache.get(_key(credential))
    except RedisError as error:
        raise Unavailable from error
    if kept is None:
        raise DomainError("code_expired", _("验证码已过期或尚未发送，请重新获取。"), field="code")
    if not hmac.compare_digest(str(kept["hash"]), _hash(credential, code.strip())):
        raise DomainError("code_wrong", _("验证码不正确，请核对邮件中的 6 位数字。"), field="code")
    cache.delete(_key(credential))
    choosing.keep_mail(credential=credential, mail=sealing.unseal(kept["mail"], choosing.MAIL))


def masked(mail: str) -> str:
    """Return an address as a list may show it: ``na***@example.com``."""
    name, _at, host = mail.partition("@")
    return f"{name[:2]}***@{host}" if host else ""


def _key(credential: Credential) -> str:
    return f"notice-mail:{credential.pk}"


def _hash(credential: Credential, code: str) -> str:
    return keys.index(f"{credential.uuid}/{code}", purpose="mail-code")
