"""Front door of retention."""

from public.retention.models import Hold, Order, Package, Period, Step, What
from public.retention.queries import Held, Term, held, in_force, standing, terms

__all__ = [
    "Held",
    "Hold",
    "Order",
    "Package",
    "Period",
    "Step",
    "Term",
    "What",
    "held",
    "in_force",
    "standing",
    "terms",
]
