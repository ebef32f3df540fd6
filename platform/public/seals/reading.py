"""Reads: heads in the database, and heads as they lie outside it, which is what counts when the two differ."""

import logging
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.core.files.storage import default_storage
from django.db.models import Max

from infra.kit import merkle
from infra.kit.merkle import Frontier
from infra.kit.notes import BadNote, Checkpoint, NoteVerifier
from public.seals import keys, rules
from public.seals.models import Head, LogHead, Placed
from tenants import storage
from tenants.scope import platform_scope, require

log = logging.getLogger("anxue.seals")
_AT_ONCE, _AHEAD = 8, 16
"""How many files are fetched at a time, and how many may lie in memory: a store answers each within milliseconds, and there are two a head."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One head outside the database. ``problem``: why it cannot be believed, "" for none; then ``point`` is None."""

    size: int
    note: str
    point: Checkpoint | None
    problem: str = ""

    @property
    def at(self) -> datetime | None:
        """When it was signed."""
        return datetime.fromisoformat(self.point.said("at")) if self.point and self.point.said("at") else None


def newest() -> Head | None:
    """Return the current enterprise's newest head."""
    return Head.objects.filter(schema_name=require().schema).defer("leaves").order_by("-size").first()


def sizes(schemas: Iterable[str]) -> dict[str, int]:
    """Return schema -> how many entries the newest head of an enterprise holds, in one query; standing on the platform."""
    rows = Head.objects.filter(schema_name__in=list(schemas)).order_by()
    return dict(rows.values_list("schema_name").annotate(size_=Max("size")))


def head_at(index: int) -> Head | None:
    """Return the first head of the current enterprise that holds the entry at ``index``."""
    return Head.objects.filter(schema_name=require().schema, size__gt=index).defer("leaves").order_by("size").first()


@lru_cache(maxsize=1)
def _readers() -> ThreadPoolExecutor:
    """Threads that stay: each has a connection of its own to the object store."""
    return ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="seals")


def _files(names: Sequence[str]) -> Iterator[bytes | None]:
    """Yield the bytes of files of the platform in the order of their names, None for one that is gone."""
    for begin in range(0, len(names), _AHEAD):
        yield from _readers().map(_file, names[begin : begin + _AHEAD])


def _file(name: str) -> bytes | None:
    with platform_scope():  # a thread starts nowhere
        try:
            with default_storage.open(name) as file:
                return bytes(file.read())
        except FileNotFoundError:
            return None


def kept_heads(schema: str, verifiers: Sequence[NoteVerifier], *, beyond: int = 0) -> Iterator[Kept]:
    """Yield the heads of a schema that lie outside the database, by size. Stands on the platform.

    :param beyond: only those larger than this; the others are not even opened
    """
    where = storage.key(rules.folder(schema))
    found = [note for note in _notes_in(where) if note[0] > beyond]
    for (size, _name), data in zip(found, _files([f"{where}/{name}" for _size, name in found]), strict=True):
        if data is not None:  # else it was removed since it was listed
            yield _kept(schema, size, data, verifiers)


def _notes_in(where: str) -> list[tuple[int, str]]:
    """Return (size, name) of the notes in a folder, by size. What is named otherwise is none of ours: nothing we wrote is ever read there."""
    try:
        _folders, names = default_storage.listdir(where)
    except FileNotFoundError:
        return []
    return sorted((size, name) for name in names if (size := rules.size_of(name)) is not None)


def _kept(schema: str, size: int, data: bytes, verifiers: Sequence[NoteVerifier]) -> Kept:
    text = data.decode(errors="replace")
    try:
        point = Checkpoint.parse(keys.opened(text, verifiers))
    except BadNote as error:
        return Kept(size, text, None, str(error))
    if point.size != size or not keys.is_of(point.origin, schema):
        return Kept(size, text, None, f"it is the head of {point.origin} at {point.size}")
    return Kept(size, text, point)


def leaf_files(schema: str, sizes: Sequence[int]) -> Iterator[bytes | None]:
    """Yield the files of leaves of the heads of these sizes, in order, None for one that is gone; some are fetched ahead."""
    with platform_scope():
        names = [storage.key(rules.leaves_key(schema, size)) for size in sizes]
    return _files(names)


def leaves_in(data: bytes | None, point: Checkpoint) -> list[tuple[int, bytes]] | None:
    """Return (entry id, leaf hash) of what a head added, None where there is no file, or it is not the one that the head names."""
    return list(rules.unpack(data)) if data is not None and rules.digest(data) == point.said("leaves") else None


def own_leaves(point: Checkpoint) -> list[tuple[int, bytes]] | None:
    """Return the leaves as the database still has them, None unless they are those that the head names. Stands in the enterprise."""
    row = Head.objects.filter(schema_name=require().schema, size=point.size).first()
    data = bytes(row.leaves) if row else b""
    return list(rules.unpack(data)) if row and rules.digest(data) == point.said("leaves") else None


def check_log(verifiers: Sequence[NoteVerifier]) -> list[str]:
    """Return what is wrong with the log of heads, in words of engineers; [] where all is as it was signed. Stands on the platform."""
    problems: list[str] = []
    signed = {row.size: row.note for row in LogHead.objects.all()}
    outside = dict(_log_notes())
    for size in sorted(outside.keys() - signed.keys()):
        problems.append(f"log head {size} is gone from the database")
    points = {size: _point(note, verifiers, size) for size, note in {**signed, **outside}.items()}
    problems += [f"log head {size} is not signed by us" for size, point in sorted(points.items()) if point is None]
    edge, expected = Frontier(), 0
    placed = Placed.objects.order_by("index").values_list("index", "head__note")  # without the leaves, which are the whole ledger
    for index, note in placed.iterator(chunk_size=1_000):
        if index != expected:
            return [*problems, f"head {expected} is gone from the log"]
        edge = merkle.grow(edge, [merkle.leaf_hash(note.encode())])
        expected += 1
        point = points.get(expected)
        if point is not None and point.root != edge.root():
            return [*problems, f"heads before {expected} were changed"]
    beyond = [size for size in points if size > expected]
    return [*problems, *([f"the log ends at {expected}, signed up to {max(beyond)}"] if beyond else [])]


def _log_notes() -> Iterator[tuple[int, str]]:
    where = storage.key("seals/log")
    found = _notes_in(where)
    for (size, _name), data in zip(found, _files([f"{where}/{name}" for _size, name in found]), strict=True):
        if data is not None:
            yield size, data.decode(errors="replace")


def _point(note: str, verifiers: Sequence[NoteVerifier], size: int) -> Checkpoint | None:
    try:
        point = Checkpoint.parse(keys.opened(note, verifiers))
    except BadNote:
        return None
    return point if point.size == size and keys.is_of(point.origin, "heads") else None
