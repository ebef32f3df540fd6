"""One-time codes by text message: who holds the phone may enter. Kept hashed in Valkey, under the mobile's blind index."""

import hmac
import secrets

from django.utils.translation import gettext_lazy as _
from redis.exceptions import RedisError

from infra.kit import identity
from infra.kit.errors import DomainError
from tenants import keys, limits, valkey
from tenants.errors import Unavailable
from tenants.ports import SMS

LIFE_S = 300
MAX_TRIES = 5
PER_MOBILE = ("1/minute", "5/hour", "10/day")
PER_IP = "30/hour"
# Counting and reading in one step: two guesses at the same moment cannot share one try.
_READ = """
local hash = redis.call('HGET', KEYS[1], 'hash')
if not hash then return '' end
if redis.call('HINCRBY', KEYS[1], 'tries', 1) > tonumber(ARGV[1]) then return 'spent' end
return hash
"""


class WrongCode(DomainError):
    """The code does not open the door; ``code`` says why: ``code_wrong``, ``code_expired`` or ``code_spent``."""


def send(mobile: str, *, purpose: str, ip: str = "") -> None:
    """Send a fresh 6-digit code to ``mobile``; an earlier one for the same purpose and place stops working.

    The place (platform or enterprise) is the current one. ``purpose`` is a short name such as ``sign-in``.

    :raises DomainError: ``mobile_invalid``
    :raises TooMany: 1 a minute, 5 an hour, 10 a day for one mobile; 30 an hour for one address
    :raises Unavailable: Valkey or the SMS vendor does not answer
    """
    mobile = identity.normalise_mobile(mobile)
    if not identity.is_mobile(mobile):
        raise DomainError("mobile_invalid", _("请输入 11 位手机号码，例如 138 0013 8000。"), field="mobile")
    if ip:
        limits.spend(PER_IP, "sms-ip", ip)
    for rate in PER_MOBILE:
        limits.spend(rate, "sms", _index(mobile))
    code = f"{secrets.randbelow(1_000_000):06d}"
    try:
        _keep(_key(mobile, purpose), _hash(mobile, purpose, code))
    except RedisError as error:
        raise Unavailable from error
    SMS.get().send_code(mobile=mobile, code=code, purpose=purpose)


def verify(mobile: str, code: str, *, purpose: str) -> None:
    """Use up the code that was sent to ``mobile``; returns when it is right.

    :raises WrongCode: wrong, expired or tried too often; the message says what to do
    :raises Unavailable: Valkey does not answer
    """
    mobile = identity.normalise_mobile(mobile)
    key = _key(mobile, purpose)
    try:
        known = _text(valkey.client().eval(_READ, 1, key, str(MAX_TRIES)))
        if known == "spent":
            raise WrongCode("code_spent", _("验证码错误次数过多，请重新获取。"), field="code")
        right = bool(known) and hmac.compare_digest(known, _hash(mobile, purpose, code.strip()))
        if known and not right:
            raise WrongCode("code_wrong", _("验证码不正确，请核对短信中的 6 位数字。"), field="code")
        if not right or not valkey.client().delete(key):  # deleted 0: another request has just used it
            raise WrongCode("code_expired", _("验证码已过期或尚未发送，请重新获取。"), field="code")
    except RedisError as error:
        raise Unavailable from error


def _keep(key: str, hashed: str) -> None:
    with valkey.client().pipeline(transaction=True) as pipe:
        pipe.delete(key)
        pipe.hset(key, mapping={"hash": hashed, "tries": 0})
        pipe.expire(key, LIFE_S)
        pipe.execute()


def _index(mobile: str) -> str:
    return keys.index(mobile, purpose="mobile")


def _key(mobile: str, purpose: str) -> str:
    return valkey.key("code", purpose, _index(mobile))


def _hash(mobile: str, purpose: str, code: str) -> str:
    return keys.index(f"{mobile}/{purpose}/{code}", purpose="code")


def _text(value: object) -> str:
    return value.decode() if isinstance(value, bytes) else str(value or "")
