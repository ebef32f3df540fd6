"""The few files an embedded server keeps beside its data: a lock, a secret, its port."""

import fcntl
import os
import secrets
import shutil
import socket
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path


class EmbeddedServiceError(RuntimeError):
    """An embedded server could not be found, started or stopped; the message carries the end of its log."""


@contextmanager
def exclusive(folder: Path) -> Iterator[None]:
    """Hold `folder` for this process: a second caller waits until the first is done."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def write_private(path: Path, text: str) -> None:
    """Write `text` to `path`, readable by its owner only (0600) from the first byte on."""
    draft = path.with_name(path.name + ".draft")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as handle:
        handle.write(text)
    draft.replace(path)


def kept_secret(path: Path, *, prefix: str = "") -> str:
    """The secret kept in `path`; made on first use, 32 random bytes in URL-safe letters after `prefix`."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        write_private(path, prefix + secrets.token_urlsafe(32))
    return path.read_text().strip()


def mirror(source: Path, target: Path) -> None:
    """Make the folder `target`, a former copy of `source`, equal to it again: owners, modes and times too.

    A file of the same size and the same time of change (nanoseconds) counts as unchanged. Neither may hold links.
    """
    wanted, found = _entries(source), _entries(target)
    for name in sorted(found.keys() - wanted.keys(), reverse=True):  # what lies in a folder before the folder
        path = target / name
        path.rmdir() if found[name] is None else path.unlink()
    for name in sorted(wanted):
        if name not in found or wanted[name] != found[name]:
            _copy(source / name, target / name)


def _entries(top: Path) -> dict[str, tuple[int, int] | None]:
    """Size and time of change of each file below `top`, None for each folder."""
    found: dict[str, tuple[int, int] | None] = {}
    waiting = [""]
    while waiting:
        folder = waiting.pop()
        with os.scandir(top / folder) as entries:
            for entry in entries:
                name = f"{folder}{entry.name}"
                if entry.is_dir(follow_symlinks=False):
                    found[name] = None
                    waiting.append(f"{name}/")
                else:
                    state = entry.stat(follow_symlinks=False)
                    found[name] = state.st_size, state.st_mtime_ns
    return found


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        target.mkdir()
    else:
        shutil.copyfile(source, target)
    state = source.stat()
    os.chown(target, state.st_uid, state.st_gid)
    shutil.copystat(source, target)


def free_ports(kept: Path, ports: Iterable[int]) -> Iterator[int]:
    """Loopback ports that can be bound now: the one written in `kept` first, then those of `ports`.

    Hand in ports below the ephemeral range (32768 and up): there an outgoing connection may hold a port that was ours.
    """
    first = [int(kept.read_text())] if kept.exists() else []
    for port in [*first, *ports]:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        yield port


def own_range(first: int) -> range:
    """The hundred ports from ``first`` on, moved by `ANXUE_PORT_SHIFT`: runs side by side keep out of each other's way."""
    start = first + int(os.environ.get("ANXUE_PORT_SHIFT") or 0)
    return range(start, start + 100)


def wait_until(ready: Callable[[], bool], *, seconds: float, step: float = 0.03) -> bool:
    """Ask `ready` every `step` seconds; False when it has not said yes within `seconds`."""
    end = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > end:
            return False
        time.sleep(step)
    return True


def tail(log: Path, *, characters: int = 1500) -> str:
    """The end of a server's log, for the message of an error."""
    return log.read_text(errors="replace")[-characters:] if log.exists() else ""
