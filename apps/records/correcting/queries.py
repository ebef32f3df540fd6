"""Reads of corrections: what holds of an entry now, what waits, what was decided."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Case, Q, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _

from apps.records.correcting import fields
from apps.records.correcting.models import Correction
from apps.records.models import Certificate, LedgerEntry
from apps.records.ports import STUDY_EFFECT
from infra.kit.errors import DomainError

State = Correction.State


@dataclass(frozen=True, slots=True)
class FormField:
    """One field of an entry as a form shows it: ``now`` in words, ``typed`` as it is typed."""

    name: str
    label: Any
    form: str
    now: str
    typed: str


@dataclass(frozen=True, slots=True)
class Correctable:
    """An entry with what may be corrected of it. ``elsewhere``: where other values of it are put right, or ""; ``open`` waits already."""

    entry: LedgerEntry
    fields: list[FormField]
    elsewhere: Any
    open: Correction | None


def held_values(entry: LedgerEntry) -> dict[str, Any]:
    """Return what holds now of each field that may be corrected: the newest approved correction, or the entry itself.

    :raises DomainError: 409 ``not_correctable``
    """
    done = Correction.objects.filter(entry=entry, state=State.APPROVED).order_by("decided_at", "pk")
    latest = {name: pair[1] for row in done for name, pair in row.changes.items()}
    found = {}
    for field in fields.of_kind(entry.kind):
        found[field.name] = latest.get(field.name, fields.value_in(entry.body, field.name))
        if field.name == fields.EFFECTIVE:  # later proofs and decisions moved it too
            found[field.name] = STUDY_EFFECT.get().seconds(body=entry.body)
    return found


def correctable(subject: UUID, n: int) -> Correctable:
    """Return one entry with the form's fields.

    :raises DomainError: 404 ``not_found``; 409 ``not_correctable``
    """
    row = LedgerEntry.objects.filter(subject=subject, n=n).first()
    if row is None:
        raise DomainError("not_found", _("没有这条记录，请从档案重新进入。"), status=404)
    now = held_values(row)
    shown = [FormField(f.name, f.label, f.form, f.shown(now[f.name]), f.typed(now[f.name])) for f in fields.of_kind(row.kind)]
    waiting = Correction.objects.filter(entry=row, state=State.PROPOSED).first()
    return Correctable(row, shown, fields.ELSEWHERE.get(row.kind, ""), waiting)


def corrections(
    *, subjects: QuerySet[Any] | None, about: QuerySet[Any] | None = None, text: str = "", state: str = ""
) -> QuerySet[Correction]:
    """Return corrections with their entries, those that wait first, then the newest.

    :param subjects: subquery of the learners' uuids that the asker sees, None for all
    :param about: the same of those whom ``text`` means by name
    :param state: a value of ``Correction.State`` or "" for all
    """
    rows = Correction.objects.select_related("entry", "result")
    if subjects is not None:
        rows = rows.filter(entry__subject__in=subjects)
    if state in State.values:
        rows = rows.filter(state=state)
    if text:
        means = Q(reason__icontains=text) | Q(proposed_name__icontains=text)
        rows = rows.filter(means | Q(entry__subject__in=about) if about is not None else means)
    waits = Case(When(state=State.PROPOSED, then=Value(0)), default=Value(1))
    return rows.order_by(waits, "-proposed_at", "-pk")


def correction(uuid: UUID) -> Correction:
    """Return one correction with its entry; whether the asker may see it is the caller's question.

    :raises DomainError: 404 ``not_found``
    """
    row = Correction.objects.select_related("entry", "result").filter(uuid=uuid).first()
    if row is None:
        raise DomainError("not_found", _("没有找到这条更正，请从列表重新进入。"), status=404)
    return row


def waiting_count() -> int:
    """Return how many corrections wait for a second person."""
    return Correction.objects.filter(state=State.PROPOSED).count()


def by_entry(subject: UUID) -> dict[int, list[Correction]]:
    """Return number of the entry -> its corrections, oldest first; one query."""
    found: dict[int, list[Correction]] = defaultdict(list)
    rows = Correction.objects.filter(entry__subject=subject).select_related("entry", "result").order_by("proposed_at", "pk")
    for row in rows:
        found[row.entry.n].append(row)
    return dict(found)


def touching(certificates: Iterable[UUID]) -> dict[UUID, int]:
    """Return certificate -> how many approved corrections touch it: of its own entry, or of its training's record; two queries."""
    known = list(Certificate.objects.filter(uuid__in=list(certificates)))
    if not known:
        return {}
    rows = Correction.objects.filter(state=State.APPROVED, entry__subject__in={row.subject for row in known})
    found: dict[UUID, int] = defaultdict(int)
    for correction in rows.select_related("entry"):
        for row in known:
            is_later = row.replaces_id is None or correction.decided_at is None or correction.decided_at >= row.issued_at
            if is_later and _rests_on(row, correction.entry):  # what was issued anew says already what was corrected before
                found[row.uuid] += 1
    return dict(found)


def told_by(entry: LedgerEntry, *, effective_ms: int, at: datetime) -> list[Certificate]:
    """Return the certificates of which strangers are told that an entry was corrected: what they say, or the hours they rest on.

    :param effective_ms: what the correction added to the confirmed time, or took from it
    :param at: of the correction; what was issued by it, or later, rests on it already
    """
    is_own = entry.kind == LedgerEntry.Kind.CERTIFICATE
    if not is_own and not effective_ms:
        return []
    rows = Certificate.objects.filter(subject=entry.subject).order_by("serial")
    return [row for row in rows if _rests_on(row, entry) and (is_own or row.issued_at < at)]


def _rests_on(row: Certificate, entry: LedgerEntry) -> bool:
    """Say whether a certificate stands on an entry: its own, one of its training, or one of its courses from before it was issued."""
    if row.subject != entry.subject:
        return False
    body, course = entry.body, entry.body.get("course")
    if body.get("certificate") == str(row.uuid) or body.get("assignment") == str(row.issued_for):
        return True
    of_course = {one.get("code") for one in row.body.get("courses", [])}
    return isinstance(course, dict) and course.get("code") in of_course and entry.at <= row.issued_at
