"""A new phone: by codes to the old and the new number at once, or by a manager who knows the person. Other devices are signed out."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from apps.people import history, recording, rules, sealing
from apps.people.belonging import Units, belongs
from apps.people.errors import MobileTaken, checked_mobile
from apps.people.joining import devices, telling
from apps.people.joining.models import Decision, PhoneChange
from apps.people.models import Change, Learner, Manager
from apps.people.notify.port import notify
from apps.people.shapes import Profile
from infra.kit import identity
from infra.kit.errors import DomainError
from tenants import codes, limits
from tenants.api import Credential, login_key, require

OLD, NEW = "phone-old", "phone-new"
TRIES = "20/hour"


def send_codes(*, who: Profile, old: str, new: str, ip: str) -> None:
    """Send a code to the new phone, and one to the old where ``old`` is said.

    :param old: the number one signs in with now; "" where the old phone is lost
    :raises DomainError: ``mobile_invalid``, ``old_wrong``, ``same_number``; 409 ``mobile_taken``
    :raises TooMany: too many codes
    """
    credential, old, new = _checked(who, old, new)
    _refuse_taken(credential, new)
    if old:
        with suppress(codes.StillOpen):  # who has lost the page has that code; the new number says how to go on
            codes.send(old, purpose=OLD, ip=ip)
    codes.send(new, purpose=NEW, ip=ip)


def change(*, who: Profile, old: str, new: str, old_code: str, new_code: str, here: str, at: datetime) -> None:
    """Make the new number the login; all other devices are signed out, the password stays.

    :param here: the uuid of the device that asks and stays
    :raises DomainError: as :func:`send_codes`
    :raises WrongCode: one of the two codes; nothing is changed
    """
    credential, old, new = _checked(who, old, new)
    if not old:
        raise DomainError("old_wrong", _("请填写现在登录用的手机号。"), field="old")
    limits.spend(TRIES, "phone-change", require().schema, str(credential.pk))
    _verify(old, old_code, OLD, "old_code")
    _verify(new, new_code, NEW, "new_code")
    with transaction.atomic():
        _move(credential, new, by=None, at=at)
        devices.end_all(credential, but=here, at=at)


def ask(*, who: Profile, new: str, new_code: str, at: datetime) -> PhoneChange:
    """Ask a manager for the new number, which has been shown; a later wish takes the place of an earlier one.

    :raises DomainError: 403 ``learners_only``; as :func:`send_codes`
    :raises WrongCode: the code of the new phone
    """
    credential, _none, new = _checked(who, "", new)
    if who.learner is None or who.manager is not None:  # else who decides about phones could take over an owner
        raise DomainError("learners_only", _("管理员拿不到原手机时，请由另一位企业负责人重新邀请您的新号码。"), status=403)
    limits.spend(TRIES, "phone-change", require().schema, str(credential.pk))
    _verify(new, new_code, NEW, "new_code")
    _refuse_taken(credential, new)
    with transaction.atomic():
        Learner.objects.select_for_update().get(pk=who.learner.id)
        PhoneChange.objects.filter(learner_id=who.learner.id, state=Decision.WAITING).delete()
        row = PhoneChange.objects.create(learner_id=who.learner.id, mobile_sealed=sealing.seal(new, sealing.MOBILE), at=at)
        telling.asked(unit_id=who.learner.unit_id, kind="joining.phone", at=at)
    return row


def queue(*, within: Units = None, state: str = "WAITING") -> QuerySet[PhoneChange]:
    """Return wishes in one state with their learners, the oldest first."""
    rows = PhoneChange.objects.filter(belongs(within, "learner"), state=state)
    return rows.select_related("learner__unit", "decided_by").order_by("at" if state == Decision.WAITING else "-decided_at")


def waiting_of(learner_id: int) -> PhoneChange | None:
    """Return the wish of a learner that nobody has decided."""
    return PhoneChange.objects.filter(learner_id=learner_id, state=Decision.WAITING).first()


def masked(row: PhoneChange) -> tuple[str, str]:
    """Return the number on record and the wished one, both masked; "—" for the latter after the decision."""
    now = identity.mask_mobile(sealing.unseal(row.learner.mobile_sealed, sealing.MOBILE))
    wished = identity.mask_mobile(sealing.unseal(row.mobile_sealed, sealing.MOBILE)) if row.mobile_sealed else "—"
    return now, wished


def decide(*, changes: Iterable[UUID], approved: bool, reason: str, by: int, at: datetime, within: Units = None) -> int:
    """Grant or refuse wishes, all or none; every device of the person is signed out with a new number. Returns how many.

    :raises DomainError: 404 ``not_found``; ``reason_missing``; 409 ``mobile_taken``, ``is_manager``
    """
    reason = " ".join(reason.split())[:200]
    if not approved and len(reason) < 2:
        raise DomainError("reason_missing", _("请写明不通过的原因（2–200 字），对方会看到。"), field="reason")
    wanted = set(changes)
    with transaction.atomic():
        ours = PhoneChange.objects.filter(belongs(within, "learner"), uuid__in=wanted).values("pk")
        rows = list(PhoneChange.objects.select_for_update(of=("self",)).filter(pk__in=ours).select_related("learner"))
        if len(rows) != len(wanted):
            raise DomainError("not_found", _("没有找到这个申请，可能不在您的范围内。请刷新后再试。"), status=404)
        waiting = [row for row in rows if row.state == Decision.WAITING]
        for row in waiting:
            _decide(row, approved=approved, reason=reason, by=by, at=at)
    return len(waiting)


def _decide(row: PhoneChange, *, approved: bool, reason: str, by: int, at: datetime) -> None:
    credential = row.learner.credential
    if approved and Manager.objects.filter(credential=credential, left_at=None).exists():
        raise DomainError("is_manager", _("此人已成为管理员，手机号要由企业负责人重新邀请来更换。"), status=409)
    if approved and credential is not None:
        _move(credential, sealing.unseal(row.mobile_sealed, sealing.MOBILE), by=by, at=at)
        devices.end_all(credential, at=at)
    row.state = Decision.APPROVED if approved else Decision.REJECTED
    row.reason, row.decided_by_id, row.decided_at, row.mobile_sealed = reason, by, at, b""
    row.save()
    context = {"result": str(Decision(row.state).label), "reason": reason}
    notify(kind="joining.phone_decided", learner_id=row.learner_id, context=context, at=at, about=f"phone:{row.uuid}")


def _checked(who: Profile, old: str, new: str) -> tuple[Credential, str, str]:
    """Return the credential and both numbers, normalised.

    :raises DomainError: ``mobile_invalid``, ``old_wrong``, ``same_number``
    """
    if who.credential is None:
        raise DomainError("sign_in_needed", _("请先登录。"), status=403)
    try:
        new = checked_mobile(new)
    except DomainError as refusal:
        raise DomainError(refusal.code, refusal.message, field="new") from refusal
    old = identity.normalise_mobile(old)
    if old and login_key(old) != who.credential.login_key:
        raise DomainError("old_wrong", _("这不是您现在登录用的手机号，请核对。"), field="old")
    if login_key(new) == who.credential.login_key:
        raise DomainError("same_number", _("新手机号和现在的一样，不用更换。"), field="new")
    return who.credential, old, new


def _verify(mobile: str, code: str, purpose: str, field: str) -> None:
    try:
        codes.verify(mobile, code, purpose=purpose)
    except codes.WrongCode as wrong:
        raise codes.WrongCode(wrong.code, wrong.message, field=field) from wrong


def _refuse_taken(credential: Credential, new: str) -> None:
    """Refuse a number somebody else has; without a name, for the asker is no manager.

    :raises DomainError: 409 ``mobile_taken``
    """
    taken = Learner.objects.filter(mobile_index=rules.mobile_index(new)).exclude(credential=credential).exists()
    if taken or Credential.objects.filter(login_key=login_key(new)).exclude(pk=credential.pk).exists():
        words = _("这个手机号在本单位已经有人使用。请核对，或联系本单位安全管理员。")
        raise DomainError("mobile_taken", words, status=409, field="new")


def _move(credential: Credential, new: str, *, by: int | None, at: datetime) -> None:
    """Give a person the number: the login, and where they learn the number on record.

    :raises DomainError: 409 ``mobile_taken``
    """
    _refuse_taken(credential, new)
    row = Learner.objects.select_for_update(of=("self",)).filter(credential=credential).first()
    manager = Manager.objects.filter(credential=credential).first()
    try:
        with transaction.atomic():
            credential.login_key = login_key(new)
            credential.save(update_fields=["login_key"])
            if row is not None:
                before = history.facts(row)
                row.mobile_sealed, row.mobile_index = sealing.seal(new, sealing.MOBILE), rules.mobile_index(new)
                row.save(update_fields=["mobile_sealed", "mobile_index"])
                recording.noted(row, "phone", before, by, at)
                recording.announced(row, at)
    except IntegrityError as error:
        raise MobileTaken() from error
    if manager is not None:
        history.note(
            Change.Kind.MANAGER, manager.pk, name=manager.name, action="phone",
            before={"mobile": "—"}, after={"mobile": identity.mask_mobile(new)}, by=by or manager.pk, at=at,
        )  # fmt: skip
