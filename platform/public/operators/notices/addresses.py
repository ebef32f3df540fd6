"""The address where an operator wants mail: kept only after the code that was sent there was typed; nobody can have us write to strangers."""

import hmac
import secrets
from contextlib import suppress
from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

from infra.kit.errors import DomainError
from public.audit import api as audit
from public.operators.desk import Me
from public.operators.notices.models import OperatorMail
from tenants import keys, limits
from tenants.errors import Unavailable
from tenants.ports import MAIL

LIFE_S = 600
PER_PERSON, PER_IP, TRIES = "5/hour", "30/hour", "5/10 minutes"


def send_code(*, me: Me, mail: str, ip: str) -> None:
    """Send a fresh 6-digit code to an address; an earlier one of this person stops working.

    :raises DomainError: 422 ``mail_invalid``, ``mail_refused``; 503 ``mail_off``, ``unavailable``
    :raises TooMany: 5 an hour for one person, 30 for one network address
    """
    mail = mail.strip()
    try:
        validate_email(mail)
    except ValidationError as error:
        words = _("请输入完整的邮箱地址，例如 name@example.com。")
        raise DomainError("mail_invalid", words, status=422, field="mail") from error
    if not MAIL.get().is_ready:
        raise DomainError("mail_off", _("平台还没有设置邮件服务器，提醒只在工作台显示。"), status=503, field="mail")
    limits.spend(PER_IP, "operator-mail-ip", ip)
    limits.spend(PER_PERSON, "operator-mail", str(me.credential_id))
    code = f"{secrets.randbelow(1_000_000):06d}"
    try:
        cache.set(_key(me), {"mail": _seal(me.credential_id, mail), "hash": _hash(me, code)}, LIFE_S)
    except RedisError as error:
        raise Unavailable from error
    words = _("您正在绑定接收安学平台工作提醒的邮箱，验证码是 %(code)s，10 分钟内有效。如果不是您本人操作，请忽略这封邮件。")
    went = False
    try:
        went = MAIL.get().send(to=mail, subject=_("邮箱验证码 - 安学平台"), text=words % {"code": code})
    finally:
        if not went:  # no page shall say that a code is on its way
            with suppress(RedisError):
                cache.delete(_key(me))
    if not went:
        raise DomainError("mail_refused", _("邮件服务器拒收这个地址，请核对后再试。"), status=422, field="mail")


def waits_for_code(me: Me) -> str:
    """Return the masked address whose code is still to be typed, or "" where there is none."""
    kept = _kept(me)
    return masked(_unseal(me.credential_id, kept["mail"])) if kept else ""


def confirm(*, me: Me, code: str, at: datetime, ip: str) -> None:
    """Keep the address whose code is right.

    :raises DomainError: 422 ``code_wrong``, ``code_expired``
    :raises TooMany: more than five tries in ten minutes
    """
    limits.spend(TRIES, "operator-mail-try", str(me.credential_id))
    kept = _kept(me)
    if kept is None:
        raise DomainError("code_expired", _("验证码已过期或尚未发送，请重新获取。"), status=422, field="code")
    if not hmac.compare_digest(str(kept["hash"]), _hash(me, code.strip())):
        raise DomainError("code_wrong", _("验证码不正确，请核对邮件中的 6 位数字。"), status=422, field="code")
    with transaction.atomic():
        row = {"sealed": kept["mail"], "proven_at": at}
        OperatorMail.objects.update_or_create(credential_id=me.credential_id, defaults=row)
        audit.record("operators.mail_proven", actor=me.reference, target=me.reference, at=at, ip=ip)
    cache.delete(_key(me))


@transaction.atomic
def remove(*, me: Me, at: datetime, ip: str) -> None:
    """Forget the address; asked twice, it happens once."""
    if OperatorMail.objects.filter(credential_id=me.credential_id).delete()[0]:
        audit.record("operators.mail_removed", actor=me.reference, target=me.reference, at=at, ip=ip)


def address_of(credential_id: int) -> str:
    """Return where somebody wants mail, or "" where nobody knows."""
    row = OperatorMail.objects.filter(credential_id=credential_id).first()
    return _unseal(credential_id, bytes(row.sealed)) if row else ""


def masked(mail: str) -> str:
    """Return an address as its owner sees it: ``na***@example.com``."""
    name, _at, host = mail.partition("@")
    return f"{name[:2]}***@{host}" if host else ""


def _kept(me: Me) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] | None = cache.get(_key(me))
    except RedisError as error:
        raise Unavailable from error
    return found


def _key(me: Me) -> str:
    return f"operator-mail:{me.credential_id}"


def _hash(me: Me, code: str) -> str:
    return keys.index(f"{me.credential_id}/{code}", purpose="operator-mail-code")


def _seal(credential_id: int, mail: str) -> bytes:
    return keys.seal(mail.encode(), purpose=f"operator-mail/{credential_id}")


def _unseal(credential_id: int, sealed: bytes) -> str:
    return keys.unseal(sealed, purpose=f"operator-mail/{credential_id}").decode()
