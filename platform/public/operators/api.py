"""Front door: accounts of the platform, the guard of desk pages, the desk's frame and queues."""

from public.operators.desk import SECOND_FACTOR, Me, Queue, Role, add_queues, desk_page, frame, signed_in, to_sign_in
from public.operators.services import open_credential, open_operator

__all__ = [
    "SECOND_FACTOR",
    "Me",
    "Queue",
    "Role",
    "add_queues",
    "desk_page",
    "frame",
    "open_credential",
    "open_operator",
    "signed_in",
    "to_sign_in",
]
