"""The plug of development and demo: messages wait on a page instead of reaching phones."""

import json
from dataclasses import dataclass
from datetime import datetime

from redis.exceptions import RedisError

from infra.kit import clock
from tenants import valkey
from tenants.errors import Unavailable

KEPT = 50
_LIFE_S = 24 * 3600


@dataclass(frozen=True, slots=True)
class Message:
    """One message as it would have reached the phone."""

    mobile: str
    code: str
    purpose: str
    at: datetime
    text: str = ""


class OutboxSms:
    """Keeps the last 50 messages in Valkey for `/dev/outbox`."""

    def send_code(self, *, mobile: str, code: str, purpose: str) -> None:
        """Put the code on top of the outbox.

        :raises Unavailable: Valkey does not answer
        """
        _put({"mobile": mobile, "code": code, "purpose": purpose})

    def send_text(self, *, mobile: str, text: str) -> None:
        """Put the notice on top of the outbox.

        :raises Unavailable: Valkey does not answer
        """
        _put({"mobile": mobile, "code": "", "purpose": "notice", "text": text})


def _put(entry: dict[str, str]) -> None:
    said = json.dumps({**entry, "at": clock.now().isoformat()})
    try:
        with valkey.client().pipeline(transaction=True) as pipe:
            pipe.lpush(_key(), said)
            pipe.ltrim(_key(), 0, KEPT - 1)
            pipe.expire(_key(), _LIFE_S)
            pipe.execute()
    except RedisError as error:
        raise Unavailable from error


def messages() -> list[Message]:
    """Return the messages, newest first."""
    found = valkey.client().lrange(_key(), 0, KEPT - 1)
    entries = [json.loads(raw) for raw in found]  # type: ignore[union-attr]
    return [Message(e["mobile"], e["code"], e["purpose"], datetime.fromisoformat(e["at"]), e.get("text", "")) for e in entries]


def _key() -> str:
    return valkey.platform_key("sms-outbox")
