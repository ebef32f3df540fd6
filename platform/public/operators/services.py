"""Writes about the platform's people: accounts and the two steps of signing in."""

from datetime import datetime

from django.contrib.auth import authenticate
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from infra.kit.errors import DomainError
from public.audit import api as audit
from public.operators import changes, second_factor
from public.operators.models import ADMINISTRATORS, Operator
from tenants import limits
from tenants.accounts.models import Credential, login_key

TRIES_PER_LOGIN, TRIES_PER_IP = "10/15 minutes", "60/hour"


@transaction.atomic
def open_credential(*, login: str, name: str, password: str, at: datetime, totp_secret: str = "") -> Credential:
    """Create an account of the platform; with ``totp_secret`` (base32) its second factor is ready at once.

    :raises DomainError: ``login_taken``
    """
    try:
        with transaction.atomic():
            credential = Credential.objects.create_credential(login=login, name=name, password=password)
    except IntegrityError as error:
        raise DomainError("login_taken", _("该登录名已存在，请换一个。"), status=409, field="login") from error
    if totp_secret:
        second_factor.enrol(credential_id=credential.pk, secret=totp_secret, at=at)
    return credential


@transaction.atomic
def open_operator(
    *, login: str, name: str, password: str, role: str, at: datetime, totp_secret: str = "", identity_number: str = ""
) -> int:
    """Create an operator and return the credential's id; only while the three offices are not all filled (`Operator`).

    :param role: a value of `Operator.Role`
    :param identity_number: of the person; administrators need it, since one person may hold one office only
    :raises DomainError: ``login_taken``; 409 ``person_known``; 409 ``opened_by_two``: administrators are there, so they open accounts
    :raises ValueError: an unknown role, or an administrator without identity number
    """
    known = Operator.Role(role)
    if known in ADMINISTRATORS and not identity_number:
        raise ValueError("an administrator needs an identity number")
    person = changes.person_key(identity_number, at=at) if identity_number else None
    if is_set_up():
        raise DomainError("opened_by_two", _("三员已到位，新账号须由系统管理员申请、安全保密管理员批准。"), status=409)
    if person and Operator.objects.filter(person_key=person).exists():
        raise DomainError("person_known", _("此人已有平台账号，一人只能有一个岗位。"), status=409, field="identity")
    credential = open_credential(login=login, name=name, password=password, at=at, totp_secret=totp_secret)
    Operator.objects.create(credential=credential, role=known, person_key=person)
    return credential.pk


def is_set_up() -> bool:
    """Say whether each of the three offices has been filled; from then on accounts are opened by two."""
    found = Operator.objects.filter(role__in=ADMINISTRATORS).values_list("role", flat=True).distinct()
    return len(set(found)) == len(ADMINISTRATORS)


def check_password(request: HttpRequest, *, login: str, password: str, ip: str, at: datetime) -> Credential:
    """Return the person behind login and password: the first of two steps, nobody is signed in yet.

    :raises DomainError: ``sign_in_wrong``, the same for unknown people and wrong passwords
    :raises TooMany: 10 tries in 15 minutes for one login, 60 an hour for one address
    """
    limits.spend(TRIES_PER_IP, "desk-ip", ip)
    limits.spend(TRIES_PER_LOGIN, "desk-login", login_key(login))
    found = authenticate(request, login=login, password=password)
    if not isinstance(found, Credential):
        known = Credential.objects.by_login(login)
        target = f"credential:{known.pk}" if known else "login:unknown"
        audit.record("desk.sign_in_refused", actor="stranger", target=target, at=at, ip=ip, result=audit.Result.REFUSED)
        raise DomainError("sign_in_wrong", _("登录名或密码不正确。"), status=422)
    return found
