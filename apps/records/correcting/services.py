"""Writes of corrections. The corrected entry never changes: approved, a second entry names it and says what holds from now on.

Order of locks: the correction, then what the room above moves (sessions, day), then the chain.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.records import events
from apps.records.correcting import evidence as files
from apps.records.correcting import fields
from apps.records.correcting.evidence import Evidence
from apps.records.correcting.models import Correction
from apps.records.correcting.queries import held_values, told_by
from apps.records.locks import hold
from apps.records.models import LedgerEntry
from apps.records.ports import STUDY_EFFECT
from apps.records.services import append_entry
from infra.kit.errors import DomainError
from public.audit import api as audit
from public.regulators import api as regulators

State = Correction.State
LEAST_REASON = 5
"""Characters of a reason: a word alone explains nothing to who reads it in three years."""
_COPIED = ("session", "course", "courseware", "plan", "assignment", "certificate", "number", "attempt")
"""What a correction repeats of the corrected entry, so that it can be read, and sorted to its training, by itself."""


@dataclass(frozen=True, slots=True)
class Acting:
    """Who acts: a reference such as ``manager:12``, the name, and the own learner's uuid where the person also learns."""

    ref: str
    name: str
    own: UUID | None = None


@transaction.atomic
def propose(
    *, subject: UUID, n: int, values: Mapping[str, str], reason: str, evidence: Evidence | None, by: Acting, at: datetime
) -> Correction:
    """Propose other values for one entry of a learner's chain.

    :param values: field to what was typed; fields that are absent or as before ask for nothing
    :raises DomainError: 404 ``not_found``; 403 ``own_record``; 409 ``not_correctable``, ``already_proposed``, ``nothing_changes``,
        ``held``; ``value``, ``reason``, ``personal``, and what :func:`evidence.attach` refuses
    """
    entry = _entry(subject, n)
    if by.own == subject:
        raise DomainError("own_record", _("不能更正自己的档案，请由另一位管理人员提出。"), status=403)
    hold(f"correction:{entry.pk}")
    if Correction.objects.filter(entry=entry, state=State.PROPOSED).exists():
        raise DomainError("already_proposed", _("这条记录已有一条更正等待批准，请先处理那一条。"), status=409)
    changes = _changes(entry, values)
    row = Correction(entry=entry, entry_hash=bytes(entry.hash).hex(), changes=changes, reason=said(reason))
    row.proposed_by, row.proposed_name, row.proposed_at = by.ref, by.name, at
    if evidence is not None:
        files.attach(row, evidence)
    row.save(force_insert=True)
    audit.record("records.correction_proposed", actor=by.ref, target=f"correction:{row.uuid}", at=at, reason=row.reason)
    _tell(events.correction_proposed, row, at=at, by=by.ref)
    return row


@transaction.atomic
def decide(*, correction: UUID, approve: bool, words: str = "", by: Acting, at: datetime) -> Correction:
    """Approve or refuse what somebody else proposed; approved, the entry is made and credit follows it, in one transaction.

    :raises DomainError: 404 ``not_found``; 403 ``own_proposal``, ``own_record``; 409 ``already_decided``, ``changed_meanwhile``,
        ``day_full``, ``held``; ``reason`` where it is refused without words; ``personal``
    """
    row = _locked(correction)
    if row.proposed_by == by.ref:
        text = _("提出人不能批准自己提出的更正，请由另一位管理人员处理。没有其他人时，请先在“管理人员”里邀请一位。")
        raise DomainError("own_proposal", text, status=403)
    if by.own == row.entry.subject:
        raise DomainError("own_record", _("这条更正涉及您自己的档案，请由另一位管理人员处理。"), status=403)
    row.words = fields.nameless(" ".join(words.split())[:500], field="words") if approve else said(words)
    row.decided_by, row.decided_name, row.decided_at = by.ref, by.name, at
    if approve:
        _carry_out(row, at)
    else:
        row.state = State.DECLINED
        row.save()
    done = "approved" if approve else "declined"
    audit.record(f"records.correction_{done}", actor=by.ref, target=f"correction:{row.uuid}", at=at, reason=row.words)
    _tell(events.correction_decided, row, at=at, state=row.state)
    return row


@transaction.atomic
def withdraw(*, correction: UUID, by: Acting, at: datetime) -> Correction:
    """Take back one's own proposal before somebody decides.

    :raises DomainError: 404 ``not_found``; 403 ``not_own``; 409 ``already_decided``
    """
    row = _locked(correction)
    if row.proposed_by != by.ref:
        raise DomainError("not_own", _("只能撤回自己提出的更正。"), status=403)
    row.state = State.WITHDRAWN
    row.save(update_fields=["state"])
    audit.record("records.correction_withdrawn", actor=by.ref, target=f"correction:{row.uuid}", at=at)
    return row


