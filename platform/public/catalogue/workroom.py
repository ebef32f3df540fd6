"""Folders in which media jobs work: all under one roof, each locked by the process that uses it, cleared when nobody does."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

_LOCK = ".lock"


@contextmanager
def workroom(name: str) -> Iterator[Path]:
    """Give an empty folder for the block and remove it afterwards; what broken jobs left behind goes first.

    A process that dies loses its lock, so its folder is cleared by the next job, whichever that is.

    :raises BlockingIOError: another process works in the folder of this name
    """
    roof = Path(settings.WORK_FOLDER)
    roof.mkdir(parents=True, exist_ok=True)
    clear(roof)
    folder = roof / name
    folder.mkdir(exist_ok=True)
    lock = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        try:
            inside = folder / "job"
            inside.mkdir()
            yield inside
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    finally:
        os.close(lock)


def clear(roof: Path) -> int:
    """Remove the folders under ``roof`` that no living process holds; return how many there were."""
    gone = 0
    for folder in roof.iterdir():
        if folder.is_dir() and _is_free(folder):
            shutil.rmtree(folder, ignore_errors=True)
            gone += 1
    return gone


def _is_free(folder: Path) -> bool:
    try:
        lock = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    else:
        return True
    finally:
        os.close(lock)
