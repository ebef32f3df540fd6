"""Verify the ledger of one enterprise or of all against the signed heads outside the database; exits 1 where something was altered."""

import json
import resource
import time
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.db import DataError

from apps.records.sealing import verifying
from apps.records.sealing.findings import Finding, Report
from infra.kit import clock
from public.seals import api as seals
from tenants.api import Enterprise, platform_scope, site_of
from tenants.sites import Site


class Command(BaseCommand):
    """``manage.py archive_verify [subdomain …]``."""

    help = __doc__ or ""

    def add_arguments(self, parser: Any) -> None:
        """Add options."""
        parser.add_argument("subdomains", nargs="*", help="enterprises; none: all of them and the log of heads")
        parser.add_argument("--json", action="store_true", help="one JSON object on the last line")

    def handle(self, *args: Any, **options: Any) -> None:
        """Verify and print."""
        began, sites = time.monotonic(), _sites(options["subdomains"])
        reports = [self._one(site) for site in sites]
        log = [] if options["subdomains"] else _log()
        for problem in log:
            self.stdout.write(f"log of heads: {problem}")
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        found = {
            "enterprises": [report.as_json() for report in reports],
            "log": log,
            "entries": sum(report.entries for report in reports),
            "seconds": round(time.monotonic() - began, 1),
            "peak_mb": round(peak),
            "clean": not log and all(report.is_clean for report in reports),
        }
        self.stdout.write(json.dumps(found, ensure_ascii=False) if options["json"] else _sum(found))
        if not found["clean"]:
            raise SystemExit(1)

    def _one(self, site: Site) -> Report:
        try:
            report = verifying.verify(site, at=clock.now())
        except (
            DataError,
            ValueError,
        ) as error:  # a moment or a number that no program of ours can have written: others are verified all the same
            report = Report(site.schema_name, findings=[Finding("changed", more=f"{type(error).__name__}: {error}"[:300])])
        self.stdout.write(
            f"{site.name}: {report.entries} / {report.sealed} / {report.heads} — {'OK' if report.is_clean else len(report.findings)}"
        )
        for one in report.findings:
            where = f"#{one.entry} {one.subject} {one.n or ''}" if one.entry else one.more
            self.stdout.write(
                f"  {one.words}: {where}  [{one.since or '…'} — {one.until or '…'}] {one.more if one.entry else ''}"
            )
        return report


def _sites(subdomains: list[str]) -> list[Site]:
    with platform_scope():
        rows = Enterprise.objects.filter(destroyed_at=None).order_by("pk")
        found = list(rows.filter(subdomain__in=subdomains) if subdomains else rows)
    missing = set(subdomains) - {row.subdomain for row in found}
    if missing:
        raise CommandError(f"no such enterprise: {', '.join(sorted(missing))}")
    return [site_of(row) for row in found]


def _log() -> list[str]:
    with platform_scope():
        return seals.check_log(seals.verifiers())


def _sum(found: dict[str, Any]) -> str:
    return f"{found['entries']} entries, {found['seconds']} s, {found['peak_mb']} MB: {'clean' if found['clean'] else 'ALTERED'}"
