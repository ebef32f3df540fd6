"""Front door of seals."""

from public.seals.keys import log_name, origin, public_keys, signers, verifiers
from public.seals.models import Head, LogHead
from public.seals.reading import Kept, check_log, head_at, kept_heads, leaves_of, newest, own_leaves
from public.seals.services import add_head, last_edges, settle

__all__ = [
    "Head",
    "Kept",
    "LogHead",
    "add_head",
    "check_log",
    "head_at",
    "kept_heads",
    "last_edges",
    "leaves_of",
    "log_name",
    "newest",
    "origin",
    "own_leaves",
    "public_keys",
    "settle",
    "signers",
    "verifiers",
]
