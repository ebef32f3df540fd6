"""Passkeys (WebAuthn level 2) as the second factor: a security key or the machine's own, bound to our host, so nothing can be phished.

Attestation is not asked for: which make of key somebody uses decides nothing here. The challenge lives in the session for five minutes.
The library is imported where it is used: few processes need it.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from infra.kit.errors import DomainError
from public.audit import api as audit
from public.operators.models import Passkey
from tenants import limits
from tenants.accounts.models import Credential

if TYPE_CHECKING:
    from webauthn.helpers.structs import PublicKeyCredentialDescriptor

LIFE_S, MOST, TRIES = 300, 5, "10/15 minutes"


@dataclass(frozen=True, slots=True)
class Ceremony:
    """What the browser is given (``options``, JSON) and what its answer must hold (``challenge``)."""

    options: str
    challenge: bytes


def owned(credential_id: int) -> list[Passkey]:
    """Return somebody's passkeys, oldest first."""
    return list(Passkey.objects.filter(credential_id=credential_id).order_by("id"))


def has_any(*, credential_id: int) -> bool:
    """Say whether somebody has a passkey."""
    return Passkey.objects.filter(credential_id=credential_id).exists()


def _descriptors(credential_id: int) -> "list[PublicKeyCredentialDescriptor]":
    from webauthn.helpers.structs import PublicKeyCredentialDescriptor

    return [PublicKeyCredentialDescriptor(id=bytes(row.handle)) for row in owned(credential_id)]


@contextmanager
def _judged() -> Iterator[None]:
    """Turn whatever a strange answer makes the library raise into one refusal."""
    from webauthn.helpers.exceptions import WebAuthnException

    try:
        yield
    except (WebAuthnException, ValueError, KeyError, TypeError, AttributeError) as error:
        raise _wrong() from error


def begin_adding(person: Credential) -> Ceremony:
    """Return what ``navigator.credentials.create`` needs.

    :raises DomainError: 409 ``passkeys_full``
    """
    import webauthn
    from webauthn.helpers import structs

    present = _descriptors(person.pk)
    if len(present) >= MOST:
        raise DomainError("passkeys_full", _("最多绑定 5 个通行密钥。请先移除不再使用的。"), status=409)
    options = webauthn.generate_registration_options(
        rp_id=settings.PLATFORM_HOST,
        rp_name=str(_("安学平台")),
        user_name=person.name,
        user_id=person.uuid.bytes,
        exclude_credentials=present,
        authenticator_selection=structs.AuthenticatorSelectionCriteria(
            resident_key=structs.ResidentKeyRequirement.DISCOURAGED,
            user_verification=structs.UserVerificationRequirement.PREFERRED,
        ),
    )
    return Ceremony(webauthn.options_to_json(options), options.challenge)


@transaction.atomic
def add(*, person: Credential, answer: str, challenge: bytes, origin: str, name: str, at: datetime, ip: str) -> Passkey:
    """Keep a new passkey.

    :param answer: JSON of what the browser returned; ``origin`` as the browser sees us, with port
    :raises DomainError: 422 ``passkey_wrong``; 409 ``passkey_known``
    """
    import webauthn

    with _judged():
        found = webauthn.verify_registration_response(
            credential=answer, expected_challenge=challenge, expected_rp_id=settings.PLATFORM_HOST, expected_origin=origin
        )
    try:
        with transaction.atomic():
            row = Passkey.objects.create(
                credential=person,
                handle=found.credential_id,
                public_key=found.credential_public_key,
                sign_count=found.sign_count,
                name=name.strip()[:40] or str(_("通行密钥")),
                made_at=at,
            )
    except IntegrityError as error:
        raise DomainError("passkey_known", _("这个通行密钥已经绑定过。"), status=409) from error
    who = f"credential:{person.pk}"
    audit.record("desk.passkey_added", actor=who, target=who, at=at, ip=ip, passkey=row.pk)
    return row


def begin_entering(credential_id: int) -> Ceremony:
    """Return what ``navigator.credentials.get`` needs.

    :raises DomainError: 404 ``no_passkey``
    """
    import webauthn
    from webauthn.helpers.structs import UserVerificationRequirement

    present = _descriptors(credential_id)
    if not present:
        raise DomainError("no_passkey", _("您还没有绑定通行密钥，请使用动态口令。"), status=404)
    options = webauthn.generate_authentication_options(
        rp_id=settings.PLATFORM_HOST, allow_credentials=present, user_verification=UserVerificationRequirement.PREFERRED
    )
    return Ceremony(webauthn.options_to_json(options), options.challenge)


@transaction.atomic
def check(*, credential_id: int, answer: str, challenge: bytes, origin: str, at: datetime) -> None:
    """Accept one use of a passkey; a counter that does not grow is a copy and is refused.

    :raises DomainError: 422 ``passkey_wrong``
    :raises TooMany: 10 tries in 15 minutes
    """
    import webauthn

    limits.spend(TRIES, "passkey", str(credential_id))
    with _judged():
        handle = webauthn.base64url_to_bytes(json.loads(answer)["id"])
        row = Passkey.objects.select_for_update().filter(credential_id=credential_id, handle=handle).first()
        if row is None:
            raise _wrong()
        found = webauthn.verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=settings.PLATFORM_HOST,
            expected_origin=origin,
            credential_public_key=bytes(row.public_key),
            credential_current_sign_count=row.sign_count,
        )
    Passkey.objects.filter(pk=row.pk).update(sign_count=found.new_sign_count, used_at=at)


@transaction.atomic
def remove(*, person: Credential, passkey_id: int, at: datetime, ip: str) -> None:
    """Forget one of the own passkeys; the one-time code stays.

    :raises DomainError: 404 ``not_found``
    """
    done, _by_model = Passkey.objects.filter(pk=passkey_id, credential=person).delete()
    if not done:
        raise DomainError("not_found", _("没有找到这个通行密钥，可能已被移除。"), status=404)
    who = f"credential:{person.pk}"
    audit.record("desk.passkey_removed", actor=who, target=who, at=at, ip=ip, passkey=passkey_id)


def _wrong() -> DomainError:
    return DomainError("passkey_wrong", _("没有通过通行密钥验证。请重试，或改用动态口令。"), status=422)