def said(reason: str) -> str:
    """Return a reason fit to be kept.

    :raises DomainError: ``reason``, ``personal``
    """
    text = " ".join(reason.split())
    if not LEAST_REASON <= len(text) <= 500:
        words = _("请写明理由，%(least)d 到 500 个字，学员和检查人员会看到。") % {"least": LEAST_REASON}
        raise DomainError("reason", words, field="reason")
    return fields.nameless(text, field="reason")


def _changes(entry: LedgerEntry, values: Mapping[str, str]) -> dict[str, list[Any]]:
    now = held_values(entry)
    found = {}
    for field in fields.of_kind(entry.kind):
        if field.name not in values:
            continue
        wanted, before = field.read(values[field.name]), now[field.name]
        if wanted != before and not (wanted == "" and before in ("", None)):
            found[field.name] = [before, wanted]
    if not found:
        raise DomainError("nothing_changes", _("内容和现在一样，没有需要更正的地方。"), status=409)
    if fields.EFFECTIVE in found:
        STUDY_EFFECT.get().check(body=entry.body, seconds=int(found[fields.EFFECTIVE][1]))
    return found


def _carry_out(row: Correction, at: datetime) -> None:
    """Move the credit, write the entry, and let the room above follow."""
    now = held_values(row.entry)
    if bytes(row.entry.hash).hex() != row.entry_hash or any(now[name] != pair[0] for name, pair in row.changes.items()):
        words = _("提出以后，这条记录又有了变化。请不批准这一条，再按现在的内容重新提出。")
        raise DomainError("changed_meanwhile", words, status=409)
    delta_ms = 0
    if fields.EFFECTIVE in row.changes:
        seconds = int(row.changes[fields.EFFECTIVE][1])
        delta_ms = STUDY_EFFECT.get().carry_out(body=row.entry.body, seconds=seconds, at=at)
    made = append_entry(kind="CORRECTION", subject=row.entry.subject, body=_body(row, delta_ms), at=at)
    row.state, row.result_id = State.APPROVED, made.id
    row.save()
    for paper in told_by(row.entry, effective_ms=delta_ms, at=at):
        regulators.note_corrected(code=paper.code, entry=made.hash_hex, at=at)
    if delta_ms:
        STUDY_EFFECT.get().follow(subject=row.entry.subject, at=at)


def _body(row: Correction, effective_ms: int) -> dict[str, Any]:
    """Return what the ledger is told; ``effective_ms`` is what this entry adds to the confirmed time, or takes from it."""
    entry = row.entry
    evidence = {"name": row.evidence_name, "sha256": row.evidence_sha256} if row.evidence_key else None
    return {
        "event": "entry_correction",
        "correction": str(row.uuid),
        "learner": str(entry.subject),
        "corrects": {"n": entry.n, "hash": row.entry_hash, "kind": entry.kind},
        **{key: entry.body[key] for key in _COPIED if key in entry.body},
        "changes": [{"field": name, "before": before, "after": after} for name, (before, after) in sorted(row.changes.items())],
        "reason": row.reason,
        "evidence": evidence,
        "proposed_by": row.proposed_name,
        "proposed_at": row.proposed_at.isoformat(),
        "approved_by": row.decided_name,
        "words": row.words,
        "effective_ms": effective_ms,
    }


def _entry(subject: UUID, n: int) -> LedgerEntry:
    row = LedgerEntry.objects.filter(subject=subject, n=n).first()
    if row is None:
        raise DomainError("not_found", _("没有这条记录，请从档案重新进入。"), status=404)
    return row


def _locked(correction: UUID) -> Correction:
    rows = Correction.objects.select_for_update(of=("self",)).select_related("entry")
    row = rows.filter(uuid=correction).first()
    if row is None:
        raise DomainError("not_found", _("没有找到这条更正，请从列表重新进入。"), status=404)
    if row.state != State.PROPOSED:
        raise DomainError("already_decided", _("这条更正已经处理过了，请刷新页面查看结果。"), status=409)
    return row


def _tell(signal: Any, row: Correction, **news: Any) -> None:
    values = {"correction": row.uuid, "subject": row.entry.subject, **news}
    transaction.on_commit(lambda: signal.send_robust(sender=Correction, **values))
