"""How somebody takes over an account that two administrators opened: a link from one, a code from the other, a password of one's own.

Neither administrator can enter alone, nobody but the person ever knows the password, and both halves are void once it is set.
"""

import hmac
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from infra.kit.errors import DomainError
from public.audit import api as audit
from tenants import keys, limits
from tenants.accounts.models import Credential

TRIES, SHORTEST = "10/hour", 10
GOOD_FOR = timedelta(days=90)
"""How long a password of the desk lasts (GB/T 22239-2019 8.1.4.1 a: 定期更换)."""
_SET = ("desk.password_changed", "desk.activated")


class _Tokens(PasswordResetTokenGenerator):
    """Good for three days (``PASSWORD_RESET_TIMEOUT``), and only until the password changes."""

    key_salt = "anxue.operators.activation"

    def _make_hash_value(self, user: Credential, timestamp: int) -> str:
        return f"{user.pk}/{user.password}/{user.is_active}/{timestamp}"


_tokens = _Tokens()


def is_waiting(credential: Credential) -> bool:
    """Say whether the person has yet to choose a password."""
    return credential.is_active and not credential.has_usable_password()


def link(credential: Credential) -> str:
    """Return the path that the system administrator hands over; a new one each time, good for three days."""
    return reverse("desk-activate", args=[credential.uuid, _tokens.make_token(credential)])


def code(credential: Credential) -> str:
    """Return the eight digits that the security administrator hands over."""
    value = keys.index(f"{credential.pk}/{credential.password}", purpose="activation code")
    return f"{int(value, 16) % 10**8:08d}"


def waiting(uuid: UUID, token: str) -> Credential:
    """Return whose link this is.

    :raises DomainError: 404 ``link_ended``
    """
    row = Credential.objects.filter(uuid=uuid).first()
    if row is None or not is_waiting(row) or not _tokens.check_token(row, token):
        raise DomainError("link_ended", _("这个链接已失效。请联系系统管理员重新给您一个。"), status=404)
    return row


@transaction.atomic
def _set(row: Credential, password: str, at: datetime, ip: str) -> None:
    row.set_password(password)
    row.save(update_fields=["password"])
    who = f"credential:{row.pk}"
    audit.record("desk.activated", actor=who, target=who, at=at, ip=ip)


def activate(*, uuid: UUID, token: str, code_said: str, password: str, at: datetime, ip: str) -> None:
    """Set the first password; the second factor is set up when the person signs in.

    :raises DomainError: 404 ``link_ended``; 422 ``activation_code_wrong``, ``password_weak``
    :raises TooMany: 10 tries an hour
    """
    limits.spend(TRIES, "activate", str(uuid))
    row = waiting(uuid, token)
    if not hmac.compare_digest(code(row).encode(), code_said.strip().replace(" ", "").encode()):
        who = f"credential:{row.pk}"
        audit.record("desk.activation_refused", actor="stranger", target=who, at=at, ip=ip, result=audit.Result.REFUSED)
        words = _("激活码不正确。请向安全保密管理员核对这 8 位数字。")
        raise DomainError("activation_code_wrong", words, status=422, field="code")
    check_password_of_operator(password, row)
    _set(row, password, at, ip)


def change_password(*, person: Credential, old: str, new: str, at: datetime, ip: str) -> None:
    """Set another password for oneself; every other session of the person ends with it.

    :raises DomainError: 422 ``password_wrong``, ``password_same``, ``password_weak``
    :raises TooMany: 10 tries an hour
    """
    limits.spend(TRIES, "desk-password", str(person.pk))
    who = f"credential:{person.pk}"
    if not person.check_password(old):
        audit.record("desk.password_refused", actor=who, target=who, at=at, ip=ip, result=audit.Result.REFUSED)
        raise DomainError("password_wrong", _("现在的密码不正确。"), status=422, field="old")
    if old == new:
        raise DomainError("password_same", _("新密码不能和现在的一样。"), status=422, field="password")
    check_password_of_operator(new, person)
    with transaction.atomic():
        person.set_password(new)
        person.save(update_fields=["password"])
        audit.record("desk.password_changed", actor=who, target=who, at=at, ip=ip)


def is_old(person: Credential, *, at: datetime) -> bool:
    """Say whether the password has to be changed. When it was set is in the log; before that counts when the account was opened."""
    since = at - GOOD_FOR
    asked = [audit.Wanted(since=since, action=action, target=f"credential:{person.pk}") for action in _SET]
    is_new = person.created_at > since or any(audit.search(one, most=1, counted=False).rows for one in asked)
    return not is_new


def check_password_of_operator(password: str, row: Credential) -> None:
    """Judge a password for the desk: at least ten characters, none that is known (domain facts 5.1 ID-1).

    :raises DomainError: 422 ``password_weak``
    """
    if len(password) < SHORTEST:
        raise DomainError("password_weak", _("密码至少 10 位。一句只有自己知道的话最好记。"), status=422, field="password")
    try:
        validate_password(password, row)
    except ValidationError as error:
        raise DomainError("password_weak", " ".join(error.messages), status=422, field="password") from error
