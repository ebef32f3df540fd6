"""One-time codes by text message: who holds the phone may enter. Kept hashed in Valkey, under the mobile's blind index."""

import hmac
import secrets

from django.utils.translation import gettext_lazy as _
from redis.exceptions import RedisError

from infra.kit import identity
from infra.kit.errors import DomainError
from tenants import keys, limits, valkey
from tenants.errors import TooMany, Unavailable, minutes
from tenants.ports import SMS
from tenants.scope import PLATFORM, require

LIFE_S = 300
MAX_TRIES = 5
PER_MOBILE = ("1/minute", "5/hour", "10/day")
_AGAIN_S = 60
PER_IP = "30/hour"
"""From one address on the platform, where a stranger opens an enterprise."""
PER_WORKSHOP = "600/hour"
"""From one address to one enterprise: all its workers may stand behind it when a shift begins. Whoever takes a code there (signing in,
registering) counts tries by the same number, so that nobody who was sent a code is refused when it is typed."""
PER_ADDRESS = "1200/hour"
"""From one address to all enterprises together: who goes from one to the next must meet a limit too."""
# Counting and reading in one step: two guesses at the same moment cannot share one try.
_READ = """
local hash = redis.call('HGET', KEYS[1], 'hash')
if not hash then return '' end
if redis.call('HINCRBY', KEYS[1], 'tries', 1) > tonumber(ARGV[1]) then return 'spent' end
return hash
"""


class WrongCode(DomainError):
    """The code does not open the door; ``code`` says why: ``code_wrong``, ``code_expired`` or ``code_spent``."""


class StillOpen(TooMany):
    """No other code now, but the one before still opens the door: pages go on asking for it."""

    def __init__(self, refusal: TooMany) -> None:
        words = _("%(refusal)s已收到的验证码还有效，可以直接填写。") % {"refusal": refusal.message}
        super().__init__(refusal.details["retry_after_s"], refusal.code, words)


class JustSent(StillOpen):
    """A code that still opens the door went out less than a minute ago: who lost the page may go on with it."""

    def __init__(self, retry_after_s: int) -> None:
        words = _("验证码刚刚发过，请填写收到的那条；没有收到，%(s)s 秒后可以重新发送。") % {"s": retry_after_s}
        TooMany.__init__(self, retry_after_s, "code_just_sent", words)


def send(mobile: str, *, purpose: str, ip: str = "") -> None:
    """Send a fresh 6-digit code to ``mobile``; an earlier one for the same purpose and place stops working.

    The place (platform or enterprise) is the current one. ``purpose`` is a short name such as ``sign-in``.

    :param ip: the address of a stranger; "" where the caller knows who asks, so that the limits of the one phone are enough
    :raises DomainError: ``mobile_invalid``
    :raises JustSent: within a minute, and the code before is still good
    :raises StillOpen: another limit, and the code before is still good
    :raises TooMany: 1 a minute, 5 an hour, 10 a day for one mobile; 30 an hour for one address, 600 to one enterprise, 1,200 to all
    :raises Unavailable: Valkey or the SMS vendor does not answer; no code is kept then
    """
    mobile = identity.normalise_mobile(mobile)
    if not identity.is_mobile(mobile):
        raise DomainError("mobile_invalid", _("请输入 11 位手机号码，例如 138 0013 8000。"), field="mobile")
    _spend(mobile, purpose, ip)
    code = f"{secrets.randbelow(1_000_000):06d}"
    try:
        _keep(_key(mobile, purpose), _hash(mobile, purpose, code))
    except RedisError as error:
        raise Unavailable from error
    try:
        SMS.get().send_code(mobile=mobile, code=code, purpose=purpose)
    except Unavailable:  # nobody is told to type a code that never left
        _forget(_key(mobile, purpose))
        raise


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


def _spend(mobile: str, purpose: str, ip: str) -> None:
    """Count the message for the phone and for the address.

    An address that has used up its own is refused before the phone is counted: nobody shuts strangers' phones from there. It is
    counted last, so that one who presses again and again uses up nothing of the workshop's. What would be refused by the phone's hour
    is not counted for its minute.
    """
    phone = _index(mobile)
    try:
        _refuse_full(phone, ip)
        for rate in PER_MOBILE:
            limits.spend(rate, "sms", phone)
    except TooMany as refusal:
        if not _is_open(mobile, purpose):
            raise
        left_s = refusal.details["retry_after_s"]
        raise (JustSent(left_s) if left_s <= _AGAIN_S else StillOpen(refusal)) from None
    for rate, *who in _of_address(ip):
        limits.spend(rate, *who)


def _of_address(ip: str) -> list[tuple[str, ...]]:
    """Return the limits of an address here: each with whom it counts."""
    here = require()
    if not ip:
        return []
    if here == PLATFORM:
        return [(PER_IP, "sms-ip", here.schema, ip)]
    return [(PER_WORKSHOP, "sms-ip", here.schema, ip), (PER_ADDRESS, "sms-ip", ip)]


def _refuse_full(phone: str, ip: str) -> None:
    left_s = max((limits.waits(rate, *who) for rate, *who in _of_address(ip)), default=0)
    if left_s:
        words = _("这个网络一小时内要的验证码太多了。请关掉 Wi-Fi 改用手机流量，或在 %(n)s 分钟后再试。") % {"n": minutes(left_s)}
        raise TooMany(left_s, "too_many_here", words)
    left_s = max((limits.waits(rate, "sms", phone) for rate in PER_MOBILE), default=0)
    if left_s:
        raise TooMany(left_s)


def _is_open(mobile: str, purpose: str) -> bool:
    """Say whether a code is out that may still be tried."""
    try:
        tries = _text(valkey.client().hget(_key(mobile, purpose), "tries"))
    except RedisError as error:
        raise Unavailable from error
    return tries.isdigit() and int(tries) < MAX_TRIES


def _keep(key: str, hashed: str) -> None:
    with valkey.client().pipeline(transaction=True) as pipe:
        pipe.delete(key)
        pipe.hset(key, mapping={"hash": hashed, "tries": 0})
        pipe.expire(key, LIFE_S)
        pipe.execute()


def _forget(key: str) -> None:
    try:
        valkey.client().delete(key)
    except RedisError as error:
        raise Unavailable from error


def _index(mobile: str) -> str:
    return keys.index(mobile, purpose="mobile")


def _key(mobile: str, purpose: str) -> str:
    return valkey.key("code", purpose, _index(mobile))


def _hash(mobile: str, purpose: str, code: str) -> str:
    return keys.index(f"{mobile}/{purpose}/{code}", purpose="code")


def _text(value: object) -> str:
    return value.decode() if isinstance(value, bytes) else str(value or "")
