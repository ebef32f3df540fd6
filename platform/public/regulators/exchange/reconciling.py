"""Closing a day with each partner: figures, gaps in our own books, a file of what it should have, and its answer (clause 七.2)."""

import logging
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from infra.kit import clock
from infra.kit.errors import DomainError
from infra.kit.exchange import documents, suites
from infra.kit.exchange.suites import Suite
from infra.kit.marking import PLAIN
from public.audit import api as audit
from public.regulators.exchange import parcels, queueing, receipts, rules, statistics
from public.regulators.exchange.models import DayFile, Delivery, Parcel, Partner
from public.regulators.exchange.partners import line_of
from public.regulators.ports import CARRIER, NotCarried

log = logging.getLogger("anxue.exchange")
_PATIENCE = timedelta(hours=6)
"""A day's file waits so long for the day's own records, then it goes without them: the partner will name them as missing."""
_AT_ONCE, _IN_MEMORY = 200, 1000


def close_days(*, at: datetime) -> int:
    """Make the files of every day that is over and has none yet, a week back; return how many. Safe to repeat."""
    made = 0
    for day in _over(at):
        statistics.count_day(day, at=at)
        while queueing.enqueue() == rules.QUEUE_AT_ONCE:
            pass
        for partner in Partner.objects.exclude(state=Partner.State.CLOSED).filter(since__lte=day).order_by("pk"):
            made += close_day(partner, day, at=at) is not None
    return made


def _over(at: datetime) -> list[date]:
    last = clock.shanghai_date(at - rules.SETTLED) - timedelta(days=1)
    return [last - timedelta(days=back) for back in reversed(range(rules.CATCH_UP_DAYS))]


def close_day(partner: Partner, day: date, *, at: datetime) -> DayFile | None:
    """Find records of the day that a partner was never given, number them, and write the day's file down; None where there is one."""
    if DayFile.objects.filter(partner=partner, day=day).exists():
        return None
    filled = queueing.fill_day(partner.pk, day)
    if filled:
        log.warning("exchange: %s records of %s had no number for %s", filled, day, partner.code)
    values = {**_sums(partner, day), "filled": filled}
    try:
        with transaction.atomic():
            return DayFile.objects.create(partner=partner, day=day, next_at=at, made_at=at, **values)
    except IntegrityError:  # somebody else closed it at the same moment
        return None


def _sums(partner: Partner, day: date) -> dict[str, Any]:
    """Return what is kept of a day: counts and one digest, that of its only part, or over the digests of all of them."""
    counted = by_kind(partner, day)
    digests = [part["digest"] for part in documents_of(partner, day)]
    whole = (
        digests[0] if len(digests) == 1 else suites.digest(Suite(partner.suite), "".join(f"{one}\n" for one in digests).encode())
    )
    return {"count": sum(counted.values()), "by_kind": counted, "digest": whole}


def is_thinned(row: DayFile) -> bool:
    """Say whether the records of a day are no longer at hand one by one (`thinning`); the row keeps its sums."""
    held = row.partner.held_from
    return held is not None and row.day < held and row.state != DayFile.State.MADE


def by_kind(partner: Partner, day: date) -> dict[str, int]:
    """Return how many records of each kind a partner should have of a day."""
    rows = Delivery.objects.filter(partner=partner, day=day).order_by().values_list("kind").annotate(n=Count("id"))
    return dict(sorted(rows))


