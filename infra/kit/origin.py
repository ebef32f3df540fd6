"""Where the running work comes from: one trace number a request or task, the caller's address, and who was recognised.

The web's middleware and the tasks' base class set it; logs, audit events and marks on exports read it. ``name`` goes into marks only, never
into logs.
"""

import logging
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

_TRACE = re.compile(r"[0-9a-f]{32}")


@dataclass(slots=True)
class Origin:
    """One request or task. ``trace``: 32 hex digits; ``ip``: the caller's address, None within tasks; ``who``: a reference such as ``manager:12``;
    ``name``: how the person is called, for marks on files.
    """

    trace: str
    ip: str | None = None
    who: str = ""
    name: str = ""


_current: ContextVar[Origin | None] = ContextVar("anxue_origin", default=None)


def new_trace() -> str:
    """Return a number nobody can guess."""
    return secrets.token_hex(16)


def current() -> Origin | None:
    """Return where the running work comes from, or None (a command, a test)."""
    return _current.get()


def trace() -> str:
    """Return the trace number, "" outside requests and tasks."""
    found = _current.get()
    return found.trace if found else ""


def recognised(who: str, name: str = "") -> None:
    """Note who the caller turned out to be, e.g. ``operator:3``; nothing happens outside requests and tasks."""
    found = _current.get()
    if found is not None:
        found.who, found.name = who, name


@contextmanager
def coming_from(number: str = "", *, ip: str | None = None) -> Iterator[Origin]:
    """Work under one trace for the block. ``number`` is taken only if it is one of ours; anything else gets a new one."""
    made = Origin(number if _TRACE.fullmatch(number) else new_trace(), ip)
    token = _current.set(made)
    try:
        yield made
    finally:
        _current.reset(token)


@contextmanager
def on_behalf_of(who: str, name: str = "") -> Iterator[Origin]:
    """Work for somebody who ordered it earlier, under the running trace or, where there is none, a new one."""
    here = _current.get()
    made = Origin(here.trace if here else new_trace(), here.ip if here else None, who, name)
    token = _current.set(made)
    try:
        yield made
    finally:
        _current.reset(token)


class TraceFilter(logging.Filter):
    """Gives each line of the log its trace: ``%(trace)s``."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Add the attribute; every line passes."""
        record.trace = trace() or "-"
        return True
