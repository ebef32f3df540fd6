"""What remarks hand out."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class RemarkView:
    """One remark as everybody may read it."""

    stars: int
    text: str
    shown_on: date


@dataclass(frozen=True, slots=True)
class OfferView:
    """How an offer stands, for the enterprise that made it. ``state``: ``WAITING SHOWN REFUSED REMOVED``; ``label`` in words."""

    uuid: UUID
    state: str
    label: str
    reason: str
    decided_at: datetime | None
