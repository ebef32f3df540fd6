"""What the room hands out."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class CaseView:
    """How a case stands: what its enterprise and its learner may know. ``state`` is OPEN, RESTORED or UPHELD."""

    uuid: UUID
    state: str
    reason: str
    due_at: datetime
    decided_at: datetime | None
    decided_by: str
