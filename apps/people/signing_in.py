"""The ways in: password or text-message code. Nothing here tells a stranger which numbers are known (clause 二.1)."""

from django.contrib.auth import authenticate
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from apps.people import access
from apps.people.errors import checked_mobile
from apps.people.joining import locking
from infra.kit import clock
from infra.kit.errors import DomainError
from public.audit import api as audit
from tenants import codes, limits
from tenants.api import Credential, login_key, require

PURPOSE = "sign-in"


class WrongPassword(DomainError):
    """Login and password do not fit; says nothing about which of the two."""

    def __init__(self) -> None:
        super().__init__("sign_in_wrong", _("手机号或密码不正确。还没有密码或忘记密码，请用短信验证码登录。"), status=422)


class NotRegistered(DomainError):
    """The caller has proved to hold the phone, but nobody here has its number."""

    def __init__(self) -> None:
        super().__init__("not_registered", _("这个手机号还没有在本单位登记，或已停用。请联系本单位安全管理员。"), status=422)


def by_password(*, mobile: str, password: str, ip: str) -> Credential:
    """Return whom a login and password let in; five failures close the login for 15 minutes, codes still work.

    :raises DomainError: ``mobile_invalid``, ``sign_in_wrong``
    :raises Locked: this login rests
    :raises TooMany: too many tries from this address
    """
    mobile = checked_mobile(mobile)
    who = login_key(mobile)
    limits.spend(locking.PER_ADDRESS, "sign-in-ip", require().schema, ip)
    locking.spend_or_lock(who)
    credential = authenticate(login=mobile, password=password)
    if not isinstance(credential, Credential) or access.of_credential(credential).kind is None:
        # Alike for numbers that nobody has: the log of an enterprise tells no more than the page does.
        refused = audit.Result.REFUSED
        audit.record(
            "people.sign_in_refused", actor="stranger", target=f"login:{who[:16]}", at=clock.now(), ip=ip, result=refused
        )
        raise WrongPassword()
    locking.forget(who)
    return credential


def send_code(*, mobile: str, ip: str) -> str:
    """Send a code to any mobile number, known here or not: what is seen and how long it takes cannot differ.

    :returns: the normalised number
    :raises DomainError: ``mobile_invalid``
    :raises TooMany: too many codes for this number or address
    """
    mobile = checked_mobile(mobile)
    codes.send(mobile, purpose=PURPOSE, ip=ip)
    return mobile


def by_code(*, mobile: str, code: str, ip: str) -> Credential:
    """Return whom a code lets in.

    :raises DomainError: ``mobile_invalid``; ``not_registered`` (only after a right code)
    :raises WrongCode: wrong, expired or tried too often
    :raises TooMany: too many tries from this address
    """
    mobile = checked_mobile(mobile)
    limits.spend(codes.PER_WORKSHOP, "sign-in-code-ip", require().schema, ip)
    codes.verify(mobile, code, purpose=PURPOSE)
    credential = Credential.objects.by_login(mobile)
    if credential is None or not credential.is_active or access.of_credential(credential).kind is None:
        raise NotRegistered()
    locking.forget(login_key(mobile))
    return credential


def set_password(credential: Credential, password: str) -> None:
    """Give somebody a password.

    :raises ValidationError: too short, too common, digits only, or made of the own name and numbers
    """
    validate_password(password, credential)
    credential.set_password(password)
    credential.save(update_fields=["password"])
