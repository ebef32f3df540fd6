"""A learner with a plan, and a player that speaks the protocol."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from apps.learning import beats, checks, pacing, services
from apps.learning.models import Coverage, PresenceCheck, ProofState, StudySession
from apps.learning.shapes import Opened
from apps.people import api as people
from apps.plans import api as plans
from infra.kit import clock
from infra.kit.errors import DomainError
from public.catalogue import api as catalogue
from public.catalogue.models import CourseVersion, MediaAsset
from tenants.scope import enterprise_scope, platform_scope
from tests.conftest import NOON
from tests.public.rights.ground import cover
from tests.public.subtitles.ground import subtitle

A = {"name": "学员甲", "id_number": "330106199003070014", "mobile": "13800000001"}
B = {"name": "学员乙", "id_number": "330203198511120024", "mobile": "13800000002"}
TERMINAL = "t" * 32
COURSE = "AQ-CY-C-TS-0021-A"
FILM_MS = 600_000
SEGMENTS = [
    {"file": f"seg_{n:05d}.m4s", "duration_ms": 6_000, "key_no": n // 10, "iv": f"{n // 10:032x}"}
    for n in range(FILM_MS // 6_000)
]

KEY_MS = 60_000
KEYS = pacing.key_spans({"segments": SEGMENTS}, duration_ms=FILM_MS)


@dataclass
class Player:
    """A browser's end of one session: signs, counts, follows the nonce chain, fetches keys. ``now`` is the server's clock.

    ``attends``: somebody sits there and answers each check at once; ``fetches``: keys are asked for as the film comes to them.
    """

    opened: Opened
    now: datetime
    terminal: str = TERMINAL
    attends: bool = True
    fetches: bool = True
    keys: set[int] = field(default_factory=set)
    seq: int = 0
    position_ms: int = 0
    reply: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.position_ms = self.opened.position_ms
        self.nonce = self.opened.nonce
        self.opened_at = self.now

    @property
    def uuid(self) -> UUID:
        return self.opened.uuid

    def body(self, state: str = "playing", **changes: Any) -> dict[str, Any]:
        beat = {
            "seq": self.seq + 1,
            "nonce": self.nonce,
            "position_ms": self.position_ms,
            "state": state,
            "reason": "tick",
            "rate": 1,
            "hidden": False,
            "focused": True,
            "mono_ms": max(0, (self.now - self.opened_at) // timedelta(milliseconds=1)),
            "frames": self.position_ms // 40,
            "guard": {},
            "probes": {"inputs": 1},
            **changes,
        }
        return {**beat, "mac": beats.mac_of(beat, bytes.fromhex(self.opened.key_hex))}

    def send(self, body: dict[str, Any]) -> dict[str, Any]:
        if self.fetches and body["position_ms"] <= FILM_MS:
            self.fetch(body["position_ms"])
        self.reply = beats.accept_beat(session=self.uuid, beat=body, terminal=self.terminal, at=self.now)
        self.seq, self.nonce, self.position_ms = body["seq"], self.reply["nonce"], self.reply["accepted_ms"]
        if self.attends and self.reply["check"]:
            self.prove()
        return self.reply

    def fetch(self, position_ms: int) -> None:
        """Fetch the keys of what plays between the accepted position and this one, as far as they are handed out."""
        wanted = range(self.position_before() // KEY_MS, min(position_ms, FILM_MS - 1) // KEY_MS + 1)
        missing = [number for number in wanted if number not in self.keys]
        row = StudySession.objects.filter(uuid=self.uuid).first() if missing else None
        for number in missing if row else ():
            try:
                pacing.hand_out(row, KEYS[number], at=self.now)
            except DomainError:  # too early: what plays there is not paid, as in a real player
                return
            self.keys.add(number)

    def position_before(self) -> int:
        return self.reply["accepted_ms"] if self.reply else self.opened.position_ms

    def proven(self) -> dict[str, Any]:
        """Let a check come with the next beat, and pass it."""
        ProofState.objects.filter(learner_id=self.row().learner_id).update(due_ms=0)
        self.send(self.body())
        return self.reply

    def row(self) -> StudySession:
        return StudySession.objects.get(uuid=self.uuid)

    def ask(self) -> dict[str, Any]:
        """Fetch the open check, as the page shows it."""
        return checks.show(**self._names(), at=self.now)

    def prove(self, **changes: Any) -> dict[str, Any]:
        """Answer the open check: somebody reads the picture and knows the question."""
        self.ask()
        content = PresenceCheck.objects.get(uuid=self.reply["check"]["uuid"]).content
        answer = {"code": content["code"], "chosen": content["answer"], **changes}
        return checks.answer(**self._names(), **answer, at=self.now)

    def _names(self) -> dict[str, Any]:
        learner = self.row().learner_id
        return {
            "session": self.uuid,
            "check": UUID(self.reply["check"]["uuid"]),
            "learner_id": learner,
            "terminal": self.terminal,
        }

    def play(self) -> dict[str, Any]:
        return self.send(self.body("playing", reason="play"))

    def watch(self, seconds: float, state: str = "playing", **changes: Any) -> dict[str, Any]:
        """Let the film run and the clock with it, then beat."""
        self.now += timedelta(seconds=seconds)
        self.position_ms += round(seconds * 1000)
        return self.send(self.body(state, **changes))

    def watch_on(self, seconds: float) -> dict[str, Any]:
        """Watch for long, beating every 15 s."""
        while seconds > 0:
            self.watch(min(15, seconds))
            seconds -= 15
        return self.reply


@dataclass
class School:
    """A learner with one assignment in the enterprise one stands in."""

    learner: people.LearnerView
    assignment: plans.AssignmentView

    @property
    def first(self) -> int:
        return self.assignment.courseware_ids[0]

    @property
    def second(self) -> int:
        return self.assignment.courseware_ids[1]

    def open(self, courseware_id: int | None = None, *, at: datetime = NOON, terminal: str = TERMINAL) -> Player:
        people.note_proof(learner_id=self.learner.id, terminal=terminal, method="code", at=at)
        opened = services.open_session(
            learner=self.learner,
            assignment_uuid=self.assignment.uuid,
            courseware_id=courseware_id or self.first,
            terminal=terminal,
            ip="10.1.2.3",
            at=at,
        )
        return Player(opened, at, terminal)


def enrol(person: dict[str, str], version_id: int, **order: Any) -> School:
    """Add a learner to the current enterprise and open a plan with one course."""
    learner = people.add_learner(**person, at=NOON)
    people.choose_method(learner_id=learner.id, method="code", at=NOON)
    wanted = next(row for row in catalogue.requirements(on=NOON.date()) if row.code == "CY-GEN" and row.stage == "ANNUAL")
    plan = plans.PlanOrder(
        title="年度再培训",
        requirement_id=wanted.id,
        version_ids=[version_id],
        **{"exam_needed": False, "due_on": (NOON + timedelta(days=30)).date(), **order},
    )
    plans.open_plan(order=plan, who=plans.Who("picked", learner_ids=[learner.id]), by="安全员", at=NOON)
    return School(learner, plans.assignments_of(learner.id)[0])


def publish_course() -> int:
    """Seed the catalogue, give every film ten minutes and publish one course; return its version."""
    with platform_scope():
        catalogue.load_seed(author_id=1, at=NOON)
        MediaAsset.objects.update(
            state="READY",
            duration_ms=FILM_MS,
            package={"init": "init.mp4", "segments": SEGMENTS},
            keys_sealed=b"\x01",
            progress=100,
        )
        version = CourseVersion.objects.get(course__code=COURSE)
        if version.state == "DRAFT":
            cover(version.pk, author_id=1, at=NOON)
            subtitle(version.pk)
            catalogue.submit(version_id=version.pk, by_id=1, at=NOON)
            catalogue.publish(version_id=version.pk, by_id=2, at=NOON)
        return version.pk


@pytest.fixture
def version_id(db):
    return publish_course()


@pytest.fixture
def school(version_id, in_jia) -> School:
    """学员甲 in enterprise 甲, standing there."""
    return enrol(A, version_id)


@pytest.fixture
def neighbour(version_id, yi) -> School:
    """The same natural person in enterprise 乙."""
    with enterprise_scope(yi):
        return enrol(A, version_id)


def prove(client: Client, school: School) -> None:
    """学员 has just shown the phone on the device that this browser is."""
    request = RequestFactory().get("/")
    request.COOKIES = {name: morsel.value for name, morsel in client.cookies.items()}
    people.note_proof(learner_id=school.learner.id, terminal=people.terminal_of(request), method="code", at=clock.now())


def device_of(school: School, terminal: str = TERMINAL) -> str:
    """Return the cookie `anxue_terminal` of a device on which the learner has just shown the phone."""
    people.note_proof(learner_id=school.learner.id, terminal=terminal, method="code", at=clock.now())
    response = HttpResponse()
    response.set_signed_cookie(people.TERMINAL_COOKIE, terminal, salt="learning.terminal")
    return response.cookies[people.TERMINAL_COOKIE].value


def covered(school: School, courseware_id: int | None = None) -> tuple[tuple[int, int], ...]:
    return Coverage.objects.get(learner_id=school.learner.id, courseware_id=courseware_id or school.first).spans


def state_of(player: Player) -> dict[str, Any]:
    """Everything a refusal must leave alone."""
    row = StudySession.objects.get(uuid=player.uuid)
    return {name: value for name, value in vars(row).items() if not name.startswith("_")} | {
        "covered": Coverage.objects.get(learner_id=row.learner_id, courseware_id=row.courseware_id).spans
    }
