"""Several processes of ours under one parent: started together, shown together, ended together."""

import contextlib
import os
import shlex
import signal
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from honcho.manager import Manager

from infra.wiring.embedded.files import wait_until

PATIENCE = 12
"""Seconds between asking the parts to end and killing them."""


@dataclass(frozen=True)
class Part:
    """One process: `name` in front of its lines, `command` word by word, begun when the file `after` exists."""

    name: str
    command: Sequence[str]
    after: Path | None = None


class _Manager(Manager):  # type: ignore[misc]  # honcho carries no types
    """Honcho's manager, which by itself waits for ever for a part that ignores SIGTERM."""

    def terminate(self) -> None:
        """Ask all parts to end; kill what is left of them after `PATIENCE` seconds."""
        if not self._all_started():
            # Asked before the parts have said their pids: honcho would miss them.
            threading.Timer(0.3, self.terminate).start()
            return
        super().terminate()
        reaper = threading.Timer(PATIENCE, self.kill)
        reaper.daemon = True
        reaper.start()


def run(parts: Sequence[Part], *, folder: Path, environment: Mapping[str, str], root: Path) -> int:
    """Run `parts` in `root` until one ends or Ctrl-C or SIGTERM comes; 0 when a person ended it.

    `folder` keeps one pid file for each part, so that `stop_leftovers` can end what a killed supervisor left behind.
    """
    manager = _Manager()
    for part in parts:
        # `exec` keeps the pid of the shell, which honcho made the leader of its own process group.
        wait = f"while [ ! -e {shlex.quote(str(part.after))} ]; do sleep 0.1; done; " if part.after else ""
        line = f"echo $$ > {shlex.quote(str(_mark(folder, part.name)))}; {wait}exec {shlex.join(part.command)}"
        manager.add_process(part.name, line, env=dict(environment), cwd=str(root))
    manager.loop()
    stop_leftovers(folder)
    by_hand = {128 + signal.SIGINT, 128 + signal.SIGTERM}
    return 0 if manager.returncode in by_hand else manager.returncode or 1


def stop_leftovers(folder: Path) -> list[str]:
    """End the process groups whose pid files lie in `folder`, and return the names of those that still ran."""
    stopped = []
    for mark in sorted(folder.glob("*.pid")):
        words = mark.read_text().split()
        if words and (group := int(words[0])) and _is_ours(group, folder):
            stopped.append(mark.stem)
            _end(group)
        mark.unlink(missing_ok=True)
    return stopped


def _mark(folder: Path, name: str) -> Path:
    return folder / f"{name}.pid"


def _is_ours(group: int, folder: Path) -> bool:
    """True when `group` still is one of our parts and not a stranger who got the number later."""
    mine = str(folder.resolve()).encode()
    return any(mine in _environment(pid) for pid in _members(group))


def _members(group: int) -> list[int]:
    members = []
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if os.getpgid(int(entry.name)) == group:
                members.append(int(entry.name))
    return members


def _environment(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/environ").read_bytes()
    except OSError:
        return b""


def _end(group: int) -> None:
    for number in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(group, number)
        if wait_until(lambda: not _members(group), seconds=PATIENCE, step=0.1):
            return
