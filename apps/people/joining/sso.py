"""Coming in by another system: how it is set up, the round trip of one sign-in, and whose account is whose."""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from apps.people import access, history, ports, sealing
from apps.people.joining import locking
from apps.people.joining.models import Outside, OutsideAccount, SsoSetup
from apps.people.models import Change, Learner, Manager
from infra.kit import identity
from infra.kit.errors import DomainError
from tenants import keys, limits
from tenants.api import Credential, require

SECRET = "sso-secret"  # noqa: S105 - the name of a purpose
LIFE_S = 600
_TESTS = "10/15 minutes"
_INSIDE = {"WECOM": "wxwork", "DINGTALK": "DingTalk", "FEISHU": "Lark"}


@dataclass(frozen=True, slots=True)
class Trip:
    """A sign-in on its way: kept in the browser's session, good once and for ten minutes.

    :param bind: uuid of who was signed in and wants the account bound; "" to sign in
    """

    kind: str
    nonce: str
    next: str
    at: float
    bind: str = ""

    @property
    def state(self) -> str:
        """What travels: the nonce and a mark that only we can make, hex because WeCom takes letters and digits only."""
        return self.nonce + _mark(self.kind, self.nonce)


# --- Setting up


def setups() -> dict[str, SsoSetup]:
    """Return what is set up, by kind."""
    return {row.kind: row for row in SsoSetup.objects.all()}


def open_kinds() -> list[tuple[str, str]]:
    """Return (kind, its name) of the systems that people may come in by."""
    rows = SsoSetup.objects.filter(is_open=True).values_list("kind", flat=True)
    return [(kind, str(SsoSetup.Kind(kind).label)) for kind in sorted(rows, key=SsoSetup.Kind.values.index)]


@transaction.atomic
def write(*, kind: str, app_id: str, secret: str, agent_id: str, corp_id: str, is_open: bool, by: int, at: datetime) -> SsoSetup:
    """Write down the enterprise's application; an empty ``secret`` keeps the one there is.

    Another application id forgets who was bound by the former one: its accounts are other accounts.

    :raises DomainError: ``app_missing``, ``secret_missing``, ``agent_missing``, ``corp_missing``
    """
    kind = SsoSetup.Kind(kind).value
    row = SsoSetup.objects.select_for_update().filter(kind=kind).first() or SsoSetup(kind=kind)
    former = row.app_id
    app_id, agent_id, corp_id, secret = app_id.strip(), agent_id.strip(), corp_id.strip(), secret.strip()
    _refuse_missing(kind, app_id=app_id, has_secret=bool(secret or row.secret_sealed), agent_id=agent_id, corp_id=corp_id)
    if former not in {"", app_id} and not secret:
        raise DomainError("secret_missing", _("换了应用就要重新填写它的密钥。"), field="secret")
    is_other = bool(secret) or former != app_id or row.corp_id != corp_id or row.agent_id != agent_id
    before = _facts(row) if row.pk else {}
    row.app_id, row.agent_id, row.corp_id, row.is_open, row.at, row.by_id = app_id, agent_id, corp_id, is_open, at, by
    row.secret_sealed = sealing.seal(secret, SECRET) if secret else row.secret_sealed
    row.tested_at = None if is_other else row.tested_at
    row.save()
    if former not in {"", app_id}:
        OutsideAccount.objects.filter(kind=kind).delete()
    after = {**_facts(row), **({"sso_secret": str(_("已更换"))} if secret else {})}
    label = str(SsoSetup.Kind(kind).label)
    history.note(Change.Kind.MANAGER, f"sso:{kind}", name=label, action="changed", before=before, after=after, by=by, at=at)
    return row


def test(*, kind: str, by: int, at: datetime) -> None:
    """Ask the other system whether id and secret are right.

    :raises DomainError: 404 ``not_found``; ``sso_setup``, ``sso_refused``; 503 ``sso_down``
    :raises TooMany: tested too often
    """
    limits.spend(_TESTS, "sso-test", require().schema, kind)
    row = _row(kind)
    try:
        ports.SSO.get().check(app_of(row))
    except (ports.SsoRefused, ports.SsoDown) as error:
        raise worded(error) from error
    SsoSetup.objects.filter(pk=row.pk).update(tested_at=at)


