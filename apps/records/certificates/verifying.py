"""Certificates, and what strangers are told of them, beside the ledger: each must stand in an entry, and each entry must be told.

Part of `manage.py archive_verify`. Rows of certificates and of the public page are not sealed themselves; the entries are.
"""

from collections.abc import Iterator
from itertools import islice

from apps.records.certificates.models import Certificate
from apps.records.correcting.queries import told_by
from apps.records.models import LedgerEntry
from apps.records.sealing.findings import Finding, Report
from infra.kit import canonical
from public.regulators import api as regulators

_SLICE = 500
Kind = LedgerEntry.Kind


def check(report: Report) -> None:
    """Find certificates of the current enterprise that differ from the ledger or from the public page; changes nothing."""
    rows = Certificate.objects.order_by("pk").iterator(chunk_size=_SLICE)
    while part := list(islice(rows, _SLICE)):
        _check_issued(part, report)
    _check_later(report)


def _check_issued(part: list[Certificate], report: Report) -> None:
    entries = LedgerEntry.objects.filter(kind=Kind.CERTIFICATE, subject__in={row.subject for row in part})
    entered = {entry.body.get("certificate"): entry for entry in entries}
    shown = regulators.listings_of({row.code for row in part})
    for row in part:
        entry = entered.get(str(row.uuid))
        fits = entry is not None and entry.body == {**row.listing, "certificate": str(row.uuid)}
        if not fits or row.listing["fingerprint"] != canonical.digest(row.body).hex() or row.number != row.listing["number"]:
            report.findings.append(Finding("certificate", subject=str(row.subject), more=row.number))
        if shown.get(row.code) != row.listing:
            report.findings.append(Finding("shown", subject=str(row.subject), more=row.number))


def _check_later(report: Report) -> None:
    """Compare renewals, revocations, replacements and corrections of the ledger with what the public page shows, both ways."""
    told = {(one.code, one.kind, one.entry) for one in regulators.all_changes()}
    entered = dict(_entered())
    for key in told ^ set(entered):
        entry = entered.get(key)
        known = {"entry": entry.pk, "subject": str(entry.subject), "n": entry.n} if entry else {}
        report.findings.append(Finding("shown", more=f"{key[1]} {key[0]}", **known))  # type: ignore[arg-type]


def _entered() -> Iterator[tuple[tuple[str, str, str], LedgerEntry]]:
    kinds = regulators.CertificateChange.Kind
    codes = {str(uuid): code for uuid, code in Certificate.objects.values_list("uuid", "code").iterator(chunk_size=5_000)}
    replaced = dict(Certificate.objects.exclude(replaced_by=None).values_list("number", "code"))
    for entry in LedgerEntry.objects.filter(kind=Kind.CERTIFICATE, body__has_key="replaces").iterator(chunk_size=_SLICE):
        yield (replaced.get(str(entry.body["replaces"]), ""), str(kinds.REPLACED), bytes(entry.hash).hex()), entry
    for entry in LedgerEntry.objects.filter(kind=Kind.CORRECTION, body__event="entry_correction").iterator(chunk_size=_SLICE):
        for code in _corrected(entry):
            yield (code, str(kinds.CORRECTED), bytes(entry.hash).hex()), entry
    for entry in LedgerEntry.objects.filter(kind__in=[Kind.RENEWAL, Kind.REVOCATION]).iterator(chunk_size=_SLICE):
        is_renewal = entry.kind == Kind.RENEWAL
        code = codes.get(str(entry.body.get("renewed" if is_renewal else "certificate")), "")
        yield (code, str(kinds.RENEWED if is_renewal else kinds.REVOKED), bytes(entry.hash).hex()), entry


def _corrected(entry: LedgerEntry) -> list[str]:
    """Return the codes of the certificates whose public pages must tell of a correction; nothing for one that was altered out of shape."""
    of, ms = entry.body.get("corrects"), entry.body.get("effective_ms")
    n = of.get("n") if isinstance(of, dict) else None
    if not isinstance(n, int) or not isinstance(ms, int):
        return []
    first = LedgerEntry.objects.filter(subject=entry.subject, n=n).first()
    return [row.code for row in told_by(first, effective_ms=ms, at=entry.at)] if first else []
