"""The certificate of a destruction: what was destroyed, on whose word, and what stays; signed like heads of the ledger, kept in the store."""

import hashlib
from datetime import date, datetime, timedelta
from typing import Any

from infra.kit import canonical, clock, notes
from infra.kit.notes import BadNote
from public.lifecycle.models import Destruction
from public.lifecycle.rules import CERTIFICATE_KEPT
from public.seals import api as seals
from tenants import storage
from tenants.objects import store

FORMAT = "anxue-destruction/1"


class AnotherLiesThereError(Exception):
    """The store has another certificate under this name: somebody has to look before it goes on."""


def body(row: Destruction) -> dict[str, Any]:
    """Return the certificate's body: JSON that names the enterprise and the two operators, and nobody else."""
    enterprise, change, closure = row.enterprise, row.change, row.change.closure
    return {
        "format": FORMAT,
        "id": str(row.uuid),
        "enterprise": {
            "id": str(enterprise.uuid), "name": enterprise.name, "uscc": enterprise.uscc, "schema": enterprise.schema_name,
        },
        "closed_on": clock.shanghai_date(closure.closed_at).isoformat() if closure.closed_at else "",
        "kept_until": closure.kept_until.isoformat() if closure.kept_until else "",
        "reason": change.reason,
        "asked": {"by": f"operator:{change.asked_by}", "name": change.asked_name, "at": _stamp(change.asked_at)},
        "approved": {"by": f"operator:{change.decided_by}", "name": change.decided_name, "at": _stamp(change.decided_at)},
        "started_at": _stamp(row.started_at),
        "ended_at": _stamp(row.beat_at),
        **row.contents,
        **_copies(row),
    }  # fmt: skip


def _copies(row: Destruction) -> dict[str, Any]:
    """Return until when copies of what was destroyed are still about; nothing where it was not listed."""
    until = copies_until(row)
    return {"copies": {**row.contents["copies"], **{name: day.isoformat() for name, day in until.items()}}} if until else {}


def copies_until(row: Destruction) -> dict[str, date]:
    """Return the last days on which a backup of the database, and the store's old version of a file, may hold something: by `ended_at` of the certificate.

    ``{"backups_until", "versions_until"}``; empty until the last step before the certificate is done, and for certificates of before.
    """
    days = row.contents.get("copies")
    if not days or row.step != Destruction.Step.CERTIFICATE or row.beat_at is None:
        return {}
    on = clock.shanghai_date(row.beat_at)
    return {
        "backups_until": on + timedelta(days=days["backup_days"]),
        "versions_until": on + timedelta(days=days["version_days"]),
    }


def _stamp(at: datetime | None) -> str:
    return at.astimezone(clock.SHANGHAI).isoformat(timespec="seconds") if at else ""


def signed(row: Destruction, *, at: datetime) -> str:
    """Return the signed note over a certificate's body (C2SP, Ed25519 and SM2), standing on the platform."""
    digest = hashlib.sha256(canonical.encode(body(row))).hexdigest()
    text = f"{seals.log_name()}/destruction/{row.uuid}\nsha256 {digest}\nat {_stamp(at)}\n"
    return notes.sign(text, seals.signers(at=at))


def file(row: Destruction) -> bytes:
    """Return the certificate as it is stored and given: ``{"certificate", "note"}`` as canonical JSON."""
    return canonical.encode({"certificate": body(row), "note": row.note})


def keep(row: Destruction, *, at: datetime) -> None:
    """Write the certificate into the store, where nobody writes it again; standing on the platform. Safe to repeat.

    :raises AnotherLiesThereError: another one lies there
    :raises Unavailable: the object store does not answer
    """
    name = storage.key(f"destructions/{row.uuid}.json")
    try:
        store().put_once(name, file(row), until=at + CERTIFICATE_KEPT)
    except FileExistsError:
        found = store().stat(name)
        if b"".join(store().stream(found, 0, found.size)) != file(row):
            raise AnotherLiesThereError(name) from None


def is_genuine(row: Destruction) -> bool:
    """Say whether the note is ours and fits what stands in the row."""
    try:
        text = seals.opened(row.note, seals.verifiers())
    except BadNote:
        return False
    digest = hashlib.sha256(canonical.encode(body(row))).hexdigest()
    return f"\nsha256 {digest}\n" in text and text.startswith(f"{seals.log_name()}/destruction/{row.uuid}\n")