def app_of(row: SsoSetup) -> ports.SsoApp:
    """Return the application with its secret in clear."""
    return ports.SsoApp(row.kind, row.app_id, sealing.unseal(row.secret_sealed, SECRET), row.agent_id, row.corp_id)


# --- One sign-in


def begin(*, kind: str, next_url: str, at: datetime, bind: str = "") -> Trip:
    """Begin a round trip; the caller keeps it in the session.

    :raises DomainError: 404 ``not_found``: not set up, or closed
    """
    _row(kind, is_open=True)
    return Trip(kind, secrets.token_hex(16), next_url, at.timestamp(), bind)


def address(trip: Trip, *, redirect_uri: str, agent: str) -> str:
    """Return where the browser goes.

    :param agent: its ``User-Agent``: within the other system's app another page is asked
    """
    inside = _INSIDE[trip.kind] in agent
    app = app_of(_row(trip.kind, is_open=True))
    return ports.SSO.get().address(app, redirect_uri=redirect_uri, state=trip.state, inside=inside)


def who_came(
    *, trip: Trip | None, kind: str, state: str, code: str, redirect_uri: str, ip: str, at: datetime
) -> ports.OutsidePerson:
    """Return whom the other system names, after the round trip is known to be ours, fresh, and used for the first time.

    :raises DomainError: 403 ``sso_forged``; ``sso_cancelled``, ``sso_code``, ``sso_stranger``, ``sso_setup``, ``sso_refused``; 503 ``sso_down``
    :raises TooMany: too many tries from this address
    """
    limits.spend(locking.PER_ADDRESS, "sign-in-ip", require().schema, ip)
    is_ours = trip is not None and trip.kind == kind and hmac.compare_digest(trip.state.encode(), state.encode())
    if trip is None or not is_ours or not 0 <= at.timestamp() - trip.at <= LIFE_S or not _first_use(trip):
        raise DomainError("sso_forged", _("这次登录已过期，或不是从本页发起的。请回到登录页重新开始。"), status=403)
    if not code:
        raise DomainError("sso_cancelled", _("您没有同意授权，所以没有登录。可以重试，或用手机号登录。"), status=422)
    try:
        return ports.SSO.get().person(app_of(_row(kind, is_open=True)), code=code[:512], redirect_uri=redirect_uri)
    except (ports.SsoRefused, ports.SsoDown) as error:
        raise worded(error) from error


def known(*, kind: str, person: ports.OutsidePerson, at: datetime) -> Credential | None:
    """Return who an outside account lets in: the one it is bound to, else the learner whose mobile the other system told.

    A manager is never found by a told mobile: whoever runs the other system's directory could then become the owner.
    """
    row = OutsideAccount.objects.select_related("credential").filter(kind=kind, subject=_subject(kind, person)).first()
    if row is not None:
        return row.credential if row.credential.is_active and access.of_credential(row.credential).kind else None
    credential = Credential.objects.by_login(person.mobile) if person.mobile else None
    if credential is None or not credential.is_active or access.of_credential(credential).kind != "learner":
        return None
    if OutsideAccount.objects.filter(kind=kind, credential=credential).exists():
        return None  # bound to another account there: a code by text message decides
    bind(kind=kind, person=person, credential=credential, at=at)
    return credential


@transaction.atomic
def bind(*, kind: str, person: ports.OutsidePerson, credential: Credential, at: datetime) -> None:
    """Let an outside account in as this person from now on; a former one of the same system goes.

    :raises DomainError: 409 ``sso_taken``: it is somebody else's here
    """
    subject = _subject(kind, person)
    OutsideAccount.objects.filter(kind=kind, credential=credential).exclude(subject=subject).delete()
    label = identity.mask_name(person.name)[:60] if person.name else ""
    try:
        with transaction.atomic():
            row, is_new = OutsideAccount.objects.get_or_create(
                kind=kind, subject=subject, defaults={"credential": credential, "label": label, "at": at}
            )
    except IntegrityError as error:
        raise _taken(kind) from error
    if row.credential_id != credential.pk:
        raise _taken(kind)
    if is_new:
        _note(credential, "bound", {}, {"outside": str(Outside(kind).label)}, by=None, at=at)


