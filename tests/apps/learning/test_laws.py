"""Whatever a person does with players, clocks, networks and checks in two enterprises, the laws of credit hold.

The real engine on the real database: each example runs in a savepoint of the test's transaction.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test

from apps.learning import beats, checks, rules, services, spans, voiding
from apps.learning.models import Coverage, PresenceCheck, ProofState, StudySession, Void
from apps.records import api as records
from infra.kit import clock
from infra.kit.errors import DomainError
from public.audit.models import Beat
from public.persons import api as persons
from tenants.scope import enterprise_scope
from tenants.sites import Site
from tests.apps.learning.conftest import FILM_MS, Player, School
from tests.conftest import NOON

GAPS_S = st.sampled_from([0, 0.5, 5, 12, 15, 18, 30, 39.9, 40.5, 61, 120])
MOVES_MS = st.sampled_from([0, 0, 0, 0, 1_400, 4_000, 60_000, -10_000, -300_000])
STATES = st.sampled_from(["playing"] * 6 + ["paused", "ended"])
LEARNED = {"STUDY_SESSION", "PROOF", "VOID", "CORRECTION", "QUIZ"}


@dataclass
class Sitting:
    """One session, where it is, and all that was sent in it."""

    place: int
    player: Player
    sent: list[tuple[dict[str, Any], dict[str, Any]]] = field(default_factory=list)


class Person(RuleBasedStateMachine):
    """One natural person in two enterprises with two lessons each, on two terminals."""

    places: list[tuple[Site, School]]

    def __init__(self) -> None:
        """Begin an example in a savepoint."""
        super().__init__()
        self.outer = transaction.atomic()
        with self.at(0):
            self.outer.__enter__()
        self.now: datetime = NOON
        self.began: datetime | None = None
        self.sittings: list[Sitting] = []
        self.used_before: dict[Any, int] = {}
        self.paid_ms = 0

    def teardown(self) -> None:
        with self.at(0):
            transaction.set_rollback(True)
            self.outer.__exit__(None, None, None)

    def at(self, place: int) -> AbstractContextManager[Any]:
        return enterprise_scope(self.places[place][0])

    @property
    def person(self) -> str:
        return self.places[0][1].learner.person_key

    # what may happen

    @initialize(left_s=st.sampled_from([100, 400, 1_000, 21_600]), late=st.booleans())
    def the_day_is_partly_used(self, *, left_s: int, late: bool) -> None:
        """Begin near midnight or at noon, with much or little left of the day."""
        self.now = clock.shanghai_midnight(clock.shanghai_date(NOON) + timedelta(days=1)) - timedelta(minutes=3) if late else NOON
        self.began, day = self.now, clock.shanghai_date(self.now)
        with self.at(1):
            persons.lock_day(person_key=self.person, day=day)
            used = rules.DAY_MS - left_s * 1000
            persons.debit_day(person_key=self.person, day=day, ms=used, cap_ms=rules.DAY_MS)
        self.used_before[day] = used
        self.opens(0, second=False, phone=False)

    @rule(place=st.sampled_from([0, 0, 0, 1]), second=st.booleans(), phone=st.booleans())
    def opens(self, place: int, *, second: bool, phone: bool) -> None:
        """Open a lesson somewhere; it plays at once."""
        school = self.places[place][1]
        with self.at(place):
            try:
                player = school.open(school.second if second else school.first, at=self.now, terminal="tp"[phone] * 32)
            except DomainError as refusal:
                self.refused(refusal, "daily_limit", "locked")
                return
            player.attends = False
        self.sittings.append(Sitting(place, player))
        self.beats(0, 0, "playing", hidden=False, fetches=True)

    @precondition(lambda self: self.sittings)
    @rule(
        gap_s=GAPS_S,
        move_ms=MOVES_MS,
        state=STATES,
        hidden=st.sampled_from([False] * 5 + [True]),
        fetches=st.sampled_from([True] * 5 + [False]),
    )
    def beats(self, gap_s: float, move_ms: int, state: str, *, hidden: bool, fetches: bool) -> None:
        """The newest player says that it ran with the clock, or a lie about it."""
        sitting = self.sittings[-1]
        player = sitting.player
        self.now += timedelta(seconds=gap_s)
        player.now, player.fetches = self.now, fetches
        player.position_ms = min(FILM_MS, max(0, player.position_ms + round(gap_s * 1000) + move_ms))
        body = player.body(state, hidden=hidden)
        with self.at(sitting.place):
            before = player.reply.get("credited_ms", 0) + player.reply.get("voided_ms", 0)
            try:
                reply = player.send(body)
            except DomainError as refusal:
                self.refused(refusal, "closed", "taken_over")
                return
        sitting.sent.append((body, reply))
        self.paid_ms += reply["credited_ms"] + reply["voided_ms"] - before
        assert reply["credited_ms"] == reply["confirmed_ms"] + reply["held_ms"] + reply["provisional_ms"]

    @precondition(lambda self: self.sittings)
    @rule(minutes=st.integers(1, 5))
    def watches_on(self, minutes: int) -> None:
        """Watch honestly for a while, answering nothing."""
        for _beat in range(minutes * 2):
            self.beats(30, 0, "playing", hidden=False, fetches=True)

    @precondition(lambda self: self.sittings)
    @rule()
    def watches_until_asked_and_answers(self) -> None:
        """Watch honestly until the next check, and pass it."""
        for _beat in range(10):
            self.beats(30, 0, "playing", hidden=False, fetches=True)
            if self.sittings[-1].player.reply.get("check"):
                self.answers(right=True, late_s=5)
                return

    @precondition(lambda self: any(sitting.sent for sitting in self.sittings))
    @rule(data=st.data())
    def resends_old_beats_in_any_order(self, data: st.DataObject) -> None:
        """Retries of a broken network, late and in any order: the last one gets its reply again, and nothing ever changes."""
        sitting = data.draw(st.sampled_from([one for one in self.sittings if one.sent]))
        before = self.everything()
        for body, reply in data.draw(st.permutations(sitting.sent[-3:])):
            with self.at(sitting.place):
                try:
                    again = beats.accept_beat(
                        session=sitting.player.uuid, beat=body, terminal=sitting.player.terminal, at=self.now
                    )
                except DomainError as refusal:
                    self.refused(refusal, "closed", "taken_over", "wrong_seq")
                    continue
            assert again == reply
        assert self.everything() == before

    @precondition(lambda self: self.sittings and self.sittings[-1].player.reply.get("check"))
    @rule(right=st.sampled_from([True, True, True, False]), late_s=st.sampled_from([0, 0, 5, 61]))
    def answers(self, *, right: bool, late_s: int) -> None:
        """Answer the open check of the newest sitting, rightly, wrongly or late."""
        sitting = self.sittings[-1]
        with self.at(sitting.place):
            found = PresenceCheck.objects.filter(session__uuid=sitting.player.uuid, outcome="").first()
            if found is None:
                return
            names = {
                "session": sitting.player.uuid,
                "check": found.uuid,
                "learner_id": found.learner_id,
                "terminal": sitting.player.terminal,
            }
            if checks.show(**names, at=self.now)["outcome"] != "open":
                return
            self.now += timedelta(seconds=late_s)
            found.refresh_from_db()
            code = found.content["code"] if right else "none"
            result = checks.answer(**names, code=code, chosen=found.content["answer"], at=self.now)
            in_time = self.now <= found.deadline_at
            assert (result["outcome"] == "passed") == (right and in_time)
            sitting.player.position_ms = result["position_ms"]

    @precondition(lambda self: self.sittings)
    @rule()
    def leaves(self) -> None:
        """Close the newest sitting."""
        sitting = self.sittings[-1]
        with self.at(sitting.place):
            services.close_session(session=sitting.player.uuid, reason="left", at=self.now)

    @precondition(lambda self: self.sittings)
    @rule()
    def the_schedule_sweeps(self) -> None:
        """Overdue checks are judged where no beat comes."""
        for place in (0, 1):
            with self.at(place):
                voiding.settle_all_overdue(at=self.now)

    @precondition(lambda self: self.sittings)
    @rule(place=st.sampled_from([0, 1]))
    def a_manager_restores(self, place: int) -> None:
        """The last void of an enterprise is given again, as far as it may."""
        with self.at(place):
            void = Void.objects.filter(state="OPEN").order_by("-id").first()
            if void is not None:
                voiding.restore_void(void_uuid=void.uuid, by="manager:1", reason="在岗", at=self.now)
                voiding.unlock(learner_id=void.learner_id, by="manager:1", reason="在岗", at=self.now)

    # what holds

    def refused(self, refusal: DomainError, *codes: str) -> None:
        assert refusal.code in codes

    def everything(self) -> list[Any]:
        found: list[Any] = []
        for place in (0, 1):
            with self.at(place):
                for model in (StudySession, Coverage, ProofState, PresenceCheck, Void):
                    found.append(list(model._default_manager.order_by("pk").values()))
                found.append(Beat.objects.count())
        return found

    @invariant()
    def the_laws_hold(self) -> None:
        """Every sum agrees, and none is larger than clock, film and day allow."""
        if self.began is None:
            return
        credited = gross = 0
        for place, (_site, school) in enumerate(self.places):
            with self.at(place):
                mine, lost = self._one_enterprise(school)
            credited, gross = credited + mine, gross + mine + lost
        wall_ms = (self.now - self.began) // timedelta(milliseconds=1)
        assert gross <= wall_ms, "more was paid than time went by"
        self._days(credited)

    def _one_enterprise(self, school: School) -> tuple[int, int]:
        rows = list(StudySession.objects.filter(learner_id=school.learner.id))
        cover = list(Coverage.objects.filter(learner_id=school.learner.id))
        voids = list(Void.objects.filter(learner_id=school.learner.id))
        waiting = sum(spans.measure(row.provisional) for row in rows)
        credited, confirmed = sum(row.credited_ms for row in rows), sum(row.confirmed_ms for row in rows)
        held = sum(row.held_ms for row in rows)
        assert credited == confirmed + held + waiting, "confirmed, held and provisional add up"
        assert held == sum(spans.measure(row.held) for row in cover), "held is held once"
        assert credited == sum(spans.measure(row.spans) for row in cover), "no interval was paid twice"
        assert waiting == sum(spans.measure(row.provisional) for row in cover)
        for row in cover:
            assert spans.minus(row.provisional, row.spans) == ()
            assert spans.minus(row.held, row.spans) == ()
            assert spans.measure(row.spans) <= row.duration_ms
        for row in rows:
            assert sum(row.provisional_days.values()) == spans.measure(row.provisional)
            assert spans.minus(row.provisional, row.unlocked) == (), "paid without media"
        state = ProofState.objects.filter(learner_id=school.learner.id).first()
        assert waiting == (state.unproven_ms if state else 0)
        lost = sum(row.voided_ms for row in rows)
        assert lost == sum(void.ms - void.restored_ms for void in voids)
        told = sum(e.body["effective_ms"] for e in records.entries_of(school.learner.uuid) if e.kind in LEARNED)
        assert told == sum(row.confirmed_ms for row in rows if not row.is_open), "what is reported is what is confirmed"
        return credited, lost

    def _days(self, credited: int) -> None:
        with self.at(0):
            first = clock.shanghai_date(NOON)
            days = [first, first + timedelta(days=1)]
            used = {day: persons.day_used(person_key=self.person, day=day) for day in days}
        assert all(ms <= rules.DAY_MS for ms in used.values())
        assert sum(used.values()) == credited + sum(self.used_before.values())


@pytest.mark.req("R2.3")
@pytest.mark.req("R2.4")
@pytest.mark.req("R2.7")
@pytest.mark.req("R3.5")
def test_whatever_a_person_does_the_laws_of_credit_hold(school, neighbour, jia, yi):
    class Here(Person):
        places = [(jia, school), (yi, neighbour)]

    wanted = settings(
        max_examples=20,
        stateful_step_count=14,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.explicit, Phase.generate],  # times of checks are drawn by the server: a failure cannot be made smaller
    )
    run_state_machine_as_test(Here, settings=wanted)
