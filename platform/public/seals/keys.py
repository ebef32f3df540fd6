"""The keys of the log: Ed25519 out of the platform's secret, SM2 made once and kept sealed (decisions 0015, 0059)."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction

from infra.kit import notes, signing, sm2
from infra.kit.notes import NoteSigner, NoteVerifier
from public.seals.models import LogKey
from tenants import keys as data_keys

_PURPOSE = "log key"


def log_name() -> str:
    """Return the name under which notes are signed: the platform's host."""
    return str(settings.PLATFORM_HOST)


def origin(schema: str) -> str:
    """Return what a head says it is the head of; the log of heads is that of ``heads``."""
    return f"{log_name()}/ledger/{schema}"


def is_of(said: str, schema: str) -> bool:
    """Say whether a head's origin is that of ``schema``, whatever the platform's host was called when it was signed."""
    return said.endswith(f"/ledger/{schema}")


def signers(*, at: datetime) -> Sequence[NoteSigner]:
    """Return the keys in use, making the SM2 key the first time. Stands on the platform."""
    row = LogKey.objects.filter(kind="SM2", retired_at=None).first() or _made(at)
    private = data_keys.unseal(row.private_key, purpose=_PURPOSE)
    return (_ed25519(settings.SEALING_SECRET, row.name), sm2.NoteKey(row.name, bytes(row.public_key), private))


def _made(at: datetime) -> LogKey:
    public, private = sm2.make_key()
    sealed = data_keys.seal(private, purpose=_PURPOSE)
    values = {"name": log_name(), "public_key": public, "private_key": sealed, "made_at": at}
    try:
        with transaction.atomic():
            return LogKey.objects.create(kind="SM2", **values)
    except IntegrityError:  # somebody else made it at the same moment
        return LogKey.objects.get(kind="SM2", retired_at=None)


@lru_cache(maxsize=8)
def _ed25519(secret: str, name: str) -> signing.NoteKey:
    return signing.NoteKey(name, signing.Signer(secret, purpose="ledger"))


def verifiers() -> list[NoteVerifier]:
    """Return every key that ever signed heads. Stands on the platform."""
    rows = list(LogKey.objects.filter(kind="SM2").order_by("pk"))
    names = {log_name(), *(row.name for row in rows)}
    ed = [signing.PublicNoteKey(name, _ed25519(settings.SEALING_SECRET, name).public_key) for name in sorted(names)]
    return [*ed, *(sm2.PublicNoteKey(row.name, bytes(row.public_key)) for row in rows)]


def opened(note: str, known: Sequence[NoteVerifier]) -> str:
    """Return the text of a note of ours: no known key's signature may be wrong, and that of an Ed25519 key must be there.

    The SM2 keys stand in the database, where whoever owns it can add one; Ed25519 follows from the platform's secret.

    :raises BadNote: it is not ours
    """
    text, _signed = notes.open_note(note, known)
    notes.open_note(note, [one for one in known if one.kind == notes.ED25519])
    return text


def public_keys() -> list[dict[str, Any]]:
    """Return the keys as strangers are given them: ``[{"name", "algorithm", "verifier"}]``. Stands on the platform."""
    return [
        {
            "name": one.name,
            "algorithm": "Ed25519" if one.kind == notes.ED25519 else "SM2-SM3",
            "verifier": notes.verifier_text(one.name, one.kind, one.public_key),
        }
        for one in verifiers()
    ]
