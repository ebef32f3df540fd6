"""Presence checks: when they come, what passing and missing does, and that nobody dodges them."""

from datetime import timedelta

import pytest

from apps.learning import checks, presence, services, voiding
from apps.learning.models import Coverage, PresenceCheck, ProofState, StudySession, Void
from apps.plans import api as plans
from apps.records import api as records
from infra.kit import clock
from infra.kit.errors import DomainError
from public.persons import api as persons
from tenants.scope import enterprise_scope
from tests.apps.learning.conftest import FILM_MS, B, covered, enrol, state_of

pytestmark = pytest.mark.req("R2.3")


def proofs(school):
    return ProofState.objects.get(learner_id=school.learner.id)


def earned(school, courseware=None):
    courseware = courseware or school.first
    return services.queries.earned_ms(learner_id=school.learner.id, courseware_ids=[courseware])[courseware]


def used(school, at):
    return persons.day_used(person_key=school.learner.person_key, day=clock.shanghai_date(at))


def until_asked(player, most_s=1_000):
    """Watch until a check comes; returns the seconds it took."""
    player.attends = False
    for number in range(most_s // 15):
        if player.watch(15)["check"]:
            return (number + 1) * 15
    raise AssertionError("no check came")


@pytest.fixture
def asked(school):
    """学员甲, asked after the first minute or two."""
    player = school.open()
    player.play()
    until_asked(player)
    return player


def test_the_first_check_comes_within_two_minutes_and_its_reply_says_what_to_do(school):
    player = school.open()
    player.play()
    seconds = until_asked(player)
    assert 60 <= seconds <= 135
    assert player.reply["command"] == "challenge"
    check = player.reply["check"]
    assert (check["kind"], check["within_s"], check["issued_at"]) == ("code", 60, player.now.isoformat())
    assert (player.reply["confirmed_ms"], player.reply["provisional_ms"]) == (0, seconds * 1000)


def test_until_the_deadline_play_goes_on_for_provisional_pay(asked):
    before = asked.reply["provisional_ms"]
    reply = asked.watch(15)
    assert (reply["provisional_ms"], reply["check"]["uuid"]) == (before + 15_000, str(PresenceCheck.objects.get().uuid))


def test_passing_confirms_all_that_was_provisional_and_draws_the_next_check_in_five_to_fifteen_minutes(school, asked):
    ms = asked.reply["provisional_ms"]
    assert earned(school) == 0
    result = asked.prove()
    assert (result["outcome"], result["confirmed_ms"], result["voided_ms"]) == ("passed", ms, 0)
    assert (earned(school), proofs(school).unproven_ms) == (ms, 0)
    assert asked.row().score < presence.HIGH_SCORE
    assert 300_000 <= proofs(school).due_ms <= 900_000
    assert Coverage.objects.get(learner_id=school.learner.id).provisional == ()
    (entry,) = [e for e in records.entries_of(school.learner.uuid) if e.kind == "PROOF"]
    assert (entry.body["confirmed_ms"], entry.body["effective_ms"]) == (ms, 0), "the open sitting tells it when it ends"
    reply = asked.watch(15)
    assert (reply["confirmed_ms"], reply["provisional_ms"], reply["check"]) == (ms, 15_000, None)


def test_a_check_that_is_not_answered_voids_back_to_the_last_proof(school, asked):
    asked.prove()
    confirmed = asked.reply["provisional_ms"]
    ProofState.objects.update(due_ms=60_000)
    until_asked(asked)
    lost = asked.reply["provisional_ms"]
    for _beat in range(4):
        asked.watch(15)
    reply = asked.watch(15)
    assert (reply["verdict"], reply["command"], reply["must_prove"], reply["check"]) == ("must_prove", "pause", True, None)
    assert reply["accepted_ms"] == confirmed
    assert (reply["credited_ms"], reply["confirmed_ms"], reply["voided_ms"]) == (confirmed, confirmed, lost + 60_000)
    assert covered(school) == ((0, confirmed),)
    assert used(school, asked.now) == confirmed
    void = Void.objects.get()
    assert (void.code, void.ms, void.spans) == ("interaction_timeout", lost + 60_000, ((confirmed, confirmed + lost + 60_000),))
    assert void.evidence["check"] == str(PresenceCheck.objects.get(outcome="missed").uuid)
    (entry,) = [e for e in records.entries_of(school.learner.uuid) if e.kind == "VOID"]
    assert (entry.body["reason"], entry.body["voided_ms"], entry.body["effective_ms"]) == ("interaction_timeout", void.ms, 0)


def test_after_a_miss_nothing_is_paid_before_a_new_check_is_passed(school, asked):
    asked.now += timedelta(seconds=61)
    asked.send(asked.body("paused"))
    assert asked.watch(15, "paused")["check"] is None, "nobody is there, so nobody is asked"
    reply = asked.watch(0)
    assert (reply["command"], reply["must_prove"]) == ("challenge", True)
    assert asked.watch(15)["credited_ms"] == 0
    assert asked.prove()["outcome"] == "passed"
    asked.play()
    assert asked.watch(15)["credited_ms"] == 15_000


def test_wrong_answers_are_a_miss_and_the_second_try_asks_something_else(school, asked):
    asked.ask()
    first = PresenceCheck.objects.get().content
    assert asked.prove(code="x")["outcome"] == "retry"
    asked.ask()
    assert PresenceCheck.objects.get().content != first
    result = asked.prove(chosen=["Z"])
    assert (result["outcome"], result["tries_left"], result["must_prove"]) == ("missed", 0, True)
    assert (result["voided_ms"], result["position_ms"]) == (asked.reply["provisional_ms"], 0)
    assert Void.objects.get().code == "identity_failed"


def test_an_answer_after_the_deadline_is_a_miss_whatever_it_says(asked):
    asked.ask()
    asked.now += timedelta(seconds=61)
    content = PresenceCheck.objects.get().content
    names = asked._names()
    assert checks.answer(**names, code=content["code"], chosen=content["answer"], at=asked.now)["outcome"] == "missed"
    assert checks.show(**names, at=asked.now)["outcome"] == "missed"
    assert checks.answer(**names, code=content["code"], chosen=content["answer"], at=asked.now)["outcome"] == "missed"


def test_three_misses_in_a_day_lock_until_a_manager_has_looked(school):
    at = school.assignment.assigned_at
    for _miss in range(3):
        player = school.open(at=at)
        player.attends = False
        player.play()
        until_asked(player)
        player.ask()
        player.prove(code="x")
        player.ask()
        last = player.prove(code="x")
        at = player.now
    assert last["locked"]
    assert StudySession.objects.get(uuid=player.uuid).close_reason == "locked"
    with pytest.raises(DomainError, match="closed") as refusal:
        player.watch(15)
    assert refusal.value.details["reason"] == "locked"
    with pytest.raises(DomainError, match="locked") as refusal:
        school.open(at=at)
    assert refusal.value.status == 403
    assert voiding.unlock(learner_id=school.learner.id, by="manager:1", reason="本人在岗", at=at)
    assert not voiding.unlock(learner_id=school.learner.id, by="manager:1", reason="本人在岗", at=at)
    again = school.open(at=at)
    assert again.opened.must_prove
    assert again.play()["command"] == "challenge"


def test_a_check_that_a_broken_network_swallowed_voids_but_does_not_count_toward_the_lock(school, asked):
    asked.now += timedelta(seconds=61)
    asked.send(asked.body("paused"))
    assert (proofs(school).misses, proofs(school).must_prove) == (0, True)
    assert PresenceCheck.objects.get().evidence["heard"] is False


def test_short_sittings_dodge_nothing(school):
    at, total = school.assignment.assigned_at, 0
    for _sitting in range(10):
        player = school.open(at=at)
        player.attends = False
        player.play()
        player.watch(15)
        total += 15
        at = player.now
        services.close_session(session=player.uuid, reason="left", at=at)
        if player.reply["check"]:
            break
    assert player.reply["check"]
    assert 60 <= total <= 135


def test_an_open_check_follows_the_learner_to_another_terminal(school, asked):
    phone = school.open(at=asked.now, terminal="p" * 32)
    reply = phone.play()
    assert reply["check"]["uuid"] == asked.reply["check"]["uuid"]
    with pytest.raises(DomainError, match="not_found"):
        asked.ask()
    assert earned(school) == asked.reply["provisional_ms"], "answered on the phone, all pay is confirmed"


def test_leaving_with_an_open_check_is_a_miss_when_its_time_is_over(school, asked):
    services.close_session(session=asked.uuid, reason="left", at=asked.now)
    assert voiding.settle_all_overdue(at=asked.now + timedelta(seconds=60)) == 0
    assert voiding.settle_all_overdue(at=asked.now + timedelta(seconds=61)) == 1
    assert voiding.settle_all_overdue(at=asked.now + timedelta(seconds=62)) == 0
    assert (Void.objects.get().ms, covered(school)) == (asked.reply["provisional_ms"], ())


def test_a_learner_who_left_may_still_answer_in_time(school, asked):
    services.close_session(session=asked.uuid, reason="left", at=asked.now)
    ms = asked.reply["provisional_ms"]
    assert asked.prove()["confirmed_ms"] == ms
    entries = records.entries_of(school.learner.uuid)
    assert [(e.kind, e.body["effective_ms"]) for e in entries if e.kind in {"STUDY_SESSION", "PROOF"}] == [
        ("STUDY_SESSION", 0),
        ("PROOF", ms),
    ]


def test_the_last_lesson_of_a_course_asks_at_its_end_and_completion_waits_for_the_answer(school):
    at = school.assignment.assigned_at
    for courseware in school.assignment.courseware_ids:
        player = school.open(courseware, at=at)
        player.play()
        player.watch_on(FILM_MS // 1000)
        at = player.now
        player.attends = False
        ended = player.send(player.body("ended"))
    assert ended["check"]
    services.close_session(session=player.uuid, reason="finished", at=at)
    assert plans.assignment(school.assignment.uuid, learner_id=school.learner.id).state == "ASSIGNED"
    player.prove()
    assert plans.assignment(school.assignment.uuid, learner_id=school.learner.id).state == "COMPLETED"


def test_nobody_is_asked_twice_at_the_end_for_the_blink_after_a_passed_check(school, monkeypatch):
    monkeypatch.setattr(presence, "draw_ms", lambda span_s: span_s[1] * 1000)  # no other check comes first
    at = school.assignment.assigned_at
    for courseware in school.assignment.courseware_ids:
        player = school.open(courseware, at=at)
        player.play()
        player.watch_on(FILM_MS // 1000 - 0.5)
        at = player.now
    player.attends = False
    assert player.send(player.body("ended"))["check"]
    player.prove()
    player.send(player.body("playing"))
    ended = player.watch(0.5, "ended")
    assert (ended["verdict"], ended["check"], ended["unproven_ms"]) == ("paid", None, 500)
    services.close_session(session=player.uuid, reason="finished", at=player.now)
    assert plans.assignment(school.assignment.uuid, learner_id=school.learner.id).state == "COMPLETED"


def test_a_course_that_only_lacks_the_proof_asks_as_soon_as_a_lesson_is_opened(school):
    at = school.assignment.assigned_at
    for courseware in school.assignment.courseware_ids:
        player = school.open(courseware, at=at)
        player.play()
        player.watch_on(FILM_MS // 1000)
        at = player.now
    assert proofs(school).unproven_ms, "the last stretch awaits its proof"
    player.attends = False
    again = school.open(school.first, at=at)
    again.attends = False
    assert again.play()["check"]


def test_the_neighbour_and_a_colleague_find_no_check(school, asked, version_id, yi):
    colleague = enrol(B, version_id)
    names = {**asked._names(), "at": asked.now}
    before = state_of(asked)
    with pytest.raises(DomainError, match="not_found"):
        checks.show(**{**names, "learner_id": colleague.learner.id})
    with enterprise_scope(yi), pytest.raises(DomainError, match="not_found"):
        checks.show(**names)
    with pytest.raises(DomainError, match="wrong_terminal"):
        checks.answer(**{**names, "terminal": "x" * 32}, code="1", chosen=[])
    assert (state_of(asked), PresenceCheck.objects.get().tries) == (before, 0)


def test_what_is_asked_names_no_answer_and_the_code_is_a_picture(asked):
    shown = asked.ask()
    content = PresenceCheck.objects.get().content
    assert shown["code"].startswith("data:image/png;base64,")
    assert content["code"] not in {shown["question"], *(option["text"] for option in shown["options"])}
    assert "answer" not in shown
    assert (shown["left_s"], shown["outcome"], shown["tries_left"]) == (60, "open", presence.TRIES)
    assert len(shown["options"]) >= 2


def test_signals_make_checks_more_frequent(school):
    player = school.open()
    player.play()
    player.proven()
    ProofState.objects.update(due_ms=900_000)
    StudySession.objects.filter(uuid=player.uuid).update(score=presence.HIGH_SCORE)
    player.watch(15)
    assert proofs(school).due_ms in {900_000, *range(135_000, 255_001)}
