"""What the exchange needs from above: somebody who carries a document to an authority's system and brings its answer back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from infra.kit.exchange.documents import Receipt
from infra.kit.exchange.suites import Keys
from infra.kit.ports import Socket


@dataclass(frozen=True, slots=True)
class Line:
    """The way to one partner. ``secret``: of the gateway or the file store, where there is one; never shown by ``repr``."""

    channel: str
    address: str
    access_key: str
    keys: Keys = field(repr=False)
    secret: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the partner said of a parcel: receipts by record; empty and ``is_later`` where they come by themselves afterwards."""

    receipts: list[Receipt]
    is_later: bool = False


class NotCarried(Exception):
    """The document did not arrive, or its answer says nothing that counts.

    ``code``, snake_case, shown to operators in words (`exchange.wording`); ``is_down``: nobody answered as agreed (time-out, 5xx, 429), so the
    partner as a whole is called later; otherwise this document was refused. Never carries what was sent.
    """

    def __init__(self, code: str, *, is_down: bool, after_s: int = 0) -> None:
        super().__init__(code)
        self.code, self.is_down, self.after_s = code, is_down, after_s


class Carrier(Protocol):
    """Carries documents (`infra.kit.exchange.documents`) over whatever channel a line names."""

    def send(self, line: Line, document: Mapping[str, Any], *, at: datetime) -> Answer:
        """Carry a parcel of records; repeating one with the same ``msgId`` is harmless.

        :raises NotCarried: see there
        """

    def reconcile(self, line: Line, day: str, parts: Iterable[Mapping[str, Any]], *, at: datetime) -> list[str] | None:
        """Carry a day's file, part by part, and return the ids of records that the partner lacks; None where this channel has no answer.

        :raises NotCarried: see there
        """

    def collect(self, line: Line, msg_id: str, *, at: datetime) -> list[Receipt] | None:
        """Return the receipts of a parcel that was carried earlier, where they lie ready by this channel; None where none do yet.

        :raises NotCarried: see there
        """


CARRIER: Socket[Carrier] = Socket("regulators.CARRIER")
