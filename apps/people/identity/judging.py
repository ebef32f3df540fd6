"""What a face worker does with one burst: look, judge, keep what is needed, tell. Safe to repeat."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.people import sealing
from apps.people.events import face_checked
from apps.people.identity import proofs, rules, vault, waiting
from apps.people.identity.models import FaceCheck, Identity, Method, Outcome, Purpose
from apps.people.identity.rules import Known, Verdict
from apps.people.models import Learner
from apps.people.ports import AUTHORITY, FACES, AuthorityDown, Claim, Look
from apps.records import api as records

MOST_TRIES = 3
"""Bursts that have broken so many workers are not looked at again."""
LOOK_BACK = 200
"""Earlier bursts that a new one is compared with."""
KEPT = 3


@dataclass(frozen=True, slots=True)
class Seen:
    """A verdict, and the looks and frames it rests on; both empty where nothing could be looked at."""

    verdict: Verdict
    looks: list[Look]
    burst: list[bytes]


def judge(check: UUID, *, at: datetime) -> str:
    """Judge a pending check and return how it stands; an ended one is left alone.

    Stays ``pending`` where an authority does not answer; the schedule asks again.
    """
    if not _begin(check):
        return FaceCheck.objects.values_list("outcome", flat=True).get(uuid=check)
    with transaction.atomic():
        row = FaceCheck.objects.select_for_update().get(uuid=check)
        identity = Identity.objects.select_for_update().get(learner_id=row.learner_id)
        if row.outcome != Outcome.PENDING:
            return row.outcome
        try:
            seen = _looked(row, identity)
        except AuthorityDown:
            row.tries, row.flags = 0, [*{*row.flags, "authority_down"}]
            row.save(update_fields=["tries", "flags"])
            return row.outcome
        _end(row, identity, seen, at)
    waiting.tell(check)
    return row.outcome


def _begin(check: UUID) -> bool:
    """Count the try before anything can go wrong."""
    with transaction.atomic():
        row = FaceCheck.objects.select_for_update().get(uuid=check)
        if row.outcome != Outcome.PENDING:
            return False
        row.tries += 1
        row.save(update_fields=["tries"])
    return True


def _looked(row: FaceCheck, identity: Identity) -> Seen:
    """Open the burst, let the engine look and judge what it saw."""
    try:
        burst = vault.take(row.frames, identity)
    except (vault.Forgotten, FileNotFoundError):  # consent was withdrawn while the burst waited
        return Seen(Verdict(Outcome.FAIL, None, ("withdrawn",)), [], [])
    engine = FACES.get()
    row.provider = engine.name
    try:
        if row.tries > MOST_TRIES:
            raise ValueError("it has broken several workers")
        looks = engine.look(burst)
    except ValueError:
        return Seen(Verdict(Outcome.RETRY, None, ("unreadable",)), [], [])
    id_photo = looks.pop(0) if "id_photo" in row.flags else None
    if id_photo:
        burst = burst[1:]
    actions = row.challenge.actions if row.challenge else ()
    if row.purpose == Purpose.ENROL:
        verdict = rules.judge_enrolment(looks, actions=actions, id_photo=id_photo, is_resent=_is_resent(row))
        return Seen(_confirmed(row, verdict, burst), looks, burst)
    template = vault.unpack(vault.unseal(identity.template_sealed, identity, "template"))
    verdict = rules.judge(
        looks,
        template=template.feature,
        known=[template, *_earlier(row, identity)],
        actions=actions,
        had_retry=_had_retry(row),
        is_resent=_is_resent(row),
    )
    return Seen(verdict, looks, burst)


def _confirmed(row: FaceCheck, verdict: Verdict, burst: list[bytes]) -> Verdict:
    """Ask the authority about a burst that is fine so far.

    :raises AuthorityDown: nobody answered
    """
    if verdict.outcome != Outcome.PASS:
        return verdict
    learner = Learner.objects.get(pk=row.learner_id)
    claim = Claim(learner.name, sealing.unseal(learner.id_sealed, sealing.ID))
    answer = AUTHORITY.get().confirm(claim, burst[verdict.best])
    if answer is None:
        return verdict
    row.provider = f"{row.provider}+{AUTHORITY.get().name}"
    outcome = {"same": Outcome.PASS, "different": Outcome.FAIL}.get(answer.answer, Outcome.REVIEW)
    flag = "authority" if answer.is_same else f"authority_{answer.answer}"
    return replace(verdict, outcome=outcome, flags=(*verdict.flags, flag))


def _earlier(row: FaceCheck, identity: Identity) -> list[Known]:
    rows = FaceCheck.objects.filter(learner_id=row.learner_id).exclude(features_sealed=b"").exclude(pk=row.pk).order_by("-at")
    sealed = rows.values_list("features_sealed", flat=True)[:LOOK_BACK]
    return [vault.unpack(vault.unseal(one, identity, "features")) for one in sealed]


def _is_resent(row: FaceCheck) -> bool:
    """Say whether a frame came before, byte by byte, in an earlier burst."""
    mine = set(row.digests)
    rows = FaceCheck.objects.filter(learner_id=row.learner_id).exclude(pk=row.pk).order_by("-at")
    return any(mine & set(old) for old in rows.values_list("digests", flat=True)[:LOOK_BACK])


def _had_retry(row: FaceCheck) -> bool:
    """Say whether the person has already taken the picture again for the same thing because it was too unlike."""
    rows = FaceCheck.objects.filter(learner_id=row.learner_id, about=row.about, purpose=row.purpose, outcome=Outcome.RETRY)
    return bool(row.about) and rows.exclude(pk=row.pk).filter(score__isnull=False).exists()


def _end(row: FaceCheck, identity: Identity, seen: Seen, at: datetime) -> None:
    verdict = seen.verdict
    row.outcome, row.score, row.flags, row.judged_at = Outcome(verdict.outcome), verdict.score, list(verdict.flags), at
    former, row.frames = row.frames, ""
    if verdict.best >= 0 and row.outcome != Outcome.RETRY:
        best = seen.looks[verdict.best]
        row.features_sealed = vault.seal(vault.pack(Known(best.feature, best.fingerprint)), identity, "features")
        row.frames = vault.put(_worth_keeping(row, verdict, seen.burst), identity, f"checks/{row.uuid}")
    row.save()
    transaction.on_commit(lambda: vault.drop(former))
    settle(row, identity, at)


def _worth_keeping(row: FaceCheck, verdict: Verdict, burst: list[bytes]) -> list[bytes]:
    """One picture as evidence; for a person who has to decide also the first and the last (only what is necessary, PIPL art. 6)."""
    if row.outcome != Outcome.REVIEW:
        return [burst[verdict.best]]
    numbers = dict.fromkeys([verdict.best, 0, len(burst) - 1])
    return [burst[number] for number in numbers][:KEPT]


def settle(row: FaceCheck, identity: Identity, at: datetime) -> None:
    """Draw the consequences of an outcome: enrolment, proof, rest after failures, ledger, news. Within the caller's transaction."""
    if row.outcome == Outcome.PASS:
        _passed(row, identity, at)
    elif row.outcome == Outcome.FAIL and row.purpose in {Purpose.OPEN, Purpose.ENROL}:
        _rest(row, identity, at)
    if row.purpose != Purpose.PRESENCE and row.outcome in {Outcome.PASS, Outcome.FAIL}:
        _write_down(row, at)
    announce(row, at)


