"""Opening, taking over, resuming and sealing sessions."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from apps.learning import services
from apps.learning.models import Coverage, ProofState, StudySession
from apps.people import api as people
from apps.plans import api as plans
from apps.records import api as records
from infra.kit.errors import DomainError
from public.persons import api as persons
from tenants.scope import enterprise_scope
from tests.apps.learning.conftest import FILM_MS, A, B, enrol, state_of
from tests.conftest import NOON


def row_of(player):
    return StudySession.objects.get(uuid=player.uuid)


@pytest.mark.req("R2.3")
def test_the_newest_session_of_a_learner_wins(school):
    old = school.open()
    old.play()
    new = school.open(school.second, at=old.now, terminal="u" * 32)
    assert new.opened.took_over
    assert (row_of(old).close_reason, row_of(old).is_open) == ("taken_over", False)
    with pytest.raises(DomainError, match="closed") as refusal:
        old.watch(15)
    assert refusal.value.details == {"reason": "taken_over"}
    new.play()
    assert new.watch(15)["credited_ms"] == 15_000


@pytest.mark.req("R2.3")
def test_the_database_refuses_a_second_open_session_of_a_learner(school):
    player = school.open()
    row = row_of(player)
    row.pk, row.uuid, row.terminal = None, "00000000-0000-4000-8000-000000000000", "other"
    with pytest.raises(IntegrityError, match="one_open_session_per_learner"), transaction.atomic():
        row.save(force_insert=True)


@pytest.mark.req("R2.3")
def test_another_learner_on_the_same_terminal_ends_the_first_ones_session(school, version_id):
    other = enrol(B, version_id)
    first = school.open()
    row = row_of(first)
    other.open()
    assert row_of(first).close_reason == "terminal_taken"
    row.pk, row.uuid, row.learner_id = None, "00000000-0000-4000-8000-000000000000", school.learner.id
    with pytest.raises(IntegrityError, match="one_open_session_per_terminal"), transaction.atomic():
        row.save(force_insert=True)


@pytest.mark.req("R2.5")
@pytest.mark.req("R2.2")
def test_goes_on_at_the_last_confirmed_point_after_a_killed_session(school):
    killed = school.open()
    killed.play()
    killed.watch_on(45)
    phone = school.open(at=killed.now + timedelta(minutes=1), terminal="phone")
    assert (phone.opened.position_ms, phone.opened.furthest_ms, phone.opened.covered_ms) == (45_000, 45_000, 45_000)


def test_a_finished_film_begins_again_from_the_start(school):
    player = school.open()
    player.play()
    player.watch_on(FILM_MS // 1000)
    again = school.open(at=player.now)
    assert (again.opened.position_ms, again.opened.furthest_ms) == (0, FILM_MS)


@pytest.mark.req("R2.5")
def test_closing_seals_one_row_in_the_ledger(school):
    player = school.open()
    player.play()
    player.watch_on(31)
    player.proven()
    end = player.now + timedelta(seconds=2)
    services.close_session(session=player.uuid, reason="left", at=end, learner_id=school.learner.id)
    services.close_session(session=player.uuid, reason="left", at=end, learner_id=school.learner.id)
    (entry,) = [e for e in records.entries_of(school.learner.uuid) if e.kind == "STUDY_SESSION"]
    assert entry.body["session"] == str(player.uuid)
    assert (entry.body["start"], entry.body["end"]) == (NOON.isoformat(), end.isoformat())
    assert (entry.body["ip"], entry.body["terminal"], entry.body["effective_s"]) == ("10.1.2.3", "t" * 32, 31)
    assert entry.body["course"]["code"] == "AQ-CY-C-TS-0021-A"
    assert entry.body["courseware"]["id"] == school.first
    row = row_of(player)
    assert (bytes(row.key), row.close_reason) == (b"", "left")
    assert not persons.holds_lease(person_key=school.learner.person_key, session=player.uuid)


def test_finishing_every_lesson_completes_the_training(school):
    at = NOON
    for courseware in school.assignment.courseware_ids:
        player = school.open(courseware, at=at)
        player.play()
        player.watch_on(FILM_MS // 1000)
        player.send(player.body("ended"))
        at = player.now
        services.close_session(session=player.uuid, reason="finished", at=at)
    done = plans.assignment(school.assignment.uuid, learner_id=school.learner.id)
    assert done.state == "COMPLETED"
    assert done.certificate_id


def test_a_session_silent_for_half_an_hour_is_closed_at_its_last_beat(school):
    player = school.open()
    player.play()
    player.watch(15)
    last = player.now
    assert services.close_idle(at=last + timedelta(minutes=30)) == 0
    assert services.close_idle(at=last + timedelta(minutes=31)) == 1
    assert row_of(player).close_reason == "idle"
    (entry,) = [e for e in records.entries_of(school.learner.uuid) if e.kind == "STUDY_SESSION"]
    assert entry.body["end"] == last.isoformat()


def test_a_session_that_lost_its_lease_elsewhere_is_closed_as_taken_over(school, neighbour, yi):
    player = school.open()
    with enterprise_scope(yi):
        neighbour.open()
    services.close_idle(at=NOON + timedelta(minutes=31))
    assert row_of(player).close_reason == "taken_over"


def test_refuses_a_lesson_that_is_not_assigned(school):
    with pytest.raises(DomainError, match="not_assigned"):
        school.open(10_000_000)
    assert not StudySession.objects.exists()


def test_nobody_opens_or_closes_for_somebody_else(school, version_id):
    player = school.open()
    other = enrol(B, version_id)
    with pytest.raises(DomainError, match="not_found"):
        services.close_session(session=player.uuid, reason="left", at=NOON, learner_id=other.learner.id)
    other.assignment = school.assignment
    with pytest.raises(DomainError, match="not_found"):
        other.open()
    assert row_of(player).is_open


def test_the_neighbour_enterprise_can_neither_open_nor_close(school, yi):
    player = school.open()
    with enterprise_scope(yi):
        with pytest.raises(DomainError, match="not_found"):
            school.open()
        with pytest.raises(DomainError, match="not_found"):
            services.close_session(session=player.uuid, reason="left", at=NOON)
    assert row_of(player).is_open


@pytest.mark.req("R3.5")
@pytest.mark.parametrize(
    "change",
    [
        {"credited_ms": 15_001, "playing_ms": 20_000},
        {"credited_ms": 15_001},
        {"credited_ms": 700_000, "playing_ms": 700_000},
        {"confirmed_ms": 15_001},
        {"held_ms": 15_001},
        {"held_ms": -1},
        {"voided_ms": -1},
        {"forward_ms": 200_000},
        {"furthest_ms": 600_001},
        {"accepted_ms": 100_000},
        {"score": 101},
        {"score": -1},
        {"gate_ms": -1},
        {"seq": -1},
        {"next_in": -1},
        {"version_no": -1},
    ],
)
def test_the_database_itself_refuses_credit_beyond_the_law(school, change):
    player = school.open()
    player.play()
    player.watch(15)
    before = state_of(player)
    with pytest.raises(IntegrityError, match="session_earns_what_was_played"), transaction.atomic():
        StudySession.objects.filter(uuid=player.uuid).update(**change)
    with pytest.raises(IntegrityError, match="coverage_within_film"), transaction.atomic():
        Coverage.objects.filter(learner_id=school.learner.id).update(spans=((0, 600_001),))
    with pytest.raises(IntegrityError, match="coverage_within_film"), transaction.atomic():
        Coverage.objects.filter(learner_id=school.learner.id).update(provisional=((0, 600_000),))
    with pytest.raises(IntegrityError, match="proof_counts"), transaction.atomic():
        ProofState.objects.filter(learner_id=school.learner.id).update(unproven_ms=-1)
    with pytest.raises(IntegrityError, match="session_closed_for_a_reason"), transaction.atomic():
        StudySession.objects.filter(uuid=player.uuid).update(closed_at=NOON)
    assert state_of(player) == before


def test_a_person_without_a_plan_here_has_nothing_to_study(version_id, in_jia, school, yi):
    with enterprise_scope(yi):
        lone = enrol({**A, "mobile": "13800000009"}, version_id)
        lone.assignment = school.assignment
        with pytest.raises(DomainError, match="not_found"):
            lone.open()


def test_an_archived_learner_learns_on_no_further(school, django_capture_on_commit_callbacks):
    player = school.open()
    player.play()
    player.watch(15)
    with django_capture_on_commit_callbacks(execute=True):
        people.archive_learner(learner_uuid=school.learner.uuid, at=player.now)
    row = player.row()
    assert (row.close_reason, row.credited_ms) == ("archived", 15_000)
    with pytest.raises(DomainError, match="closed") as refusal:
        player.watch(15)
    assert refusal.value.details["reason"] == "archived"
    assert player.row().credited_ms == 15_000
