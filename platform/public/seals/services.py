"""Writes: heads, their order in the log of heads, their copies outside the database."""

import base64
import logging
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.models import Max, Model

from infra.kit import merkle, notes
from infra.kit.merkle import Frontier
from infra.kit.notes import Checkpoint, NoteSigner
from public.seals import keys, rules
from public.seals.models import Copy, Head, LogHead, Placed
from tenants import storage
from tenants.errors import Unavailable
from tenants.scope import require

log = logging.getLogger("anxue.seals")
_LOCK = 7_203_058
_MOST = 5_000
_LOOK_BACK = 100_000
"""Ids below the newest placed or copied head in which one may still have come late; `settle(everything=True)` looks at all."""
_MOST_LOOKED_AT = 200_000
"""Numbers of heads without a copy that one turn reads: an enterprise whose heads all wait for a look does not hide the others'."""


class AnotherLiesThereError(Exception):
    """A copy that was to be written once is there already, and differs."""


def add_head(
    *,
    edge: Frontier,
    edge_sm3: Frontier,
    leaves: Sequence[tuple[int, bytes]],
    signers: Sequence[NoteSigner],
    at: datetime,
    ledger: str = "",
) -> Head:
    """Sign and keep the new head of the current enterprise's ledger, within the caller's transaction.

    :param leaves: (entry id, leaf hash) of what is new in it, in order
    :param ledger: one that is no enterprise's, such as the audit log; only the platform's role may
    """
    packed = rules.pack(leaves)
    said = [
        f"sm3 {base64.b64encode(edge_sm3.root(merkle.sm3)).decode()}",
        f"leaves {rules.digest(packed)}",
        f"at {_stamp(at)}",
    ]
    point = Checkpoint(keys.origin(ledger or require().schema), edge.size, edge.root(), tuple(said))
    row = Head(size=edge.size, root=point.root, edge=edge.to_bytes(), edge_sm3=edge_sm3.to_bytes(), leaves=packed, at=at)
    row.note = notes.sign(point.text(), signers)
    if ledger:
        row.schema_name = ledger
    row.save(force_insert=True)
    return row


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def last_edges(*, ledger: str = "") -> tuple[Frontier, Frontier]:
    """Return the right edges (SHA-256, SM3) of the newest head of the current enterprise or of ``ledger``, of empty trees before the first."""
    row = Head.objects.filter(schema_name=ledger or require().schema).defer("leaves").order_by("-size").first()
    if row is None:
        return Frontier(), Frontier()
    return Frontier.from_bytes(row.size, bytes(row.edge)), Frontier.from_bytes(row.size, bytes(row.edge_sm3))


def settle(*, at: datetime, everything: bool = False) -> int:
    """Give new heads their place in the log of heads and copy what lies only in the database; return how many copies were written.

    Stands on the platform. Safe to repeat and to run beside itself.

    :param everything: look through all heads, not only the newest: there are millions a day
    """
    while _place(at=at, everything=everything):
        pass
    return _copy_all(at=at, everything=everything)


def _since(model: type[Model], field: str, *, everything: bool) -> int:
    """Return the id beyond which a head may still be without its ``model``."""
    if everything:
        return 0
    newest: int = model._default_manager.aggregate(top=Max(field))["top"] or 0
    return newest - _LOOK_BACK


@transaction.atomic
def _place(*, at: datetime, everything: bool) -> bool:
    """Order heads that have no place yet and sign the log's new head; return whether there was one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    since = _since(Placed, "head_id", everything=everything)
    heads = list(Head.objects.filter(placed=None, pk__gt=since).order_by("pk").only("note")[:_MOST])
    if not heads:
        return False
    last = LogHead.objects.order_by("-size").first()
    edge = Frontier.from_bytes(last.size, bytes(last.edge)) if last else Frontier()
    Placed.objects.bulk_create([Placed(index=edge.size + n, head=head) for n, head in enumerate(heads)], batch_size=1_000)
    grown = merkle.grow(edge, [merkle.leaf_hash(head.note.encode()) for head in heads])
    point = Checkpoint(keys.origin("heads"), grown.size, grown.root(), (f"at {_stamp(at)}",))
    note = notes.sign(point.text(), keys.signers(at=at))
    LogHead.objects.create(size=grown.size, root=point.root, edge=grown.to_bytes(), note=note, at=at)
    return True


def _copy_all(*, at: datetime, everything: bool) -> int:
    """Write what has no copy yet, oldest first; return how many. Leaves are read one head at a time: together they may be gigabytes."""
    done, blocked = 0, set[str]()
    try:
        since = _since(Copy, "head_id", everything=everything)
        heads = Head.objects.filter(copy=None, pk__gt=since).order_by("pk").values_list("pk", "schema_name")
        for pk, schema in list(heads[:_MOST_LOOKED_AT]):
            if schema not in blocked and done < _MOST:
                done += _copied_or_blocked(pk, schema, blocked, at)
        since = _since(Copy, "log_head_id", everything=everything)
        for row in LogHead.objects.filter(copy=None, pk__gt=since).order_by("pk")[:_MOST]:
            done += _noted({"log_head": row}, is_locked=_put(rules.log_key(row.size), row.note.encode(), at), at=at)
    except AnotherLiesThereError as found:
        log.error(
            "another head of the log lies at %s: no more of it is copied before somebody has looked (archive_verify)", found
        )
    except Unavailable:
        log.warning("the object store does not answer: copies of heads wait for the next turn")
    return done


def _copied_or_blocked(pk: int, schema: str, blocked: set[str], at: datetime) -> int:
    """Copy one head, or leave its enterprise's out for this turn, never those of the others."""
    head = Head.objects.get(pk=pk)
    try:
        _put(rules.leaves_key(head.schema_name, head.size), bytes(head.leaves), at)
        is_locked = _put(rules.note_key(head.schema_name, head.size), head.note.encode(), at)
    except AnotherLiesThereError as found:
        log.error("another head lies at %s: no more of it is copied before somebody has looked (manage.py archive_verify)", found)
        blocked.add(schema)
        return 0
    return _noted({"head": head}, is_locked=is_locked, at=at)


def _put(key: str, content: bytes, at: datetime) -> bool:
    """Write one file once; say whether the store itself keeps it.

    :raises AnotherLiesThereError: there is one of this name already with something else in it
    """
    name = storage.key(key)
    try:
        return bool(default_storage.put_once(name, content, until=at + rules.KEPT))  # type: ignore[attr-defined]
    except FileExistsError:  # written by a turn that died before it said so, or by one beside this
        with default_storage.open(name) as file:
            if file.read() != content:
                raise AnotherLiesThereError(key) from None
        return False


def _noted(of: dict[str, Any], *, is_locked: bool, at: datetime) -> int:
    _row, is_new = Copy.objects.get_or_create(**of, defaults={"is_locked": is_locked, "kept_until": at + rules.KEPT, "at": at})
    return int(is_new)
