"""A folder of files in which the first two notes are given out together only: who reads them one after the other waits in vain."""

from __future__ import annotations

from itertools import count
from threading import Barrier
from typing import Any

from tenants.objects.files import PlacedFiles

TOGETHER, WAIT_S = 2, 10
state: dict[str, Any] = {}


def begin() -> None:
    """Forget who has met."""
    state.update(turns=count(), barrier=Barrier(TOGETHER))


class MeetingFiles(PlacedFiles):
    """See above."""

    def _open(self, name: str, mode: str = "rb") -> Any:
        if name.endswith(".note") and next(state["turns"]) < TOGETHER:
            state["barrier"].wait(WAIT_S)
        return super()._open(name, mode)
