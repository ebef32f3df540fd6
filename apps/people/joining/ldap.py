"""Coming in by the enterprise's own directory: how it is reached, and who signs in by it."""

import re
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.people import history, ports, sealing
from apps.people.joining import locking, sso
from apps.people.joining.models import LdapSetup
from apps.people.models import Change
from infra.kit.errors import DomainError
from tenants import keys, limits
from tenants.api import require

SECRET = "ldap-secret"  # noqa: S105 - the name of a purpose
_TESTS = "10/15 minutes"
_ATTRIBUTE = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,39}")
_HOST = re.compile(r"(?!-)[A-Za-z0-9.-]{1,253}")
_KEPT = ("host", "port", "starts_tls", "base_dn", "bind_dn", "login_attribute", "mobile_attribute", "ca_pem")


def setup() -> LdapSetup | None:
    """Return how the directory is reached, or None."""
    return LdapSetup.objects.first()


def is_open() -> bool:
    """Whether people may come in by it."""
    return LdapSetup.objects.filter(is_open=True).exists()


@transaction.atomic
def write(
    *,
    host: str,
    port: int,
    starts_tls: bool,
    base_dn: str,
    bind_dn: str,
    secret: str,
    login_attribute: str,
    mobile_attribute: str,
    ca_pem: str,
    is_open: bool,
    by: int,
    at: datetime,
) -> LdapSetup:
    """Write down how the directory is reached; an empty ``secret`` keeps the one there is, but never for another server.

    :raises DomainError: ``host_invalid``, ``port_invalid``, ``attribute_invalid``, ``ca_invalid``, ``secret_missing``
    """
    row = LdapSetup.objects.select_for_update().first() or LdapSetup()
    said = {
        "host": host.strip().lower(), "port": port, "starts_tls": starts_tls, "base_dn": base_dn.strip(), "bind_dn": bind_dn.strip(),
        "login_attribute": login_attribute.strip(), "mobile_attribute": mobile_attribute.strip(), "ca_pem": ca_pem.strip(),
    }  # fmt: skip
    _refuse_malformed(said)
    was = {name: getattr(row, name) for name in _KEPT} if row.pk else {}
    is_elsewhere = any(was.get(name) != said[name] for name in ("host", "port", "ca_pem", "bind_dn"))
    if not secret and (not row.pk or is_elsewhere):
        raise DomainError("secret_missing", _("新的服务器或查询账号要重新填写密码。"), field="secret")
    before = _facts(row) if row.pk else {}
    for name, value in said.items():
        setattr(row, name, value)
    row.secret_sealed = sealing.seal(secret, SECRET) if secret else row.secret_sealed
    row.tested_at = row.tested_at if was == said and not secret else None
    row.is_open, row.by_id, row.at = is_open, by, at
    row.save()
    after = {**_facts(row), **({"sso_secret": str(_("已更换"))} if secret else {})}
    history.note(Change.Kind.MANAGER, "sso:LDAP", name="LDAP", action="changed", before=before, after=after, by=by, at=at)
    return row


def test(*, at: datetime) -> int:
    """Bind and search once; returns how many people the directory shows, at most 1.

    :raises DomainError: 404 ``not_found``; ``sso_setup``; 503 ``sso_down``
    :raises TooMany: tested too often
    """
    limits.spend(_TESTS, "ldap-test", require().schema)
    row = _row()
    try:
        found = ports.DIRECTORY.get().check(access_of(row))
    except (ports.SsoRefused, ports.SsoDown) as error:
        raise _worded(error) from error
    LdapSetup.objects.filter(pk=row.pk).update(tested_at=at)
    return found


def who(*, login: str, password: str, ip: str) -> ports.OutsidePerson:
    """Return whom the directory names. Five failures close the account here for 15 minutes, so that the directory's own lock is not used up.

    :raises DomainError: 404 ``not_found``; ``directory_wrong``, ``sso_setup``; 429 ``locked``; 503 ``sso_down``
    :raises TooMany: too many tries from this address
    """
    row = _row(is_open=True)
    limits.spend(locking.PER_ADDRESS, "sign-in-ip", require().schema, ip)
    key = keys.index(f"ldap/{login.strip().lower()}", purpose="login")
    locking.spend_or_lock(key)
    try:
        person = ports.DIRECTORY.get().person(access_of(row), login=login[:100], password=password)
    except (ports.SsoRefused, ports.SsoDown) as error:
        raise _worded(error) from error
    locking.forget(key)
    return person


def access_of(row: LdapSetup) -> ports.DirectoryAccess:
    """Return how the directory is reached, with the password in clear."""
    return ports.DirectoryAccess(
        host=row.host, port=row.port, starts_tls=row.starts_tls, base_dn=row.base_dn, bind_dn=row.bind_dn,
        secret=sealing.unseal(row.secret_sealed, SECRET), login_attribute=row.login_attribute,
        mobile_attribute=row.mobile_attribute, ca_pem=row.ca_pem,
    )  # fmt: skip


def _row(*, is_open: bool = False) -> LdapSetup:
    row = LdapSetup.objects.filter(**({"is_open": True} if is_open else {})).first()
    if row is None:
        raise DomainError("not_found", _("本单位没有开通公司账号登录，请用手机号登录。"), status=404)
    return row


def _refuse_malformed(said: dict[str, object]) -> None:
    if not _HOST.fullmatch(str(said["host"])):
        raise DomainError("host_invalid", _("请填写服务器的域名，不含协议和端口，例如 ldap.example.cn。"), field="host")
    if said["port"] not in {389, 636, 3268, 3269}:
        raise DomainError("port_invalid", _("端口只能是 636、389、3269 或 3268。"), field="port")
    for name in ("login_attribute", "mobile_attribute"):
        if said[name] and not _ATTRIBUTE.fullmatch(str(said[name])):
            raise DomainError("attribute_invalid", _("属性名只含字母、数字和连字符，例如 uid。"), field=name)
    if said["ca_pem"] and "-----BEGIN CERTIFICATE-----" not in str(said["ca_pem"]):
        raise DomainError("ca_invalid", _("请粘贴 PEM 格式的证书，以 -----BEGIN CERTIFICATE----- 开头。"), field="ca_pem")


def _facts(row: LdapSetup) -> dict[str, str]:
    return {"sso_app": f"{row.host}:{row.port}", "sso_open": str(_("开启")) if row.is_open else str(_("关闭"))}


def _worded(error: Exception) -> DomainError:
    """Return what a person is told of a failure."""
    if isinstance(error, ports.SsoRefused) and error.reason == "stranger":
        return DomainError("directory_wrong", _("账号或密码不正确。忘记了请找公司的系统管理员，或用手机号登录。"), status=422)
    if isinstance(error, ports.SsoRefused):
        words = _("公司的目录服务没有接受本单位的设置（%(trace)s）。请管理员核对地址、证书和查询账号。") % {"trace": error.trace}
        return DomainError("sso_setup", words, status=422)
    return sso.worded(error)
