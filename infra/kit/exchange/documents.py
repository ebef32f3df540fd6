"""The documents that two platforms exchange, as plain data; `xml.py` and JSON write them down.

A parcel::

    {"version", "msgId", "sender", "receiver", "at", "first", "last", "count", "signType", "encType", "keyWrap",
     "enterprises": [{"id", "name", "uscc", "divisionCode", "industryCode", "hazard"}],
     "records": [{"seq", "id", "kind", "event", "enterprise", "subject", "at", "fields": {…}, "sealed"}]}

``sealed`` is base64 of the canonical JSON of the fields about a person, under the parcel's content key, bound to the record's id.
"""

import base64
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from infra.kit import canonical
from infra.kit.exchange import suites
from infra.kit.exchange.records import VERSION, Value, publish
from infra.kit.exchange.suites import Keys, Suite

MOST_RECORDS: Final = 1000
MOST_LINES: Final = 20_000
"""Of one part of a day's file: some 4 MB."""
MOST_BYTES: Final = 8 * 1024 * 1024
"""Of any document that comes in."""


class BadDocument(ValueError):
    """No document of ours: wrong shape, too large, or a version we do not know. The words name the place, never a value."""


class Result(StrEnum):
    """What became of one record over there."""

    ACCEPTED = "ACCEPTED"
    DUPLICATE = "DUPLICATE"
    REJECTED = "REJECTED"


@dataclass(frozen=True, slots=True)
class Receipt:
    """The receiver's word on one record; ``code`` and ``reason`` say why it was rejected."""

    id: str
    result: Result
    code: str = ""
    reason: str = ""

    @property
    def is_there(self) -> bool:
        """Whether the receiver has the record now."""
        return self.result is not Result.REJECTED


@dataclass(frozen=True, slots=True)
class Sent:
    """One record on its way: its number in the partner's sequence, what it is, and the ledger's body."""

    seq: int
    id: str
    kind: str
    enterprise: str
    subject: str
    at: str
    body: Mapping[str, Any]


def parcel(
    records: Sequence[Sent],
    *,
    keys: Keys,
    msg_id: str,
    sender: str,
    receiver: str,
    at: str,
    enterprises: Sequence[Mapping[str, str]],
) -> dict[str, Any]:
    """Return a parcel of records for one receiver, with what is about people sealed under a new content key.

    :raises ValueError: no records, too many, or the receiver's key is none
    """
    if not 0 < len(records) <= MOST_RECORDS:
        raise ValueError("a parcel has between 1 and 1,000 records")
    content_key = os.urandom(keys.suite.key_bytes)
    numbers = [one.seq for one in records]
    return {
        "version": VERSION,
        "msgId": msg_id,
        "sender": sender,
        "receiver": receiver,
        "at": at,
        "first": min(numbers),
        "last": max(numbers),
        "count": len(records),
        "signType": keys.suite.value,
        "encType": keys.suite.enc_type,
        "keyWrap": _b64(suites.wrap(keys, content_key)),
        "enterprises": [dict(one) for one in enterprises],
        "records": [_record(one, keys, content_key) for one in records],
    }


def day_line(one: Sent, suite: Suite) -> dict[str, Any]:
    """Return what a day's file says of one record: its digest covers what its receiver can see of it and can hash itself."""
    told = publish(one.kind, one.body)
    said = {
        "kind": one.kind,
        "event": told.event,
        "enterprise": one.enterprise,
        "subject": one.subject,
        "at": one.at,
        "fields": told.fields,
    }
    return {"seq": one.seq, "id": one.id, "kind": one.kind, "digest": suites.digest(suite, canonical.encode(said))}


def day_document(
    lines: Sequence[Mapping[str, Any]],
    *,
    suite: Suite,
    day: str,
    sender: str,
    receiver: str,
    by_kind: Mapping[str, int],
    part: int = 1,
    parts: int = 1,
) -> dict[str, Any]:
    """Return one part of the reconciliation of a day: one line a record, in the order of their numbers, and one digest over the part's lines.

    :param by_kind: how many records of each kind the whole day has, all parts together
    """
    text = "".join(f"{line['seq']},{line['id']},{line['kind']},{line['digest']}\n" for line in lines)
    return {
        "version": VERSION,
        "day": day,
        "sender": sender,
        "receiver": receiver,
        "count": sum(by_kind.values()),
        "byKind": dict(sorted(by_kind.items())),
        "part": part,
        "parts": parts,
        "digestType": "SHA-256" if suite is Suite.INTERNATIONAL else "SM3",
        "digest": suites.digest(suite, text.encode()),
        "lines": [dict(line) for line in lines],
    }


