"""Everything an enterprise owns as one signed ZIP: it may leave with its data, and whoever gets them can check them (decision 0064)."""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import BinaryIO

from django.db.models import QuerySet

from apps.records import api as records
from apps.records.models import Certificate, LedgerEntry
from apps.records.retention import dumping, reading, volumes
from apps.records.retention.bundles import BadBundle, Bundle
from apps.records.retention.orders import Progress
from apps.records.retention.ports import KEEPERS, OPENERS, Span
from apps.records.sealing import sealing
from infra.kit import canonical, clock
from infra.kit.crypto import SealBroken
from infra.kit.notes import NoteSigner
from public.retention.api import Order, Package, Step, What
from public.seals import api as seals
from tenants.api import current_site, require

_SLICE = 2_000
_PIECE = 1 << 20


def make(order: Order, target: BinaryIO, report: Progress, *, signers: Sequence[NoteSigner]) -> int:
    """Write the ZIP: tables, ledger, certificates, files, logs, packages; return how many rows of tables and ledger.

    Tables come in the order of their names while work goes on: a row that is added meanwhile may be there or not. The ledger ends at a signed head.
    """
    at = clock.now()
    sealing.seal(signers=signers, at=at)
    bundle, files, left = Bundle(target, at=at), list[tuple[str, str]](), dict[str, list[str]]()
    missing: list[str] = []
    steps = _Steps(report, len(dumping.tables()) + Certificate.objects.count() + _packages().count() + 2)
    rows = 0
    for model in dumping.tables():
        label = model._meta.label_lower
        steps.take("tables")
        rows += int(bundle.add(f"data/{label}.jsonl", dumping.lines(model, files, missing), is_lines=True)["rows"])
        if model_left := dumping.left_out(model):
            left[label] = model_left
    steps.take("ledger")
    size, root = _ledger(bundle)
    steps.take("logs")
    _logs(bundle, at)
    _certificates(bundle, steps)
    missing += _files(bundle, files)
    missing += _cold(bundle, steps)
    site = current_site()
    facts = {
        "enterprise": {"name": site.name, "uscc": site.uscc, "schema": site.schema_name},
        "what": "EXPORT",
        "ledger": {"size": size, "root": root},
        "left_out": left,
        "missing": missing,
    }
    bundle.close(facts, package=order.uuid, signers=signers)
    return rows + size


class _Steps:
    """Counts what is done, and looks whether somebody has stopped the order."""

    def __init__(self, report: Progress, total: int) -> None:
        self._report, self._total, self._done = report, total, 0

    def take(self, step: str) -> None:
        self._report(step, self._done, self._total)
        self._done += 1


def _ledger(bundle: Bundle) -> tuple[int, str]:
    """Add the sealed ledger in the order of its tree, with the head that signs it; return the head's size and root in hex."""
    head = seals.newest()
    size = head.size if head else 0
    bundle.add("ledger/entries.jsonl", _sealed(size), is_lines=True)
    if head is not None:
        bundle.add("ledger/head.note", [head.note.encode()])
    rest = LedgerEntry.objects.filter(leaf=None).order_by("pk")
    if rest.exists():  # written while the export began, or refused by the sealer: told apart, never hidden
        bundle.add("ledger/unsealed.jsonl", (volumes.entry_line(row) for row in rest.iterator(chunk_size=_SLICE)), is_lines=True)
    return size, bytes(head.root).hex() if head else ""


def _sealed(size: int) -> Iterator[bytes]:
    for begin in range(0, size, _SLICE):
        rows = LedgerEntry.objects.filter(leaf__index__gte=begin, leaf__index__lt=min(begin + _SLICE, size))
        for row in rows.order_by("leaf__index"):
            yield volumes.entry_line(row)


def _logs(bundle: Bundle, at: datetime) -> None:
    """Add what is still at hand of the shared logs: who did what, and every beat."""
    for what in (What.EVENTS, What.BEATS):
        for keeper in KEEPERS.of(what):
            since = keeper.oldest()
            if since is not None:
                bundle.add(f"logs/{keeper.name}.jsonl", _log_lines(keeper.select(Span(since, at))), is_lines=True)


def _log_lines(rows: Iterator[records.KeptRow]) -> Iterator[bytes]:
    for row in rows:
        learner = str(row.learner) if row.learner else None
        yield canonical.encode({"id": row.id, "learner": learner, "at": row.at.isoformat(), "body": row.body}) + b"\n"


def _certificates(bundle: Bundle, steps: _Steps) -> None:
    for uuid, number in Certificate.objects.order_by("serial").values_list("uuid", "number"):
        steps.take("certificates")
        bundle.add(f"certificates/{number}.pdf", [records.certificate_pdf(uuid)], is_packed=True)


def _files(bundle: Bundle, files: Sequence[tuple[str, str]]) -> list[str]:
    """Add the files that rows name, opened; return those that the store has lost or no key opens.

    Rows name them by what follows the last slash.
    """
    missing = []
    for column, name in dict.fromkeys(files):
        opener = OPENERS.file_of(column)
        try:
            data = opener(name) if opener else b""
        except (FileNotFoundError, SealBroken):
            missing.append(name)
            continue
        folder = column.rpartition(".")[0]
        tail = name.rpartition("/")[2] or hashlib.sha256(name.encode()).hexdigest()
        bundle.add(f"files/{folder}/{tail}", [data], is_packed=True)
    return missing


def _packages() -> QuerySet[Package]:
    gone = Step.objects.filter(kind=Step.Kind.EXPIRED).values("package")
    return Package.objects.filter(schema_name=require().schema).exclude(pk__in=gone).order_by("month", "what", "volume")


def _cold(bundle: Bundle, steps: _Steps) -> list[str]:
    """Add the packages of old months, decrypted; each has a signed manifest of its own. Return those that are not whole."""
    broken = []
    for package in _packages():
        steps.take("packages")
        name = f"cold/{package.month:%Y-%m}-{package.what.lower()}-{package.volume:03d}.zip"
        try:
            with reading.plain(reading.stored(package)) as file:
                bundle.add(name, iter(lambda file=file: file.read(_PIECE), b""), is_packed=True)  # type: ignore[misc]
        except BadBundle:
            broken.append(name)
    return broken
