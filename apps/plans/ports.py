"""What plans need from above."""

from collections.abc import Sequence
from typing import Protocol

from infra.kit.ports import Socket


class CreditSource(Protocol):
    """Knows what was learnt and confirmed."""

    def earned_ms(self, *, learner_id: int, courseware_ids: Sequence[int]) -> dict[int, int]:
        """Return courseware id -> confirmed milliseconds, repeats not counted; unknown ones may be absent."""


CREDIT: Socket[CreditSource] = Socket("plans.CREDIT")
