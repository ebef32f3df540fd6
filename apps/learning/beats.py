"""The beat: one claim of the player, judged by the server's clock, in two round trips (design LEARNING.md)."""

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.utils.translation import gettext_lazy as _

from apps.learning import presence, rules, signals, spans, statements, voiding
from apps.learning.pipeline import Row, unit
from apps.learning.presence import Duty, Step
from apps.learning.rules import Standing, Verdict
from apps.learning.shapes import Advice, Asked, BeatIn, Outcome
from apps.learning.signals import SignalState
from infra.kit import canonical
from infra.kit.errors import DomainError
from public.catalogue import api as catalogue
from tenants.errors import TooMany


def accept_beat(*, session: UUID, beat: Mapping[str, Any], terminal: str, at: datetime) -> dict[str, Any]:
    """Judge the interval since the last beat, pay for it, and return the reply.

    The same beat sent twice gets the first reply again and changes nothing.

    :param beat: the body as it came: `BeatIn` plus ``mac``, the HMAC-SHA256 (hex) over the canonical JSON of the rest
    :param terminal: what the terminal's signed cookie names
    :return: ``{seq, nonce, next_in, accepted_ms, furthest_ms, credited_ms, confirmed_ms, provisional_ms, voided_ms, unproven_ms,
        held_ms, covered_ms, day_left_ms, verdict, command, must_prove, check, quiz}``; times in ms are this session's,
        ``unproven_ms`` the learner's over all sessions; ``check`` is None or ``{uuid, kind, within_s, issued_at}``, ``quiz`` None or
        ``{uuid, at_ms}`` of the point that was reached and must be answered before anything beyond it counts
    :raises DomainError: 404 ``not_found``; 422 ``invalid``; 409 ``bad_mac``, ``wrong_terminal``, ``closed`` (with
        ``reason``), ``recalled``, ``wrong_seq`` (with ``expected``), ``wrong_nonce``, ``taken_over``; 429 ``too_many``; nothing changes
    """
    claim = BeatIn.parse(beat)
    overdue, reply = _accept(session, beat, claim, terminal, at)
    if overdue is not None:
        # Once in a miss: what the deadline did is settled first, as the sweep would, and then the beat is judged anew.
        voiding.settle_overdue(check=overdue, at=at)
        _settled, reply = _accept(session, beat, claim, terminal, at, has_missed=True)
    return reply