def parts_of(counted: Mapping[str, int]) -> int:
    """Return how many parts a day's file has."""
    return max(1, -(-sum(counted.values()) // documents.MOST_LINES))


def documents_of(partner: Partner, day: date) -> Iterator[dict[str, Any]]:
    """Yield all parts of a day's file, one in memory at a time."""
    counted = by_kind(partner, day)
    for part in range(1, parts_of(counted) + 1):
        yield document(partner, day, part=part, counted=counted)


def document(partner: Partner, day: date, *, part: int = 1, counted: Mapping[str, int] | None = None) -> dict[str, Any]:
    """Return one part of a day's file for a partner as it stands now (`documents.day_document`).

    :raises DomainError: 404 ``no_part``
    """
    counted = by_kind(partner, day) if counted is None else counted
    parts, suite = parts_of(counted), Suite(partner.suite)
    if not 1 <= part <= parts:
        raise DomainError("no_part", _("这一天的对账文件没有这一片，请从第 1 片取起。"), status=404)
    names = {"sender": parcels.sender(), "receiver": partner.code}
    lines = [documents.day_line(one, suite) for one in _sent(partner, day, part)]
    return documents.day_document(lines, suite=suite, day=day.isoformat(), **names, by_kind=counted, part=part, parts=parts)


def _sent(partner: Partner, day: date, part: int) -> Iterator[documents.Sent]:
    first = (part - 1) * documents.MOST_LINES
    rows = Delivery.objects.filter(partner=partner, day=day).select_related("record").order_by("seq")
    found = rows[first : first + documents.MOST_LINES].iterator(chunk_size=_IN_MEMORY)
    while some := list(islice(found, _IN_MEMORY)):
        yield from _documented(some)


def _documented(rows: list[Delivery]) -> list[documents.Sent]:
    companies = parcels.enterprises({row.record.schema_name for row in rows})
    return [parcels.sent(row, companies) for row in rows]


def send_days(*, at: datetime) -> int:
    """Carry the files that wait to partners that are called; return how many were answered."""
    rows = DayFile.objects.filter(state=DayFile.State.MADE, next_at__lte=at, partner__state=Partner.State.ACTIVE)
    rows = rows.exclude(partner__channel=Partner.Channel.PULL).select_related("partner").order_by("day", "pk")
    return sum(_send(row, at) for row in list(rows[:_AT_ONCE]))


def _send(row: DayFile, at: datetime) -> bool:
    if _is_moving(row) and at - row.made_at < _PATIENCE:
        return False
    partner = row.partner
    try:
        missing = CARRIER.get().reconcile(line_of(partner, at=at), row.day.isoformat(), documents_of(partner, row.day), at=at)
    except NotCarried as error:
        row.tries += 1
        row.problem, row.next_at = error.code, at + rules.refused_pause(row.tries)
        row.save(update_fields=["tries", "problem", "next_at"])
        _note_sent(row, error.code, at)
        return False
    if missing is not None:  # else this channel has no such message
        _note_sent(row, "", at)
    answer(row, missing, at=at)
    return True


def _note_sent(row: DayFile, code: str, at: datetime) -> None:
    """Write down that a day's file went out, or did not arrive (clause 五.4); its lines are ids and digests."""
    went = audit.Result.DONE if code in {"", "no_answer_yet"} else audit.Result.FAILED
    target, party = f"partner:{row.partner.uuid}", row.partner.party
    audit.exchanged("exchange.out.day", audit.Direction.OUT, actor="platform", target=target, at=at, party=party, what="day",
                    rows=row.count, label=PLAIN.code, result=went, day=str(row.day), answer=code or "ok")  # fmt: skip


def _is_moving(row: DayFile) -> bool:
    moving = [Delivery.State.WAITING, Delivery.State.SENT]
    return Delivery.objects.filter(partner=row.partner, day=row.day, state__in=moving).exists()


@transaction.atomic
def answer(row: DayFile, missing: list[str] | None, *, at: datetime) -> int:
    """Write a partner's answer down and send what it lacks again; return how many records that is.

    :param missing: ids of records; None: it does not say, so our own books count: what it has not accepted is missing
    """
    if missing is None:
        lacking = Delivery.objects.filter(partner=row.partner, day=row.day).exclude(state=Delivery.State.ACCEPTED).count()
        again = _unanswered(row, at)
    else:
        lacking = len(set(missing))
        again = receipts.resend_ids(row.partner, missing, at=at)
    row.missing, row.answered_at, row.problem = lacking, at, ""
    row.state = DayFile.State.UNEVEN if lacking else DayFile.State.EVEN
    row.save(update_fields=["missing", "answered_at", "problem", "state"])
    audit.record("exchange.day", actor="platform", target=f"partner:{row.partner.uuid}", at=at, day=str(row.day), missing=lacking)
    return again


def _unanswered(row: DayFile, at: datetime) -> int:
    """Send again what was delivered long ago and whose receipts never came."""
    rows = Delivery.objects.filter(partner=row.partner, day=row.day, state=Delivery.State.SENT)
    silent = rows.filter(parcel__state=Parcel.State.DONE, told_at__lt=at - rules.UNANSWERED_AFTER)
    ids = [str(uuid) for uuid in silent.values_list("record__uuid", flat=True)]
    return receipts.resend_ids(row.partner, ids, at=at) if ids else 0
