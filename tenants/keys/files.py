"""Large files, sealed in a stream: memory stays flat. A key of the file's own, sealed as any value is, then `infra.kit.streams`.

The sealed key comes first, so a file under an old data key is known by its first bytes like any other, and a new data key costs 66 bytes.
Streams are AES-256-GCM: where the setting asks for SM4 a file is sealed in one piece, and such files, and those of before, open here too.
"""

from collections.abc import Iterator
from typing import BinaryIO, cast

from infra.kit import envelope, streams
from tenants.keys import sealing

_HEAD = envelope.sealed_bytes(envelope.KEY_BYTES)


def seal(source: BinaryIO, target: BinaryIO, *, purpose: str) -> None:
    """Read ``source`` to its end and write it sealed for the place one stands in.

    :raises DomainError: 503 ``unavailable``, as `sealing.seal`
    """
    if sealing.algorithm() != envelope.AES_256_GCM:
        target.write(sealing.seal(source.read(), purpose=purpose))
        return
    key = streams.new_key()
    target.write(sealing.seal(key, purpose=purpose))
    streams.seal(source, target, key=key)


def unseal(source: BinaryIO, *, purpose: str) -> Iterator[bytes]:
    """Return the plain pieces of what :func:`seal` wrote, or the one of a value; whoever needs the whole file must reach the end.

    The key is opened at once, for the place one stands in; the pieces may be taken after one has left it.

    :raises SealBroken: another owner's or purpose's; while the pieces come: altered, cut off
    """
    head = source.read(_HEAD + len(streams.MAGIC))
    if not is_stream(head):
        return iter([sealing.unseal(head + source.read(), purpose=purpose)])
    key = sealing.unseal(head[:_HEAD], purpose=purpose)
    return streams.unseal(cast("BinaryIO", _Rest(head[_HEAD:], source)), key=key)


def anew(sealed: bytes, *, purpose: str) -> bytes:
    """Return a file sealed with the current data key; of a stream only its key is.

    :raises SealBroken: as above
    """
    if is_stream(sealed[: _HEAD + len(streams.MAGIC)]):
        return sealing.seal(sealing.unseal(sealed[:_HEAD], purpose=purpose), purpose=purpose) + sealed[_HEAD:]
    return sealing.seal(sealing.unseal(sealed, purpose=purpose), purpose=purpose)


def is_stream(head: bytes) -> bool:
    """Say whether a file that begins so is a stream: the mark stands behind the sealed key."""
    return len(head) == _HEAD + len(streams.MAGIC) and head.endswith(streams.MAGIC) and head[:1] == bytes([envelope.VERSION])


class _Rest:
    """What was read to look at it, then the rest."""

    def __init__(self, begun: bytes, source: BinaryIO) -> None:
        self._begun, self._source = begun, source

    def read(self, size: int) -> bytes:
        begun, self._begun = self._begun[:size], self._begun[size:]
        return begun + self._source.read(size - len(begun)) if size > len(begun) else begun
