"""Erasure: at once what no law keeps, the rest on the day when the last law lets go; the ledger stays, it names nobody (PIPL art. 47)."""

import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from apps.people import sealing, services
from apps.people.joining import devices
from apps.people.models import Learner, Manager, PrivacyRequest
from apps.people.privacy import files, rules
from apps.people.privacy.exporting import subject_of
from apps.people.privacy.holdings import Fate, Holding, Subject, holdings
from apps.records import api as records
from infra.kit import clock
from infra.kit.errors import DomainError
from public.audit import api as audit
from public.privacy import api as privacy

log = logging.getLogger(__name__)
NOBODY = "（已删除）"
"""What stands in place of a name."""
_NOTHING = "—"
_NO_TRAINING = ("CONSENT", "IDENTITY", "REQUEST", "REGISTRATION", "KEY")
"""Entries of the ledger that are no training: they hold no erasure up."""
_FOR_EVER = 1_200
"""Months where the law names no end: nobody waits for it."""
Hold = Callable[[int, date], date | None]
"""Learner's id, today -> until when something else (a legal hold) forbids erasing, or None. One without an end answers with a day on which
to ask again, e.g. a month later."""
_holds: list[Hold] = []
Withdraw = Callable[[Subject, datetime], None]
"""Who is erased, when: ends files that were made before and can hold this person, and those that are being made."""
_files: list[Withdraw] = []


@dataclass(frozen=True, slots=True)
class Outlook:
    """What erasure would do. ``until``: from that day on no law keeps the rest, None: everything goes at once; ``law`` says which."""

    at_once: list[Any]
    with_record: list[Any]
    stays: list[tuple[Any, Any]]
    until: date | None
    law: str


def add_hold(hold: Hold) -> None:
    """Let another room forbid erasing for a time. Called in ``ready()``; the same function counts once."""
    if hold not in _holds:
        _holds.append(hold)


def add_files(withdraw: Withdraw) -> None:
    """Let another room withdraw what it made before an erasure. Called in ``ready()``; the same function counts once."""
    if withdraw not in _files:
        _files.append(withdraw)


def outlook(row: Learner, *, at: datetime) -> Outlook:
    """Return what erasing a learner would do today; while something holds it, nothing goes at once."""
    today = clock.shanghai_date(at)
    until, law = kept_until(row, today=today)
    by_fate: dict[Fate, list[Holding]] = {fate: [one for one in holdings() if one.fate == fate] for fate in Fate}
    at_once, later = [[one.title for one in by_fate[fate]] for fate in (Fate.AT_ONCE, Fate.WITH_RECORD)]
    is_held = _held_until(row, today) is not None
    return Outlook(
        at_once=[] if is_held else at_once,
        with_record=[*at_once, *later] if is_held else later,
        stays=[(one.title, one.why_kept) for one in by_fate[Fate.STAYS]],
        until=until,
        law=law,
    )


def kept_until(row: Learner, *, today: date) -> tuple[date | None, str]:
    """Return until when the law keeps the record of a learner and which law; (None, "") where none does, or its time is over.

    Counted from the last training: 36 months, 72 of those in special operations (dated periods of `public.retention`).
    """
    last = records.newest_entry_at(row.uuid, but=_NO_TRAINING)
    until, law = None, ""
    if last is not None:
        rule = privacy.rule(today)
        special = row.role == Learner.Role.TZ or row.qualifications.exists()
        months, law = (rule.special_months, rule.special_law) if special else (rule.record_months, rule.record_law)
        until = rules.after_months(clock.shanghai_date(last), _FOR_EVER if months is None else months)
    held = _held_until(row, today)
    if held is not None and (until is None or held > until):
        until, law = held, str(_("依法冻结，解除前不能删除"))
    return (until, law) if until is not None and until > today else (None, "")


def _held_until(row: Learner, today: date) -> date | None:
    """Return until when something else than the record's own law forbids to erase anything, None where nothing does."""
    days = [day for hold in _holds if (day := hold(row.pk, today)) is not None and day > today]
    return max(days, default=None)


def apply(learner_id: int, *, by: int, at: datetime) -> dict[str, Any]:
    """Take a learner off the books and erase what no law keeps; returns what goes into the ledger. Part of the caller's transaction.

    Under a hold nothing is erased yet: `run_due` asks again on the day when that may end. The caller goes on with :func:`finish` where
    nothing is kept, once the ledger says that it was granted.

    :raises DomainError: 409 ``is_manager``
    """
    row = Learner.objects.select_for_update(of=("self",)).get(pk=learner_id)
    if row.credential_id and Manager.objects.filter(credential_id=row.credential_id, left_at=None).exists():
        raise DomainError("is_manager", _("此人同时是管理员。请先在“管理人员”里移除，再办理删除。"), status=409)
    services.archive_learner(learner_uuid=row.uuid, at=at, by=by)
    row.refresh_from_db()
    today = clock.shanghai_date(at)
    held, (until, _law) = _held_until(row, today), kept_until(row, today=today)
    _end_requests(row, at)
    if held is None:
        _erase_at_once(row, at)
    row.erase_on, row.restricted_at = held or until, row.restricted_at or at
    row.save(update_fields=["erase_on", "restricted_at"])
    return {"kept_until": until.isoformat() if until else ""}


