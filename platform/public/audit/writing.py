"""Writes of the log. Every event is part of the caller's transaction: what cannot be written down does not happen (GB/T 22239 8.1.4.3 d)."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from infra.kit import origin
from public.audit.masking import differences, masked
from public.audit.models import AuditEvent
from tenants.api import require


class Result(StrEnum):
    """How it ended: done, refused by a rule, or failed."""

    DONE = "DONE"
    REFUSED = "REFUSED"
    FAILED = "FAILED"


class Direction(StrEnum):
    """Which way data went, seen from the platform."""

    IN = "IN"
    OUT = "OUT"


def record(
    action: str,
    *,
    actor: str,
    target: str,
    at: datetime,
    ip: str | None = None,
    result: str = Result.DONE,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    **details: Any,
) -> None:
    """Write down who did what, in the log of the current place (clause 五.4); part of the caller's transaction.

    :param action: dotted name, e.g. ``people.imported``
    :param actor: who, as a reference such as ``manager:12``; never personal data in clear
    :param target: the object, e.g. ``plan:<uuid>``
    :param ip: the caller's address; that of the running request where none is given
    :param result: a value of `Result`; a refusal is written before it is raised, outside a transaction that it would end with
    :param before: what the object was; with ``after``, only what differs is kept, secrets never, numbers of persons with stars
    :param schema_name: (in ``details``) the enterprise concerned, where the platform acts on it; the platform's own is ``public``
    :raises NoScope: standing nowhere
    :raises ValueError: an unknown result
    """
    details |= differences(before, after)
    _write(action, details, actor=actor, target=target, at=at, ip=ip, result=Result(result), direction="")


def exchanged(
    action: str,
    direction: Direction,
    *,
    actor: str,
    target: str,
    at: datetime,
    party: str,
    what: str,
    rows: int | None = None,
    size: int | None = None,
    digest: str = "",
    label: str = "",
    result: str = Result.DONE,
    ip: str | None = None,
    **details: Any,
) -> None:
    """Write down that data came in or went out (clause 五.4: 数据输入、输出日志); the same log, the same rules as :func:`record`.

    :param party: with whom, e.g. ``authority:330100``, ``person``, ``webhook:<uuid>``
    :param what: which data, e.g. ``certificates``; ``rows`` how many, ``size`` in bytes
    :param digest: SHA-256 in hex of what was sent, so that a file that turns up elsewhere is found here
    :param label: of the data, as `infra.kit.labels.Label.code` says it
    """
    said = {"party": party, "what": what, "rows": rows, "bytes": size, "sha256": digest, "label": label}
    details |= {key: value for key, value in said.items() if value not in (None, "")}
    values = {"actor": actor, "target": target, "at": at, "result": Result(result), "direction": Direction(direction)}
    _write(action, details, ip=ip, **values)


def _write(action: str, details: dict[str, Any], *, ip: str | None, **values: Any) -> None:
    here = origin.current()
    AuditEvent.objects.create(
        uuid=uuid.uuid4(),
        schema_name=details.pop("schema_name", None) or require().schema,
        action=action,
        ip=ip or (here.ip if here else None),
        trace=here.trace if here else "",
        details=masked(details),
        **values,
    )
