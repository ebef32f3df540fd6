"""Front door of remarks."""

from public.remarks.queries import offers, remark_view, remarks
from public.remarks.services import offer
from public.remarks.shapes import OfferView, RemarkView

__all__ = ["OfferView", "RemarkView", "offer", "offers", "remark_view", "remarks"]
