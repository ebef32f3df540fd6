"""Front door of seals."""

from pathlib import Path

from public.seals.keys import is_of, log_name, opened, origin, public_keys, signers, verifiers
from public.seals.models import Head, LogHead
from public.seals.ports import PROOFS
from public.seals.reading import Kept, check_log, head_at, kept_heads, leaf_files, leaves_in, newest, own_leaves, sizes
from public.seals.services import add_head, last_edges, settle

PROGRAM = Path(__file__).parent / "offline/anxue_verify.py"
"""Checks a certificate's proof on anybody's machine, without us."""

__all__ = [
    "PROGRAM",
    "PROOFS",
    "Head",
    "Kept",
    "LogHead",
    "add_head",
    "check_log",
    "head_at",
    "is_of",
    "kept_heads",
    "last_edges",
    "leaf_files",
    "leaves_in",
    "log_name",
    "newest",
    "opened",
    "origin",
    "own_leaves",
    "public_keys",
    "settle",
    "signers",
    "sizes",
    "verifiers",
]
