"""The key of an opened paper: whose try, which page, on which device. It stands in for the login on the busiest path (0031, 0052)."""

from dataclasses import dataclass
from uuid import UUID

from django.core import signing
from django.utils.translation import gettext_lazy as _

from infra.kit.errors import DomainError
from tenants.api import require

_SALT = "exams.sitting"
_LASTS_S = 24 * 3600


@dataclass(frozen=True, slots=True)
class Key:
    """What an opened paper proves."""

    attempt: UUID
    learner_id: int
    terminal: str


def make(key: Key) -> str:
    """Return the signed text of a key; good in this enterprise alone."""
    values = [require().schema, str(key.attempt), key.learner_id, key.terminal]
    return signing.dumps(values, salt=_SALT)


def read(text: str, *, attempt: UUID, terminal: str) -> Key:
    """Return the key of a page that speaks for this try from this device.

    :raises DomainError: 401 ``page_expired``: forged, of another try, device or enterprise, or older than a day
    """
    try:
        schema, about, learner_id, device = signing.loads(text, salt=_SALT, max_age=_LASTS_S)
    except (signing.BadSignature, ValueError, TypeError):
        schema, about, learner_id, device = "", "", 0, ""
    if (schema, about, device) != (require().schema, str(attempt), terminal):
        raise expired()
    return Key(attempt, int(learner_id), device)


def expired() -> DomainError:
    """Return the refusal of a page that does not count any more: 401 ``page_expired``."""
    return DomainError("page_expired", _("这一页已失效。请重新打开考试，已保存的答案都在。"), status=401)
