"""Time-based one-time codes (RFC 6238): enrolment by QR, and codes that work once."""

import base64
import hmac
import io
from dataclasses import dataclass
from datetime import datetime

import pyotp
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from infra.kit.errors import DomainError
from public.operators.models import SecondFactor
from tenants import keys, limits

STEP_S, DRIFT_STEPS = 30, 1
TRIES = "10/15 minutes"
_ISSUER = "安学平台"


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What the person scans: ``qr`` is an SVG as data URI, ``secret`` the same for typing."""

    secret: str
    qr: str


def is_enrolled(*, credential_id: int) -> bool:
    """Say whether the person has confirmed a code once."""
    return SecondFactor.objects.filter(credential_id=credential_id, confirmed_at__isnull=False).exists()


@transaction.atomic
def enrolment(*, credential_id: int, name: str) -> Enrolment:
    """Return the secret to scan, made at first and the same until it is confirmed.

    :raises DomainError: ``enrolled``, a confirmed secret is never shown again
    """
    row = SecondFactor.objects.select_for_update().filter(credential_id=credential_id).first()
    if row is None:
        row = SecondFactor.objects.create(credential_id=credential_id, sealed=_seal(credential_id, pyotp.random_base32()))
    if row.confirmed_at:
        raise DomainError("enrolled", _("动态口令已绑定。如更换手机，请联系平台运营人员重置。"), status=409)
    secret = _unseal(row)
    return Enrolment(secret, _qr(pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=_ISSUER)))


def enrol(*, credential_id: int, secret: str, at: datetime) -> None:
    """Set a known secret (base32) as confirmed; for accounts that are handed over ready, such as the demo's."""
    row = {"sealed": _seal(credential_id, secret), "confirmed_at": at, "last_step": 0}
    SecondFactor.objects.update_or_create(credential_id=credential_id, defaults=row)


def check(*, credential_id: int, code: str, at: datetime) -> None:
    """Use up one code; the first right one confirms the enrolment. Codes of one step before and after are taken.

    :raises DomainError: ``totp_wrong`` or ``totp_used``
    :raises TooMany: 10 tries in 15 minutes
    """
    limits.spend(TRIES, "totp", str(credential_id))
    row = SecondFactor.objects.filter(credential_id=credential_id).first()
    step = _step_of(_unseal(row), code.strip().replace(" ", ""), at) if row else None
    if row is None or step is None:
        raise DomainError(
            "totp_wrong", _("动态口令不正确，请输入验证器中当前的 6 位数字，并检查手机时间是否准确。"), field="code"
        )
    used = SecondFactor.objects.filter(pk=row.pk, last_step__lt=step)
    if not used.update(last_step=step, confirmed_at=row.confirmed_at or at):
        raise DomainError("totp_used", _("这个口令已使用过，请等验证器换出下一个。"), field="code")


def _step_of(secret: str, code: str, at: datetime) -> int | None:
    now = int(at.timestamp()) // STEP_S
    totp = pyotp.TOTP(secret)
    steps = [now + drift for drift in range(-DRIFT_STEPS, DRIFT_STEPS + 1)]
    return next((step for step in steps if hmac.compare_digest(totp.generate_otp(step).encode(), code.encode())), None)


def _seal(credential_id: int, secret: str) -> bytes:
    return keys.seal(secret.encode(), purpose=f"totp/{credential_id}")


def _unseal(row: SecondFactor) -> str:
    return keys.unseal(row.sealed, purpose=f"totp/{row.credential_id}").decode()


def _qr(uri: str) -> str:
    import segno  # drawn only when somebody sets up a second factor

    out = io.BytesIO()
    segno.make(uri, error="m").save(out, kind="svg", scale=5, border=3, light="#ffffff", dark="#1b2530")
    return "data:image/svg+xml;base64," + base64.b64encode(out.getvalue()).decode()
