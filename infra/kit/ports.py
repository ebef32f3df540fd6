"""Sockets: a lower room declares what it needs from above, the upper room plugs in at start-up."""

from collections.abc import Callable, Mapping
from typing import Generic, Protocol, TypeVar

T = TypeVar("T")
_all: "list[Socket[object]]" = []


class Socket(Generic[T]):
    """A named place for one implementation of a Protocol.

    Example: ``SMS: Socket[SmsSender] = Socket("sms")`` in `ports.py`; ``SMS.plug(AliyunSms(...))`` in an `AppConfig.ready`;
    ``SMS.get().send(...)`` where it is needed. A boot check reports sockets that stayed empty.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._plug: T | None = None
        self._make: Callable[[], T] | None = None
        _all.append(self)  # type: ignore[arg-type]

    def plug(self, implementation: T) -> None:
        """Fill the socket, replacing what was there."""
        self._plug, self._make = implementation, None

    def plug_later(self, make: Callable[[], T]) -> None:
        """Fill the socket with what ``make`` returns, asked at the first use: for libraries that most processes never need."""
        self._plug, self._make = None, make

    def get(self) -> T:
        """Return what was plugged in.

        :raises LookupError: nothing was
        """
        if self._plug is None:
            if self._make is None:
                raise LookupError(f"nobody plugged into {self.name}")
            self._plug = self._make()
        return self._plug

    @property
    def is_filled(self) -> bool:
        """Whether something was plugged in."""
        return self._plug is not None or self._make is not None


def unfilled() -> list[str]:
    """Return the names of declared sockets that nobody filled."""
    return [socket.name for socket in _all if not socket.is_filled]


class KeyRefused(Exception):
    """The key service does not open this: altered, wrapped for something else, or under a master key that is gone."""


class KeyService(Protocol):
    """Keeps the master key and wraps data keys with it (KMS, HSM or a key file). Never sees data."""

    @property
    def name(self) -> str:
        """What it is and which master key it uses, e.g. ``aws:cn-north-1:alias/anxue``; stands beside every key it wrapped, holds no secret."""

    def wrap(self, key: bytes, *, context: Mapping[str, str]) -> bytes:
        """Encrypt a data key of 32 bytes for whoever names the same context again. At most 1,000 bytes come back.

        :raises KeyRefused: the service refuses
        :raises DomainError: 503 ``unavailable``, it does not answer
        """

    def unwrap(self, wrapped: bytes, *, context: Mapping[str, str]) -> bytes:
        """Return the data key.

        :raises KeyRefused: altered, or wrapped for another context or by another master key
        :raises DomainError: 503 ``unavailable``, it does not answer
        """


KMS: Socket[KeyService] = Socket("kit.KMS")
