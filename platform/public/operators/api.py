"""Front door: accounts of the platform, the guard of desk pages, the desk's frame and queues."""

from public.operators.desk import (
    SECOND_FACTOR,
    Me,
    Queue,
    Role,
    add_queues,
    colleagues,
    desk_page,
    frame,
    operator_of,
    signed_in,
    to_sign_in,
)
from public.operators.services import open_credential, open_operator

__all__ = [
    "SECOND_FACTOR",
    "Me",
    "Queue",
    "Role",
    "add_queues",
    "colleagues",
    "desk_page",
    "frame",
    "open_credential",
    "open_operator",
    "operator_of",
    "signed_in",
    "to_sign_in",
]