def announce(row: FaceCheck, at: datetime) -> None:
    """Send the news of an outcome when the transaction is done."""
    news = {"check": row.uuid, "learner_id": row.learner_id, "purpose": row.purpose, "about": row.about, "outcome": row.outcome}
    transaction.on_commit(lambda: face_checked.send_robust(sender=FaceCheck, at=at, **news))


def _passed(row: FaceCheck, identity: Identity, at: datetime) -> None:
    if row.purpose == Purpose.ENROL:
        features = vault.unseal(row.features_sealed, identity, "features")
        former, identity.photo = identity.photo, row.frames
        identity.template_sealed = vault.seal(features, identity, "template")
        identity.provider, identity.enrolled_at, identity.trust = row.provider, at, _trust(row)
        identity.locked_until = None
        identity.save()
        row.frames, row.features_sealed = "", b""
        row.save(update_fields=["frames", "features_sealed"])
        transaction.on_commit(lambda: vault.drop(former))
    if row.purpose in {Purpose.ENROL, Purpose.OPEN}:
        proofs.note_proof(learner_id=row.learner_id, terminal=row.terminal, method=Method.FACE, at=row.at, check=row.uuid)


def _trust(row: FaceCheck) -> str:
    if row.decided_by_id:
        return Identity.Trust.PERSON
    if "authority" in row.flags:
        return Identity.Trust.AUTHORITY
    return Identity.Trust.ID_PHOTO if row.score is not None else Identity.Trust.LIVE


def _rest(row: FaceCheck, identity: Identity, at: datetime) -> None:
    since = at - rules.FAILURES_WITHIN
    failed = FaceCheck.objects.filter(learner_id=row.learner_id, purpose__in=[Purpose.OPEN, Purpose.ENROL], outcome=Outcome.FAIL)
    if failed.filter(judged_at__gt=since).count() >= rules.FAILURES:
        identity.locked_until = at + rules.REST
        identity.save(update_fields=["locked_until"])


def _write_down(row: FaceCheck, at: datetime) -> None:
    """Enter the result in the learner's chain: no picture, no template, only what was decided on which digests."""
    body = {
        "event": "enrolled" if row.purpose == Purpose.ENROL and row.outcome == Outcome.PASS else "checked",
        "check": str(row.uuid),
        "purpose": row.purpose,
        "outcome": row.outcome,
        "score": None if row.score is None else f"{row.score:.3f}",
        "provider": row.provider,
        "flags": row.flags,
        "digests": row.digests,
        "terminal": row.terminal,
        "decided_by": row.decided_by_id,
    }
    records.append_entry(
        kind="IDENTITY", subject=Learner.objects.values_list("uuid", flat=True).get(pk=row.learner_id), body=body, at=at
    )
