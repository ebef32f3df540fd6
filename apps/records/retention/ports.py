"""What keeping old months needs from the rooms whose rows they are."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID


@dataclass(frozen=True, slots=True)
class KeptRow:
    """One row of process data as it goes into a package.

    :param body: JSON; what is sealed stays sealed, in base64, so that a key that is destroyed later makes it unreadable there too
    :param files: storage names of its files, which go along as they lie in the store
    """

    id: int | str
    learner: UUID | None
    at: datetime
    body: dict[str, Any]
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Span:
    """One month of the current enterprise, ``since`` included, ``until`` not; without those learners who are on hold."""

    since: datetime
    until: datetime
    held: frozenset[UUID] = field(default=frozenset())


class Keeper(Protocol):
    """Knows one kind of process data, and how it leaves the tables once it lies in a verified package (clause 四.6).

    :ivar name: of its part of a package, e.g. ``faces``
    :ivar what: whose period it has, a value of `public.retention.What`
    :ivar label: what people call it (lazy)
    :ivar is_shared: its rows lie in a shared month that goes as a whole, once everybody in it has packed (`public.audit`); nothing is erased here
    """

    name: str
    what: str
    label: Any
    is_shared: bool

    def oldest(self) -> datetime | None:
        """Return the moment of the oldest row that is still there."""

    def count(self, span: Span) -> int:
        """Return how many rows of a month are still there."""

    def select(self, span: Span) -> Iterator[KeptRow]:
        """Yield the rows of a month, oldest first, a slice of them in memory at a time."""

    def erase(self, package: UUID, rows: Sequence[KeptRow]) -> int:
        """Erase rows by way of ``public.retention_erase`` and their files; return how many of them are gone now, whoever erased them."""


class Keepers:
    """All that were plugged in, by name of their part; a boot check is not needed, for without one nothing is erased."""

    def __init__(self) -> None:
        self._known: dict[str, Keeper] = {}
        self._pictures: dict[str, Callable[[KeptRow, bytes], list[bytes]]] = {}

    def plug(self, keeper: Keeper, *, pictures: Callable[[KeptRow, bytes], list[bytes]] | None = None) -> None:
        """Add one; a second of the same name takes its place.

        :param pictures: opens a file of a row, as it lies in a package; [] where nobody can open it any more
        """
        self._known[keeper.name] = keeper
        if pictures is not None:
            self._pictures[keeper.name] = pictures

    def pictures(self, name: str, row: KeptRow, data: bytes) -> list[bytes]:
        """Return the pictures in a file of a row."""
        return self._pictures[name](row, data) if name in self._pictures else []

    def of(self, what: str) -> list[Keeper]:
        """Return those of one kind of data, in the order in which they were plugged in."""
        return [one for one in self._known.values() if one.what == what]

    def named(self, name: str) -> Keeper:
        """Return the keeper of a part.

        :raises KeyError: nobody knows it any more
        """
        return self._known[name]

    def label(self, name: str) -> str:
        """Return what people call a part; its name where nobody knows it any more."""
        return str(self._known[name].label) if name in self._known else name


KEEPERS = Keepers()


class Openers:
    """How sealed columns and stored files are opened when an enterprise takes everything along; what nobody opens is left out and said so.

    Keys are ``app.model.field`` in small letters, e.g. ``people.learner.id_sealed``.
    """

    def __init__(self) -> None:
        self._texts: dict[str, Callable[[bytes], str]] = {}
        self._files: dict[str, Callable[[str], bytes]] = {}

    def text(self, column: str, opener: Callable[[bytes], str]) -> None:
        """Plug how a sealed column is opened."""
        self._texts[column] = opener

    def file(self, column: str, opener: Callable[[str], bytes]) -> None:
        """Plug how the file is opened whose storage name stands in a column."""
        self._files[column] = opener

    def text_of(self, column: str) -> Callable[[bytes], str] | None:
        """Return how a sealed column is opened, None where nobody says."""
        return self._texts.get(column)

    def file_of(self, column: str) -> Callable[[str], bytes] | None:
        """Return how a column's files are opened, None where it names none that go along."""
        return self._files.get(column)


OPENERS = Openers()
