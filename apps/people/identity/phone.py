"""The way of equal worth: a fresh code by text message to the learner's own phone (clause 二.1)."""

from datetime import datetime

from apps.people import sealing
from apps.people.identity import proofs
from apps.people.identity.models import Identity, Method
from apps.people.models import Learner
from infra.kit import identity
from tenants import codes, limits
from tenants.api import require

PURPOSE = "identity"
SIGNING = "sign-off"
TRIES = "20/15 minutes"


def send_code(*, learner_id: int) -> str:
    """Send a code to the phone on record; return the masked number.

    :raises TooMany: too many codes for this number; the address does not count, the asker is known
    :raises Unavailable: the message was not accepted
    """
    mobile = _mobile(learner_id)
    codes.send(mobile, purpose=PURPOSE)
    return identity.mask_mobile(mobile)


def enter_code(*, learner_id: int, terminal: str, code: str, at: datetime) -> None:
    """Use a code up and remember the proof for this terminal; for who chose the face it stands in for it.

    :raises WrongCode: wrong, expired or tried too often; nothing is remembered
    :raises TooMany: 20 tries in 15 minutes
    """
    limits.spend(TRIES, "identity-code", require().schema, str(learner_id))
    codes.verify(_mobile(learner_id), code, purpose=PURPOSE)
    instead = Identity.objects.filter(learner_id=learner_id, method=Method.FACE).exclude(template_sealed=b"").exists()
    proofs.note_proof(learner_id=learner_id, terminal=terminal, method=Method.CODE, at=at, instead=instead)


def send_signing_code(*, learner_id: int) -> str:
    """Send a code that signs a record to the phone on record; return the masked number.

    :raises TooMany: too many codes for this number; the address does not count, the asker is known
    :raises Unavailable: the message was not accepted
    """
    mobile = _mobile(learner_id)
    codes.send(mobile, purpose=SIGNING)
    return identity.mask_mobile(mobile)


def use_signing_code(*, learner_id: int, code: str) -> None:
    """Use up a code that was sent for signing; one for another purpose does not do.

    :raises WrongCode: wrong, expired or tried too often
    :raises TooMany: 20 tries in 15 minutes
    """
    limits.spend(TRIES, "signing-code", require().schema, str(learner_id))
    codes.verify(_mobile(learner_id), code, purpose=SIGNING)


def masked(learner_id: int) -> str:
    """Return the masked number on record."""
    return identity.mask_mobile(_mobile(learner_id))


def _mobile(learner_id: int) -> str:
    return sealing.unseal(Learner.objects.values_list("mobile_sealed", flat=True).get(pk=learner_id), sealing.MOBILE)
