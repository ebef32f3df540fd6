"""Writes about the platform's people: accounts and the two steps of signing in."""

from datetime import datetime

from django.contrib.auth import authenticate
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from infra.kit.errors import DomainError
from public.operators import second_factor
from public.operators.models import Operator
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
def open_operator(*, login: str, name: str, password: str, role: str, at: datetime, totp_secret: str = "") -> int:
    """Create an operator and return the credential's id.

    :param role: a value of `Operator.Role`
    :raises DomainError: ``login_taken``
    :raises ValueError: an unknown role
    """
    known = Operator.Role(role)
    credential = open_credential(login=login, name=name, password=password, at=at, totp_secret=totp_secret)
    Operator.objects.create(credential=credential, role=known)
    return credential.pk


def check_password(request: HttpRequest, *, login: str, password: str, ip: str) -> Credential:
    """Return the person behind login and password: the first of two steps, nobody is signed in yet.

    :raises DomainError: ``sign_in_wrong``, the same for unknown people and wrong passwords
    :raises TooMany: 10 tries in 15 minutes for one login, 60 an hour for one address
    """
    limits.spend(TRIES_PER_IP, "desk-ip", ip)
    limits.spend(TRIES_PER_LOGIN, "desk-login", login_key(login))
    found = authenticate(request, login=login, password=password)
    if not isinstance(found, Credential):
        raise DomainError("sign_in_wrong", _("登录名或密码不正确。"), status=422)
    return found
