"""Front door: accounts of the platform, the three offices, the guard of desk pages, the desk's frame and queues."""

from public.operators.desk import (
    BUSINESS,
    SECOND_FACTOR,
    SEEN,
    Me,
    Queue,
    Role,
    add_queues,
    colleagues,
    desk_page,
    frame,
    may_read,
    operator_of,
    signed_in,
    to_sign_in,
)
from public.operators.models import ADMINISTRATORS
from public.operators.services import is_set_up, open_credential, open_operator

__all__ = [
    "ADMINISTRATORS",
    "BUSINESS",
    "SECOND_FACTOR",
    "SEEN",
    "Me",
    "Queue",
    "Role",
    "add_queues",
    "colleagues",
    "desk_page",
    "frame",
    "is_set_up",
    "may_read",
    "open_credential",
    "open_operator",
    "operator_of",
    "signed_in",
    "to_sign_in",
]