def _accept(
    session: UUID, beat: Mapping[str, Any], claim: BeatIn, terminal: str, at: datetime, *, has_missed: bool = False
) -> tuple[UUID | None, dict[str, Any]]:
    earlier, today = rules.days_of(at)
    with unit() as work:
        row, more = work.begin(statements.lock_session(session), statements.lock_person(session, earlier, today))
        if row is None or more is None:
            raise DomainError("not_found", _("没有这次学习。请回到课程页重新开始。"), status=404)
        _refuse_stranger(row, terminal)
        if row["seq"] == claim.seq and hmac.compare_digest(row["last_mac"], claim.mac):
            (kept,) = work.finish(statements.last_reply(row))
            return None, _stored(kept)
        _refuse_ended(row, more)
        _refuse_forged(row, beat, claim)
        if rules.is_flood(claim.seq, opened_at=row["opened_at"], at=at):
            raise TooMany(rules.BEAT_EVERY_MS // 1000)
        at = max(at, row["last_at"])  # a clock set back earns nothing and breaks nothing
        if more["check_uuid"] is not None and more["check_deadline_at"] < at:
            return more["check_uuid"], {}
        used = {today: more["used_today"]} | ({earlier: more["used_earlier"]} if earlier != today else {})
        # Whoever walked away must not be asked again at once, and once more, into the lock: the page pauses first.
        outcome = _judge(row, {**more, "may_ask": not has_missed}, claim, used, at)
        work.finish(*statements.write(row, claim, outcome, at=at))
    return None, outcome.reply


def _judge(row: Row, more: Row, claim: BeatIn, used: Mapping[date, int], at: datetime) -> Outcome:
    standing = _standing(row, more)
    verdict = rules.judge(standing, claim.as_claim(), at=at, used=used)
    advice = _advice(row, claim, at)
    covered_ms = spans.measure(standing.covered) + verdict.paid_ms
    duty = Duty(row["unproven_ms"], row["due_ms"], row["must_prove"], not more["may_ask"] or more["check_uuid"] is not None)
    is_finish = row["ends_course"] and claim.state == "ended" and _ends_unproven(row, verdict, covered_ms)
    step = presence.step(duty, claim.as_claim(), paid_ms=verdict.paid_ms, score=advice.score, is_finish=is_finish)
    asked = Asked(uuid4(), row["proof_kind"], at, at + timedelta(seconds=presence.WITHIN_S), step.ask) if step.ask else None
    today = max(used)  # the day that is locked; ``at`` may lie in a later one where the clock was set back
    left = rules.day_left(used[today] + dict(verdict.by_day).get(today, 0))
    check = asked or _open_check(more)
    reply = _reply(row, claim, verdict, step, check=check, covered_ms=covered_ms, day_left_ms=left)
    return Outcome(verdict, step, asked, reply, advice)


def _advice(row: Row, claim: BeatIn, at: datetime) -> Advice:
    kept = SignalState.from_json(json.loads(row["signals"]))
    state, raised = signals.score(kept, claim, (at - row["last_at"]) // timedelta(milliseconds=1))
    return Advice(state.score, state.as_json(), [signal.code for signal in raised], state.codes)


def _ends_unproven(row: Row, verdict: Verdict, covered_ms: int) -> bool:
    """Say whether the lesson is learnt to its end, and not all that counts of it is proven."""
    here, duration = row["credited_ms"] - row["confirmed_ms"] - row["held_ms"] + verdict.paid_ms, row["duration_ms"]
    unproven = row["unproven_ms"] + verdict.paid_ms
    return rules.is_complete(covered_ms, duration) and presence.lacks_proof(
        covered_ms=covered_ms, unproven_ms=unproven, here_ms=here, duration_ms=duration
    )


def _open_check(more: Row) -> Asked | None:
    if more["check_uuid"] is None:
        return None
    return Asked(more["check_uuid"], more["check_kind"], more["check_issued_at"], more["check_deadline_at"])


def mac_of(beat: Mapping[str, Any], key: bytes) -> str:
    """Return the HMAC-SHA256 (64 hex digits) over the canonical JSON of ``beat`` without its ``mac``.

    :raises DomainError: 422 ``invalid`` for numbers that JSON cannot carry exactly
    """
    try:
        text = canonical.encode({name: value for name, value in beat.items() if name != "mac"})
    except ValueError as error:
        raise BeatIn.invalid() from error
    return hmac.new(key, text, hashlib.sha256).hexdigest()


def _refuse_stranger(row: Row, terminal: str) -> None:
    if not hmac.compare_digest(row["terminal"], terminal):
        raise DomainError("wrong_terminal", _("这次学习属于另一台设备。请在本机重新开始。"), status=409)


def _stored(kept: Row | None) -> dict[str, Any]:
    reply: dict[str, Any] = json.loads(kept["reply"]) if kept else {}
    return reply


def _refuse_ended(row: Row, more: Row) -> None:
    # Before the MAC, because the key of an ended session is gone.
    if row["close_reason"] == "recalled":
        raise catalogue.recalled()
    if row["closed_at"] is not None:
        raise DomainError("closed", _("这次学习已经结束。请点“继续学习”重新开始。"), status=409, reason=row["close_reason"])
    if not more["holds_lease"]:
        raise DomainError("taken_over", _("您已在另一处开始学习，这里已暂停。"), status=409)


def _refuse_forged(row: Row, beat: Mapping[str, Any], claim: BeatIn) -> None:
    if not hmac.compare_digest(mac_of(beat, bytes(row["key"])), claim.mac):
        raise DomainError("bad_mac", _("学习数据校验没有通过。请刷新页面后继续。"), status=409)
    if claim.seq != row["seq"] + 1:
        raise DomainError("wrong_seq", _("学习数据的顺序不对。请刷新页面后继续。"), status=409, expected=row["seq"] + 1)
    if not hmac.compare_digest(row["nonce"], claim.nonce):
        raise DomainError("wrong_nonce", _("学习数据已过期。请刷新页面后继续。"), status=409)


def _standing(row: Row, more: Row) -> Standing:
    return Standing(
        state=row["last_state"],
        last_at=row["last_at"],
        accepted_ms=row["accepted_ms"],
        furthest_ms=row["furthest_ms"],
        forward_ms=row["forward_ms"],
        playing_ms=row["playing_ms"],
        duration_ms=row["duration_ms"],
        covered=spans.from_text(more["covered"]),
        unlocked=spans.from_text(row["unlocked"]),
        must_prove=row["must_prove"],
        gate_ms=row["gate_ms"],
    )


def _reply(
    row: Row, claim: BeatIn, verdict: Verdict, step: Step, *, check: Asked | None, covered_ms: int, day_left_ms: int
) -> dict[str, Any]:
    credited = row["credited_ms"] + verdict.paid_ms
    return {
        "seq": claim.seq,
        "nonce": new_nonce(),
        "next_in": rules.next_beat_s(),
        "accepted_ms": verdict.accepted_ms,
        "furthest_ms": verdict.furthest_ms,
        "credited_ms": credited,
        "confirmed_ms": row["confirmed_ms"],
        "provisional_ms": credited - row["confirmed_ms"] - row["held_ms"],
        "held_ms": row["held_ms"],
        "voided_ms": row["voided_ms"],
        "unproven_ms": step.unproven_ms,
        "covered_ms": covered_ms,
        "day_left_ms": day_left_ms,
        "verdict": verdict.code,
        "command": _command(verdict, check),
        "must_prove": row["must_prove"],
        "check": _told(check),
        "quiz": _asks(row, verdict),
    }


def _command(verdict: Verdict, check: Asked | None) -> str:
    """A check comes before all but what takes the player back or ends the sitting; ``check`` is told in any case."""
    return "challenge" if check and verdict.command in {"none", "pause"} else verdict.command


def _told(check: Asked | None) -> dict[str, Any] | None:
    if check is None:
        return None
    within = (check.deadline_at - check.issued_at) // timedelta(seconds=1)
    return {"uuid": str(check.uuid), "kind": check.kind, "within_s": within, "issued_at": check.issued_at.isoformat()}


def _asks(row: Row, verdict: Verdict) -> dict[str, Any] | None:
    """Name the point that the film has come to; what it asks is fetched, never told beforehand."""
    if not rules.is_at_gate(verdict.accepted_ms, row["gate_ms"]):
        return None
    return {"uuid": str(row["gate"]), "at_ms": row["gate_ms"]}


def new_nonce() -> str:
    """Return a fresh link of the nonce chain (32 hex digits)."""
    return secrets.token_hex(16)


__all__ = ["accept_beat", "mac_of", "new_nonce"]
