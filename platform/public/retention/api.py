"""Front door of retention."""

from public.retention.models import Hold, Order, Package, Period, Step, What
from public.retention.queries import Held, RecordTerm, Term, held, in_force, record_terms, standing, terms

__all__ = [
    "Held",
    "Hold",
    "Order",
    "Package",
    "Period",
    "RecordTerm",
    "Step",
    "Term",
    "What",
    "held",
    "in_force",
    "record_terms",
    "standing",
    "terms",
]
