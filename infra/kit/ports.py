"""Sockets: a lower room declares what it needs from above, the upper room plugs in at start-up."""

from typing import Generic, TypeVar

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
        _all.append(self)  # type: ignore[arg-type]

    def plug(self, implementation: T) -> None:
        """Fill the socket, replacing what was there."""
        self._plug = implementation

    def get(self) -> T:
        """Return what was plugged in.

        :raises LookupError: nothing was
        """
        if self._plug is None:
            raise LookupError(f"nobody plugged into {self.name}")
        return self._plug

    @property
    def is_filled(self) -> bool:
        """Whether something was plugged in."""
        return self._plug is not None


def unfilled() -> list[str]:
    """Return the names of declared sockets that nobody filled."""
    return [socket.name for socket in _all if not socket.is_filled]
