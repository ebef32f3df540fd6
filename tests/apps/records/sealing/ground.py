"""Ground of the tests of sealing: an enterprise of its own with a sealed ledger, and the hands of somebody who owns the whole database."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from django.conf import settings

from apps.records import api as records
from apps.records import rules
from apps.records.models import LedgerEntry
from apps.records.sealing import sealing, verifying
from apps.records.sealing.findings import Report
from infra.kit import clock
from public.seals import api as seals
from tenants.database.provision import owner_connection
from tenants.scope import enterprise_scope, platform_scope
from tenants.sites import Site

LEARNERS, EACH, HEADS = 20, 15, 3
SIZE = LEARNERS * EACH
PART = SIZE // HEADS
ONE = 7
"""The learner, and below the number of the entry, that is altered: sealed by the second head."""
N = 8
FORGED = '{"effective_ms": 99000}'
TABLES = ("records_ledgerentry", "records_leaf", "records_treenode")
LOGS = ("seals_head", "seals_placed", "seals_loghead", "seals_copy")
SPACE = UUID("5b2c1c6e-7a4e-4d7c-9b7e-0c8f2a6b1d10")


def learner(n: int) -> UUID:
    """Return the uuid of learner ``n``."""
    return uuid5(SPACE, str(n))


@dataclass
class Vault:
    """One enterprise, what its ledger held, and a copy of everything for putting it back."""

    site: Site
    backup: Path
    began: datetime
    ids: dict[tuple[int, int], int] = field(default_factory=dict)

    def entry(self, who: int, n: int) -> int:
        """Return the id of a learner's ``n``-th entry."""
        return self.ids[who, n]

    def verify(self, *, later: timedelta = timedelta()) -> Report:
        """Verify, as if some time had passed."""
        return verifying.verify(self.site, at=clock.now() + later)

    def seal(self, *, at: datetime | None = None) -> sealing.Sealed:
        """Seal what is new, settle heads and copy them."""
        moment = at or clock.now()
        with platform_scope():
            signers = seals.signers(at=moment)
        with enterprise_scope(self.site):
            done = sealing.seal(signers=signers, at=moment)
        with platform_scope():
            seals.settle(at=moment)
        return done

    def append(self, who: int, n: int, *, at: datetime | None = None) -> int:
        """Append one entry the ordinary way; returns its id."""
        with enterprise_scope(self.site):
            body = {"effective_ms": n * 1000, "title": f"第 {n} 课"}
            made = records.append_entry(kind="IDENTITY", subject=learner(who), body=body, at=at or clock.now())
        return made.id

    @property
    def files(self) -> Path:
        """Where the enterprise's heads lie outside the database."""
        return Path(settings.MEDIA_ROOT or settings.STORAGES["default"]["OPTIONS"]["location"]) / "platform/seals"

    @property
    def own_files(self) -> Path:
        """Those of this enterprise."""
        return self.files / self.site.schema_name

    @contextmanager
    def hands(self) -> Iterator[Any]:
        """Give the owner of the database who has switched every guard off, and sees the enterprise's tables first."""
        with owner_connection() as db:
            db.execute(f'SET search_path TO "{self.site.schema_name}", public')
            guard(db, "DISABLE TRIGGER ALL")
            yield db
            guard(db, "ENABLE TRIGGER ALL")
            for table in (*TABLES, *LOGS):
                db.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER only_grows, ENABLE ALWAYS TRIGGER only_grows_t")

    def keep(self) -> None:
        """Remember everything."""
        with self.hands() as db:
            for table in (*TABLES, *LOGS):
                db.execute(f"CREATE TABLE IF NOT EXISTS kept_{table} AS TABLE {table}")
        shutil.copytree(self.files, self.backup)

    def put_back(self) -> None:
        """Make everything as it was kept."""
        with self.hands() as db:
            for table in reversed((*TABLES, *LOGS)):
                db.execute(f"DELETE FROM {table}")
            for table in (*TABLES, *LOGS):
                db.execute(f"INSERT INTO {table} OVERRIDING SYSTEM VALUE SELECT * FROM kept_{table}")
        shutil.rmtree(self.files)
        shutil.copytree(self.backup, self.files)


def guard(db: Any, verb: str) -> None:
    """Switch all triggers on or off, those of foreign keys too."""
    for table in (*TABLES, *LOGS):
        db.execute(f"ALTER TABLE {table} {verb}")


def content_hash(db: Any, entry: int) -> tuple[bytes, bytes]:
    """Return (hash, bytes) that the content of an entry has now."""
    prev, subject, n, kind, body, at = db.execute(
        "SELECT prev, subject, n, kind, body, at FROM records_ledgerentry WHERE id = %s", [entry]
    ).fetchone()
    data = rules.entry_bytes(bytes(prev), subject=subject, n=n, kind=kind, body=body, at=at)
    return hashlib.sha256(data).digest(), data


def rechain(db: Any, subject: UUID) -> list[int]:
    """Make a learner's whole chain fit its contents again, as somebody clever would; returns the ids."""
    before, ids = rules.FIRST, []
    found = db.execute("SELECT id FROM records_ledgerentry WHERE subject = %s ORDER BY n", [subject]).fetchall()
    for n, (entry,) in enumerate(found, 1):
        db.execute("UPDATE records_ledgerentry SET prev = %s, n = %s WHERE id = %s", [before, n, entry])
        before, _data = content_hash(db, entry)
        db.execute("UPDATE records_ledgerentry SET hash = %s WHERE id = %s", [before, entry])
        ids.append(entry)
    return ids


def sealed_vault(site: Site, backup: Path) -> Vault:
    """Fill an enterprise's ledger and seal it in three turns, each some days apart."""
    now = clock.now()
    vault = Vault(site, backup, now)
    for turn in range(HEADS):
        at = now - timedelta(days=10 * (HEADS - turn))
        for n in range(1, EACH // HEADS + 1):
            for who in range(LEARNERS):
                number = turn * (EACH // HEADS) + n
                vault.ids[who, number] = vault.append(who, number, at=at)
        vault.seal(at=at + timedelta(seconds=30))
    with enterprise_scope(site):
        assert LedgerEntry.objects.count() == LEARNERS * EACH
    vault.keep()
    return vault


def note_of(vault: Vault, size: int) -> Path:
    """Return where the note of a head lies."""
    return vault.own_files / f"{size:014d}.note"


def overwrite(path: Path, data: bytes) -> None:
    """Write over a file that is read-only."""
    path.chmod(0o644)
    path.write_bytes(data)
