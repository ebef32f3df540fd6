"""Front door of the review: for demo data and journeys; people use the desk's pages."""

from public.review.models import Decision
from public.review.services import decide, publish, submit

ANGLES = tuple(Decision.Angle.values)

__all__ = ["ANGLES", "decide", "publish", "submit"]
