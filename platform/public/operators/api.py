"""Front door: accounts of the platform, the three offices, the guard of desk pages, the desk's frame and queues, notices to operators."""

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
from public.operators.notices.telling import Kind as NoticeKind
from public.operators.notices.telling import Told, Words, notices_of, reachable, register, see, spoken, tell, told, unseen
from public.operators.services import is_set_up, open_credential, open_operator

__all__ = [
    "ADMINISTRATORS",
    "BUSINESS",
    "SECOND_FACTOR",
    "SEEN",
    "Me",
    "NoticeKind",
    "Queue",
    "Role",
    "Told",
    "Words",
    "add_queues",
    "colleagues",
    "desk_page",
    "frame",
    "is_set_up",
    "may_read",
    "notices_of",
    "open_credential",
    "open_operator",
    "operator_of",
    "reachable",
    "register",
    "see",
    "signed_in",
    "spoken",
    "tell",
    "to_sign_in",
    "told",
    "unseen",
]
