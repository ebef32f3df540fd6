"""What this floor needs from above."""

from dataclasses import dataclass
from typing import Protocol

from infra.kit.ports import Socket


@dataclass(frozen=True, slots=True)
class FilesStand:
    """How many files that only a few may read lie encrypted, lie in clear yet, and cannot be encrypted (lost, or altered since they came)."""

    sealed: int
    clear: int
    broken: int


class ClearFiles(Protocol):
    """Files of cases that came before such files were encrypted."""

    def standing(self) -> FilesStand:
        """Count them."""

    def seal(self) -> None:
        """Wake a worker that encrypts them, at the caller's commit; the broken ones are looked at again."""


CLEAR_FILES: Socket[ClearFiles] = Socket("clear-files")