@transaction.atomic
def unbind(*, kind: str, credential: Credential, by: int | None, at: datetime) -> None:
    """Stop letting an outside account in. Repeating changes nothing.

    :param by: the manager; None where the person does it
    """
    gone, _each = OutsideAccount.objects.filter(kind=kind, credential=credential).delete()
    if gone:
        _note(credential, "unbound", {"outside": str(Outside(kind).label)}, {"outside": ""}, by=by, at=at)


def bound(credential: Credential) -> dict[str, OutsideAccount]:
    """Return a person's outside accounts, by kind."""
    return {row.kind: row for row in OutsideAccount.objects.filter(credential=credential)}


def _row(kind: str, *, is_open: bool = False) -> SsoSetup:
    row = SsoSetup.objects.filter(kind=kind, **({"is_open": True} if is_open else {})).first()
    if row is None:
        raise DomainError("not_found", _("本单位没有开通这种登录方式，请用手机号登录。"), status=404)
    return row


def _first_use(trip: Trip) -> bool:
    return bool(cache.add(f"sso-trip:{trip.nonce}", 1, LIFE_S * 2))


def _mark(kind: str, nonce: str) -> str:
    text = f"{require().schema}/{kind}/{nonce}"
    return hmac.new(settings.SECRET_KEY.encode(), text.encode(), sha256).hexdigest()[:32]


def _subject(kind: str, person: ports.OutsidePerson) -> str:
    return keys.index(f"{kind}/{person.subject}", purpose="outside-account")


def _facts(row: SsoSetup) -> dict[str, str]:
    state = str(_("开启")) if row.is_open else str(_("关闭"))
    return {"sso_app": row.app_id, "sso_open": state}


def _note(
    credential: Credential, action: str, before: dict[str, str], after: dict[str, str], *, by: int | None, at: datetime
) -> None:
    learner = Learner.objects.filter(credential=credential).first()
    manager = Manager.objects.filter(credential=credential).first()
    kind, subject = (
        (Change.Kind.LEARNER, str(learner.uuid)) if learner else (Change.Kind.MANAGER, str(manager.pk if manager else ""))
    )
    history.note(kind, subject, name=credential.name, action=action, before=before, after=after, by=by, at=at)


def _refuse_missing(kind: str, *, app_id: str, has_secret: bool, agent_id: str, corp_id: str) -> None:
    if not app_id:
        raise DomainError("app_missing", _("请填写应用编号，在对方的管理后台可以看到。"), field="app_id")
    if not has_secret:
        raise DomainError("secret_missing", _("请填写应用密钥，在对方的管理后台可以看到。"), field="secret")
    if kind == SsoSetup.Kind.WECOM and not agent_id.isdigit():
        raise DomainError("agent_missing", _("请填写应用的 AgentId，是一串数字。"), field="agent_id")
    if kind == SsoSetup.Kind.DINGTALK and not corp_id:
        raise DomainError("corp_missing", _("请填写本企业的 CorpId，别家企业的人才进不来。"), field="corp_id")


def _taken(kind: str) -> DomainError:
    words = _("这个%(system)s账号已经绑定了本单位的另一个人。请先在那个账号里解绑，或联系安全管理员。")
    return DomainError("sso_taken", words % {"system": Outside(kind).label}, status=409)


def worded(error: Exception) -> DomainError:
    """Return what a person is told of a failure, with the other system's own number for the manager."""
    if isinstance(error, ports.SsoDown):
        return DomainError("sso_down", _("对方系统暂时没有响应，请稍后再试，或用手机号登录。"), status=503, retry_after_s=10)
    reason, trace = (error.reason, error.trace) if isinstance(error, ports.SsoRefused) else ("other", "")
    words: dict[str, Any] = {
        "code": _("授权已过期或已用过，请重新扫码登录。"),
        "setup": _("对方系统没有接受本单位的应用设置（%(trace)s）。请管理员核对应用编号、密钥、回调域名和权限。")
        % {"trace": trace},
        "stranger": _("这个账号不在本单位的组织里，不能登录。请换本单位的账号，或用手机号登录。"),
    }
    return DomainError(
        f"sso_{reason}",
        words.get(reason, _("对方系统拒绝了这次登录（%(trace)s），请用手机号登录。") % {"trace": trace}),
        status=422,
    )