def _record(one: Sent, keys: Keys, content_key: bytes) -> dict[str, Any]:
    told = publish(one.kind, one.body)
    found: dict[str, Any] = {
        "seq": one.seq,
        "id": one.id,
        "kind": one.kind,
        "event": told.event,
        "enterprise": one.enterprise,
        "subject": one.subject,
        "at": one.at,
        "fields": told.fields,
    }
    if told.sensitive:
        plain = canonical.encode(told.sensitive)
        found["sealed"] = _b64(suites.seal(keys.suite, content_key, plain, label=one.id.encode()))
    return found


def opened(document: Mapping[str, Any], keys: Keys) -> list[dict[str, Value]]:
    """Return the sealed fields of a parcel's records in order, as its receiver reads them.

    :raises SealBroken: altered, or for somebody else
    """
    content_key = suites.unwrap(keys, base64.b64decode(document["keyWrap"]))
    return [_opened(one, keys, content_key) for one in document["records"]]


def _opened(record: Mapping[str, Any], keys: Keys, content_key: bytes) -> dict[str, Value]:
    if "sealed" not in record:
        return {}
    sealed = base64.b64decode(record["sealed"])
    found: dict[str, Value] = json.loads(suites.unseal(keys.suite, content_key, sealed, label=record["id"].encode()))
    return found


def receipts_document(msg_id: str, receipts: Iterable[Receipt]) -> dict[str, Any]:
    """Return receipts as a document."""
    lines = [{"id": one.id, "result": one.result.value, "code": one.code, "reason": one.reason} for one in receipts]
    return {"version": VERSION, "msgId": msg_id, "receipts": lines}


def read_receipts(document: object) -> tuple[str, list[Receipt]]:
    """Return (id of the message, receipts) of a document that somebody else wrote.

    :raises BadDocument: it is none
    """
    found = _object(document, "receipts")
    lines = found.get("receipts")
    if not isinstance(lines, list) or len(lines) > MOST_RECORDS:
        raise BadDocument("receipts")
    return _str(found, "msgId", 64), [_receipt(line) for line in lines]


def _receipt(line: object) -> Receipt:
    found = _object(line, "receipt")
    result = found.get("result")
    if result not in set(Result):
        raise BadDocument("receipt.result")
    return Receipt(_str(found, "id", 64), Result(str(result)), _str(found, "code", 40, ""), _str(found, "reason", 500, ""))


def read_ids(document: object, name: str) -> list[str]:
    """Return a list of record ids under ``name``, e.g. ``missing`` in the answer to a day's file.

    :raises BadDocument: it is none
    """
    found = _object(document, name).get(name, [])
    if not isinstance(found, list) or len(found) > 100_000 or not all(isinstance(one, str) and len(one) <= 64 for one in found):
        raise BadDocument(name)
    return found


def parse_json(content: bytes) -> object:
    """Return a JSON value that somebody else wrote: no larger than `MOST_BYTES`, UTF-8, each name once.

    :raises BadDocument: it is none
    """
    if len(content) > MOST_BYTES:
        raise BadDocument("too large")
    try:
        found: object = json.loads(content.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise BadDocument("not JSON") from error
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise BadDocument("a name stands twice")
    return found


def _no_number(word: str) -> None:
    raise BadDocument(word)


def _object(value: object, where: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise BadDocument(where)
    return value


def _str(found: Mapping[str, Any], name: str, most: int, missing: str | None = None) -> str:
    value = found.get(name, missing)
    if value is None and missing is not None:
        return missing
    if not isinstance(value, str) or len(value) > most or "\0" in value:
        raise BadDocument(name)
    return value


def _b64(content: bytes) -> str:
    return base64.b64encode(content).decode()
