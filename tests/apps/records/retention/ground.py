"""Old months for the tests of retention: face checks with pictures, proofs, sittings and checks of presence, years ago."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

from django.core.files.storage import default_storage

from apps.learning.models import PresenceCheck, StudySession
from apps.people import api as people
from apps.people.identity import vault
from apps.people.identity.models import FaceCheck, Identity, Method, Outcome, Proof
from apps.records.retention import keeping, rules, volumes
from apps.records.retention.ports import KEEPERS, Span
from infra.kit import clock
from public.retention.api import Package
from public.seals import api as seals
from tenants.scope import platform_scope, require

OLD = datetime(2024, 3, 12, 2, 30, tzinfo=UTC)
"""In March 2024: past 24 months, within 72."""
MARCH = OLD.date().replace(day=1)
PICTURE = b"\xff\xd8 a face \xff\xd9"
ID = "330106199003070014"


def signers():
    with platform_scope():
        return seals.signers(at=clock.now())


def schema() -> str:
    return require().schema


def keep(at: datetime | None = None) -> keeping.Round:
    return keeping.keep(signers=signers(), at=at or clock.now())


def packed(month: date = MARCH) -> Package:
    """Write the package of a month without erasing anything, as a round does that was cut off."""
    span = Span(*rules.bounds(month))
    lines = [(keeper.name, row) for keeper in KEEPERS.of("PROCESS") for row in keeper.select(span)]
    title = volumes.Title("PROCESS", month, 1, rules.later(month, 73))
    return volumes.write(title, lines, signers=signers(), at=clock.now())


def pupil(name: str = "学员甲", id_number: str = ID, mobile: str = "13800000001") -> people.LearnerView:
    return people.add_learner(name=name, id_number=id_number, mobile=mobile, at=OLD)


def colleague() -> people.LearnerView:
    return pupil("学员乙", "330203198511120024", "13800000002")


def face(view: people.LearnerView, at: datetime = OLD, *, outcome: str = Outcome.PASS) -> FaceCheck:
    """One judged burst of frames with its picture in the store."""
    identity, _made = Identity.objects.get_or_create(learner_id=view.id, defaults={"method": Method.FACE})
    features = vault.seal(b"features", identity, "feature")
    name = vault.put([PICTURE], identity, str(uuid4()))
    identity.save()
    return FaceCheck.objects.create(
        learner_id=view.id, purpose="open", about="open:x", terminal="t" * 32, outcome=outcome, score=0.72,
        flags=["turned"], digests=["ab" * 32], frames=name, features_sealed=features, at=at, judged_at=at,
    )  # fmt: skip


def proof(view: people.LearnerView, at: datetime = OLD) -> Proof:
    return Proof.objects.create(learner_id=view.id, terminal="t" * 32, method=Method.FACE, at=at)


def sitting(view: people.LearnerView, at: datetime = OLD, **more: Any) -> StudySession:
    values = {
        "person_key": view.person_key, "assignment_id": 1, "courseware_id": 1, "version_id": 1, "course_code": "AQ-1",
        "course_title": "机械伤害防护", "version_no": 1, "courseware_title": "第一讲", "media": uuid4(), "duration_ms": 600_000,
        "ip": "198.51.100.7", "terminal": "t" * 32, "opened_at": at, "closed_at": at, "close_reason": "ENDED", "nonce": "n",
        "key": b"", "last_at": at, "signals": {"rate": 2}, "next_in": 15,
    }  # fmt: skip
    return StudySession.objects.create(learner_id=view.id, **{**values, **more})


def check(session: StudySession, at: datetime = OLD) -> PresenceCheck:
    return PresenceCheck.objects.create(
        learner_id=session.learner_id, session=session, kind="code", why="due", issued_at=at, deadline_at=at,
        answered_at=at, content={"question": "安全帽"}, evidence={"tries": 1}, outcome="passed",
    )  # fmt: skip


def month(view: people.LearnerView, at: datetime = OLD) -> StudySession:
    """One of everything: four rows of process data and a picture."""
    face(view, at)
    proof(view, at)
    session = sitting(view, at)
    check(session, at)
    return session


def stored(name: str) -> bool:
    return default_storage.exists(name)
