"""What hooks need from below the house: somebody who carries a message to an address of the enterprise's choice."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from infra.kit.ports import Socket


@dataclass(frozen=True, slots=True)
class Answer:
    """What the other side said. ``after_s``: how long it asked to wait, 0 where it did not."""

    status: int
    took_ms: int
    after_s: int = 0


class NotReached(Exception):
    """Nobody answered, or the address leads where we do not go.

    :param code: ``no_host``, ``forbidden_address``, ``timeout``, ``certificate``, ``connection``, ``bad_answer``
    """

    def __init__(self, code: str, *, took_ms: int = 0) -> None:
        super().__init__(code)
        self.code, self.took_ms = code, took_ms


class Carrier(Protocol):
    """Sends one message; follows no redirect, waits seconds and not minutes, never logs what is sent."""

    def refuses(self, url: str) -> str:
        """Return why this address would never be asked (``scheme``, ``port``, ``address``), or "" for one that may be."""

    def post(self, url: str, *, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Post a body.

        :raises NotReached: there was no answer
        """


CARRIER: Socket[Carrier] = Socket("openapi.CARRIER")
