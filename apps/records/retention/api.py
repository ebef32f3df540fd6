"""Door of the room for pages of upper rooms: what is kept where, holds, orders."""

from apps.records.retention.holding import end as end_hold
from apps.records.retention.holding import holds
from apps.records.retention.holding import place as place_hold
from apps.records.retention.keeping import PACKED
from apps.records.retention.orders import KEPT, OPEN, By, cancel, is_ready, of_uuid, orders, pieces, progress_of
from apps.records.retention.orders import place as place_order
from apps.records.retention.orders import withdraw as withdraw_orders
from apps.records.retention.queries import STATES, contents, not_whole, package, packages, terms, totals, years
from apps.records.retention.restoring import Part, parts, pictures, rows
from public.retention.api import Hold, Order, Package, What, standing

__all__ = [
    "KEPT",
    "OPEN",
    "PACKED",
    "STATES",
    "By",
    "Hold",
    "Order",
    "Package",
    "Part",
    "What",
    "cancel",
    "contents",
    "end_hold",
    "holds",
    "is_ready",
    "not_whole",
    "of_uuid",
    "orders",
    "package",
    "packages",
    "parts",
    "pictures",
    "pieces",
    "place_hold",
    "place_order",
    "progress_of",
    "rows",
    "standing",
    "terms",
    "totals",
    "withdraw_orders",
    "years",
]