def _erase_at_once(row: Learner, at: datetime) -> None:
    """Erase what no law keeps; done again, nothing changes."""
    _close_way_in(row, at)  # first: sessions are found by the devices
    _forget(row, Fate.AT_ONCE, at)
    _withdraw(row, at)
    row.save(update_fields=["mobile_sealed", "mobile_index"])


def finish(learner_id: int, *, at: datetime) -> None:
    """Erase what the law kept so far, and who it was; the ledger says already that it was granted. Part of the caller's transaction."""
    row = Learner.objects.select_for_update(of=("self",)).get(pk=learner_id)
    _forget(row, Fate.WITH_RECORD, at)
    row.name, row.position, row.employee_no, row.employment = NOBODY, "", "", ""
    row.trade, row.education, row.fitness = "", "", ""
    row.unit, row.hired_on, row.fitness_on, row.erase_on, row.erased_at = None, None, None, None, at
    row.id_sealed, row.person_key = sealing.seal(_NOTHING, sealing.ID), secrets.token_hex(32)
    row.save()
    with connection.cursor() as cursor:  # what only grows loses the name by this way alone
        cursor.execute("SELECT public.privacy_forget(%s)", [row.uuid])
    _withdraw(row, at)
    audit.record("privacy.erased", actor="system", target=f"learner:{row.uuid}", at=at)


def run_due(*, at: datetime) -> int:
    """Erase those whose record no law keeps any more, one transaction each; returns how many. A new hold moves the day.

    :raises RuntimeError: where some failed, after all the others were erased; the next run tries them again. Says how many and nothing else:
        errors of the database quote whole rows
    """
    today, done, failed = clock.shanghai_date(at), 0, 0
    for pk in list(Learner.objects.filter(erase_on__lte=today, erased_at=None).order_by("erase_on").values_list("pk", flat=True)):
        try:
            with transaction.atomic():
                done += _erase_due(pk, today, at)
        except Exception as error:
            log.error("learner %s was not erased (%s)", pk, type(error).__name__)
            failed += 1
    if failed:
        raise RuntimeError(f"{failed} learners were not erased, {done} were")
    return done


def _erase_due(pk: int, today: date, at: datetime) -> bool:
    row = Learner.objects.select_for_update(of=("self",)).get(pk=pk)
    if row.erase_on is None or row.erased_at is not None:
        return False
    held, (until, _law) = _held_until(row, today), kept_until(row, today=today)
    if held is None:  # what a hold has kept so far
        _erase_at_once(row, at)
    if until is not None:
        row.erase_on = held or until
        row.save(update_fields=["erase_on"])
        return False
    finish(pk, at=at)
    return True


def _end_requests(row: Learner, at: datetime) -> None:
    """End what the person asked for beside: nobody can sign in to read an answer or fetch a file, and no value is written any more."""
    waiting = PrivacyRequest.objects.filter(learner=row, state=PrivacyRequest.State.WAITING)
    waiting.exclude(kind=PrivacyRequest.Kind.ERASURE).update(
        state=PrivacyRequest.State.WITHDRAWN, wanted_sealed=b"", decided_at=at
    )
    files.end(row.pk)


def _forget(row: Learner, fate: Fate, at: datetime) -> None:
    """Let every room erase, the uppermost first: its rows point at those below."""
    subject = subject_of(row)
    for holding in reversed(holdings()):
        if holding.fate == fate:
            holding.forget(subject, at)


def _withdraw(row: Learner, at: datetime) -> None:
    """End the files that were made before: they would tell for days what is gone."""
    subject = subject_of(row)
    for withdraw in _files:
        withdraw(subject, at)


def _close_way_in(row: Learner, at: datetime) -> None:
    """Forget the phone, and let nobody in by this credential any more; the caller saves the learner."""
    row.mobile_sealed, row.mobile_index = sealing.seal(_NOTHING, sealing.MOBILE), secrets.token_hex(32)
    credential = row.credential
    if credential is not None:
        devices.end_all(credential, at=at)
        credential.login_key, credential.name, credential.is_active = secrets.token_hex(32), NOBODY, False
        credential.set_unusable_password()
        credential.save(update_fields=["login_key", "name", "is_active", "password"])
