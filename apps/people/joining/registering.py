"""Registering by a link: who holds the phone asks to be let in. Nobody learns here who else is on the books."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from apps.people import rules, sealing
from apps.people.errors import checked_id, checked_mobile, checked_name
from apps.people.joining import links, telling
from apps.people.joining.models import Application, Decision, Invite
from apps.people.models import Learner, Manager
from infra.kit import clock
from infra.kit.errors import DomainError
from tenants import codes, limits
from tenants.api import login_key, require

PURPOSE = "join"
PER_MOBILE = "10/hour"


@dataclass(frozen=True, slots=True)
class Form:
    """What somebody typed, normalised and well-formed. Never logged."""

    name: str
    id_number: str
    mobile: str


def checked(*, name: str, id_number: str, mobile: str, at: datetime) -> Form:
    """Return what was typed, normalised.

    :raises DomainError: ``name_invalid``, ``id_invalid``, ``mobile_invalid``
    """
    return Form(checked_name(name), checked_id(id_number, on=clock.shanghai_date(at)), checked_mobile(mobile))


def send_code(*, token: str, form: Form, ip: str, at: datetime) -> None:
    """Send a code to the phone of somebody who registers. Says nothing about who is known: that comes after the code.

    :raises DomainError: as :func:`apps.people.joining.links.opened`
    :raises TooMany: too many codes for this number or address
    """
    links.opened(token, at=at)
    codes.send(form.mobile, purpose=PURPOSE, ip=ip)


def register(*, token: str, form: Form, code: str, ip: str, at: datetime) -> Application:
    """Put somebody who has shown the phone into the managers' queue; who asks again while waiting gets the same row.

    :raises WrongCode: wrong, expired or tried too often
    :raises TooMany: too many tries from this address or for this number
    :raises DomainError: as :func:`links.opened`; 409 ``already_here`` (sign in), ``number_refused`` (somebody else's, not told whose)
    """
    limits.spend(
        PER_MOBILE, "join", require().schema, rules.mobile_index(form.mobile)
    )  # first: one person uses up nothing of the workshop's
    limits.spend(codes.PER_WORKSHOP, "join-ip", require().schema, ip)
    links.opened(token, at=at)
    codes.verify(form.mobile, code, purpose=PURPOSE)
    try:
        with transaction.atomic():
            invite = links.opened(token, at=at, lock=True)
            return _waiting(form) or _asked(invite, form, at)
    except IntegrityError as error:  # the same person on two phones at the same moment
        raise _refused() from error


def application(uuid: UUID) -> Application:
    """Return what became of a registration.

    :raises DomainError: 404 ``not_found``
    """
    row = Application.objects.select_related("unit").filter(uuid=uuid).first()
    if row is None:
        raise DomainError("not_found", _("没有找到这次登记。请重新扫码登记，或联系本单位安全管理员。"), status=404)
    return row


def _waiting(form: Form) -> Application | None:
    """Return the row of who asks again with the same three, after the books are looked through.

    :raises DomainError: 409 ``already_here``, ``number_refused``
    """
    person, mobile = rules.person_key(form.id_number), rules.mobile_index(form.mobile)
    known = Learner.objects.filter(person_key=person).first()
    if known is not None:
        _refuse_known(known, form, mobile)
    if Learner.objects.filter(mobile_index=mobile).exists() or _is_managers(form):
        raise _refused()
    row = Application.objects.filter(person_key=person, state=Decision.WAITING).first()
    if row is not None and (row.mobile_index, row.name) != (mobile, form.name):
        raise _refused()
    return row


def _refuse_known(known: Learner, form: Form, mobile: str) -> None:
    """Tell the person themselves that they are on the books; anybody else learns only that it does not go.

    :raises DomainError: always
    """
    if (known.name, known.mobile_index) != (form.name, mobile):
        raise _refused()
    if known.is_active:
        words = _("您已经是本单位的学员，不用再登记。请直接用这个手机号登录。")
        raise DomainError("already_here", words, status=409)
    words = _("您以前在本单位登记过，现在已归档。请联系本单位安全管理员恢复，学习记录都还在。")
    raise DomainError("was_here", words, status=409)


def _is_managers(form: Form) -> bool:
    """Whether a manager of another name has the number; a manager of the same name may learn too."""
    row = Manager.objects.filter(credential__login_key=login_key(form.mobile), left_at=None).first()
    return row is not None and row.name != form.name


def _asked(invite: Invite, form: Form, at: datetime) -> Application:
    row = Application.objects.create(
        invite=invite,
        name=form.name,
        id_sealed=sealing.seal(form.id_number, sealing.ID),
        mobile_sealed=sealing.seal(form.mobile, sealing.MOBILE),
        person_key=rules.person_key(form.id_number),
        mobile_index=rules.mobile_index(form.mobile),
        unit=invite.unit,
        position=invite.position,
        at=at,
    )
    Invite.objects.filter(pk=invite.pk).update(used=invite.used + 1)
    telling.asked(unit_id=invite.unit_id, kind="joining.asked", at=at)
    return row


def _refused() -> DomainError:
    words = _("登记没有通过核对：姓名、身份证号和手机号必须都是您本人的。请核对后再试；仍不行，请带身份证找本单位安全管理员。")
    return DomainError("number_refused", words, status=409)
