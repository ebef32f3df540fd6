"""What enterprise and person have chosen: channels of a kind, quiet hours, digest, addresses."""

from collections.abc import Iterable, Mapping
from datetime import datetime, time
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.people import sealing
from apps.people.errors import checked_mobile
from apps.people.models import Manager, NoticeChoice, NoticeSettings
from apps.people.notify import kinds
from apps.people.notify.kinds import Kind
from infra.kit.errors import DomainError
from public.audit import api as audit
from tenants.api import Credential, login_key

MAIL, MOBILE = "notice-mail", "notice-mobile"
SETTINGS_ID = 1
MOST_SMS = 10_000


def settings_of() -> NoticeSettings:
    """Return what the enterprise has chosen, or the defaults, in one query."""
    return NoticeSettings.objects.filter(pk=SETTINGS_ID).first() or NoticeSettings(pk=SETTINGS_ID)


def choice_of(credential_id: int) -> NoticeChoice:
    """Return what a person has chosen, or the defaults; not saved."""
    return NoticeChoice.objects.filter(credential_id=credential_id).first() or NoticeChoice(credential_id=credential_id)


def open_channels(kind: Kind, *, off: Iterable[str], own_off: Iterable[str] = ()) -> frozenset[str]:
    """Return the channels that carry a kind besides the product itself; what must be told is not switched off."""
    wanted = kind.channels - {kinds.APP}
    if kind.must:
        return wanted
    closed = {*off, *own_off}
    return frozenset(channel for channel in wanted if f"{kind.name}/{channel}" not in closed)


@transaction.atomic
def save_settings(
    *,
    quiet_from: time,
    quiet_to: time,
    digest: bool,
    digest_at: time,
    sms_per_day: int,
    on: Iterable[str],
    by: int,
    at: datetime,
) -> NoticeSettings:
    """Keep what the enterprise has chosen.

    :param on: the ``kind/channel`` that are on; everything that may be switched off and is not named goes off
    :raises DomainError: ``sms_limit``
    """
    if not 0 <= sms_per_day <= MOST_SMS:
        raise DomainError("sms_limit", _("每天的短信上限请填 0 到 %(n)d 之间的整数。") % {"n": MOST_SMS}, field="sms_per_day")
    off = _off(on, kinds.listed())
    values: Mapping[str, Any] = {
        "quiet_from": quiet_from,
        "quiet_to": quiet_to,
        "digest": digest,
        "digest_at": digest_at,
        "sms_per_day": sms_per_day,
        "off": off,
    }
    before = NoticeSettings.objects.filter(pk=SETTINGS_ID).values(*values).first()
    row, _made = NoticeSettings.objects.update_or_create(pk=SETTINGS_ID, defaults=values)
    audit.record("people.notice_settings", actor=f"manager:{by}", target="notices", at=at, before=before, after=values)
    return row


@transaction.atomic
def save_choice(*, credential: Credential, audience: str, digest: bool, on: Iterable[str]) -> NoticeChoice:
    """Keep what a person has chosen for the kinds of one side; the other side's stay.

    :param audience: ``learner`` or ``manager``
    """
    row, _made = NoticeChoice.objects.select_for_update().get_or_create(credential=credential)
    here = kinds.listed(audience)
    names = {kind.name for kind in here}
    others = [entry for entry in row.off if entry.rsplit("/", 1)[0] not in names]
    row.digest, row.off = digest, others + _off(on, here)
    row.save(update_fields=["digest", "off"])
    return row


def _off(on: Iterable[str], here: Iterable[Kind]) -> list[str]:
    chosen = set(on)
    may = (f"{kind.name}/{channel}" for kind in here if not kind.must for channel in sorted(kind.channels - {kinds.APP}))
    return [entry for entry in may if entry not in chosen]


@transaction.atomic
def keep_mobile(*, credential: Credential, mobile: str) -> None:
    """Let a manager be told by text message: the number must be the one that the manager signs in with.

    :raises DomainError: ``mobile_invalid``, ``not_own_mobile``
    """
    mobile = checked_mobile(mobile)
    if login_key(mobile) != credential.login_key:
        words = _("这不是您登录用的手机号。请填写登录手机号；换号请先在管理人员页变更。")
        raise DomainError("not_own_mobile", words, field="mobile")
    NoticeChoice.objects.update_or_create(credential=credential, defaults={"mobile_sealed": sealing.seal(mobile, MOBILE)})


@transaction.atomic
def keep_mail(*, credential: Credential, mail: str) -> None:
    """Keep a mail address that the person has proved to read (``mailing.py``); "" forgets it."""
    sealed = sealing.seal(mail, MAIL) if mail else b""
    NoticeChoice.objects.update_or_create(credential=credential, defaults={"mail_sealed": sealed})


def forget_mobile(*, credential: Credential) -> None:
    """Send no more text messages to a manager."""
    NoticeChoice.objects.filter(credential=credential).update(mobile_sealed=b"")


def deciding_managers(roles: Iterable[str] = (Manager.Role.OWNER, Manager.Role.TRAINING)) -> list[int]:
    """Return the ids of present managers of some roles, by default those who run everything."""
    rows = Manager.objects.filter(role__in=list(roles), left_at=None).order_by("pk")
    return list(rows.values_list("pk", flat=True))
