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
from public.operators.stories import SYSTEM, Desk, Story, log

__all__ = [
    "ADMINISTRATORS",
    "BUSINESS",
    "SECOND_FACTOR",
    "SEEN",
    "SYSTEM",
    "Desk",
    "Me",
    "NoticeKind",
    "Queue",
    "Role",
    "Story",
    "Told",
    "Words",
    "add_queues",
    "colleagues",
    "desk_page",
    "frame",
    "is_set_up",
    "log",
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
