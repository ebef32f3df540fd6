"""The nightly round of one enterprise: pack what is old enough, erase what is packed, destroy what is kept no longer (clause 四.6).

Every step may be cut off and repeated: packages are found again by their rows, and what is not verified is not erased.
"""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.models import QuerySet

from apps.records.retention import keys, reading, rules, slicing, volumes
from apps.records.retention.bundles import BadBundle
from apps.records.retention.ports import KEEPERS, Span
from apps.records.services import append_entry
from infra.kit import clock
from infra.kit.notes import NoteSigner
from public.audit import api as audit
from public.retention import api as retention
from public.retention.api import Held, Package, Step, Term, What
from tenants.api import current_site, require

log = logging.getLogger("anxue.records")
PACKED = (What.PROCESS, What.BEATS, What.EVENTS)
"""What leaves for packages. The ledger and the certificates stay: they are the index."""


@dataclass(slots=True)
class Round:
    """What one round did: packages made and destroyed, rows erased; ``failed``: months that wait for the next round."""

    packages: int = 0
    erased: int = 0
    expired: int = 0
    failed: int = 0


def keep(*, signers: Sequence[NoteSigner], at: datetime) -> Round:
    """Do the round of the current enterprise. On hold as a whole, it does nothing; beside another round neither.

    :param at: now; the database asks its own clock before it erases anything
    """
    done, today = Round(), clock.shanghai_date(at)
    held = retention.held(today)
    if held.everything:
        return done
    with _alone() as is_alone:
        if not is_alone:
            return done
        terms = retention.terms(today)
        for what in PACKED:
            if what in terms:
                _keep_kind(what, terms[what], held, signers=signers, at=at, done=done)
        _expire(terms, retention.held(today), at=at, done=done)  # asked again: packing may have taken hours
    return done


@contextmanager
def _alone() -> Iterator[bool]:
    """Say whether no other round of this enterprise is at work, and keep others out."""
    name = f"{require().schema}:retention"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [name])
        is_alone = bool(cursor.fetchone()[0])
    try:
        yield is_alone
    finally:
        if is_alone:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [name])


def _keep_kind(what: str, term: Term, held: Held, *, signers: Sequence[NoteSigner], at: datetime, done: Round) -> None:
    begun = [moment for moment in (one.oldest() for one in KEEPERS.of(what)) if moment]
    today = clock.shanghai_date(at)
    months = set(rules.due(rules.month_of(min(begun)), term.online, today=today)) if begun else set()
    for month in sorted(months | set(_pending(what).values_list("month", flat=True))):
        try:
            done.packages += _pack(what, month, term, held, signers=signers, at=at)
            done.erased += _erase(what, month, held, at=at)
        except BadBundle as problem:
            done.failed += 1
            log.error("the package of %s %s of %s is not whole: %s", what, month, require().schema, problem)
            audit.record("retention.not_whole", actor="system", target=f"{what}:{month:%Y-%m}", at=at, problem=str(problem))


def _pending(what: str) -> QuerySet[Package]:
    """Return the packages whose rows are not all erased, oldest first."""
    rows = Package.objects.filter(schema_name=require().schema, what=what).exclude(steps__kind=Step.Kind.ERASED)
    return rows.order_by("month", "volume")


def _pack(what: str, month: date, term: Term, held: Held, *, signers: Sequence[NoteSigner], at: datetime) -> int:
    """Write the rows of a month that no package holds yet, in volumes; return how many volumes."""
    since, until = rules.bounds(month)
    span, keepers = Span(since, until, held.learners), KEEPERS.of(what)
    pending = list(_pending(what).filter(month=month))
    here = sum(one.count(span) for one in keepers)
    if not here or (pending and here == sum(row.rows for row in pending)):
        return 0
    known = _known(pending)
    lines = ((one.name, row) for one in keepers for row in one.select(span) if (one.name, row.id) not in known)
    kept_until = rules.later(month, (term.total or 1_200) + 1)
    volume = Package.objects.filter(schema_name=require().schema, what=what, month=month).count()
    made = 0
    while taken := volumes.take(lines):
        made += 1
        title = volumes.Title(what, month, volume + made, kept_until)
        with transaction.atomic():
            package = volumes.write(title, taken, signers=signers, at=at)
            enter("packed", package, at=at, rows=package.rows, sha256=package.sha256, manifest=package.manifest_sha256)
    return made


def _known(pending: Sequence[Package]) -> set[tuple[str, int | str]]:
    """Return (part, id) of the rows that lie in packages already."""
    known: set[tuple[str, int | str]] = set()
    for package in pending:
        with reading.verified(reading.stored(package)) as (bundle, _manifest):
            known |= {(part, row.id) for part in package.contents for row in reading.rows_of(bundle, part)}
    return known


def _erase(what: str, month: date, held: Held, *, at: datetime) -> int:
    """Erase the rows of a month's packages, each read back once more before; return how many rows went."""
    return sum(_erase_one(package, held, at=at) for package in _pending(what).filter(month=month))


def _erase_one(package: Package, held: Held, *, at: datetime) -> int:
    keepers = {part: KEEPERS.named(part) for part in package.contents}
    if any(one.is_shared for one in keepers.values()):
        since, until = rules.bounds(package.month)
        gone = 0 if any(one.count(Span(since, until)) for one in keepers.values()) else package.rows
    else:
        with reading.verified(reading.stored(package)) as (bundle, _manifest):
            gone = 0
            for part, keeper in keepers.items():
                for rows in slicing.slices(reading.rows_of(bundle, part)):
                    gone += keeper.erase(package.uuid, [row for row in rows if row.learner not in held.learners])
    if gone < package.rows:
        return 0
    with transaction.atomic():
        Step.objects.create(package=package, kind=Step.Kind.ERASED, rows=gone, at=at)
        enter("erased", package, at=at, rows=gone)
    return gone


def _expire(terms: dict[str, Term], held: Held, *, at: datetime, done: Round) -> None:
    """Destroy packages that no law keeps any longer: those of today count as well as those of the day they were made.

    The key goes first, with the step: what a worker that is killed leaves in the store, or the store keeps behind a mark of deletion, opens no more.
    Events tell of everybody and name nobody: whoever is held holds them.
    """
    if held.everything:
        return
    today, kept = clock.shanghai_date(at), [keys.index_of(one) for one in held.learners]
    rows = Package.objects.filter(schema_name=require().schema, kept_until__lte=today, steps__kind=Step.Kind.ERASED)
    rows = rows.exclude(what=What.EVENTS) if kept else rows
    for package in rows.exclude(steps__kind=Step.Kind.EXPIRED).exclude(learners__overlap=kept).defer("learners"):
        total = terms.get(package.what, Term(0, None)).total
        if total is None or not rules.is_over(package.month, total, today=today):
            continue
        with transaction.atomic():
            Step.objects.create(package=package, kind=Step.Kind.EXPIRED, rows=package.rows, at=at)
            Package.objects.filter(pk=package.pk).update(key_sealed=b"")
            enter("expired", package, at=at, rows=package.rows)
            transaction.on_commit(lambda name=package.storage_key: default_storage.delete(name))  # type: ignore[misc]
        done.expired += 1


def enter(event: str, package: Package, *, at: datetime, **facts: Any) -> None:
    """Enter in the enterprise's own chain what happened to a package."""
    told = {"event": event, "package": str(package.uuid), "what": package.what, "month": f"{package.month:%Y-%m}"}
    append_entry(kind="PACKAGE", subject=current_site().uuid, body={**told, "volume": package.volume, **facts}, at=at)
