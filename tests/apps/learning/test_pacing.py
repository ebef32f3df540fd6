"""Media is handed out no faster than it can be watched, and what was never handed out is not paid."""

from datetime import timedelta

import pytest

from apps.learning import pacing
from apps.learning.models import StudySession
from infra.kit.errors import DomainError
from tests.apps.learning.conftest import FILM_MS, KEYS, covered, state_of
from tests.apps.learning.test_routes import client, film, open_session  # noqa: F401 - fixtures

pytestmark = pytest.mark.req("R2.7")


def unlocked(player):
    return StudySession.objects.get(uuid=player.uuid).unlocked


def hand_out(player, number):
    pacing.hand_out(player.row(), KEYS[number], at=player.now)


def test_a_key_opens_its_stretch_and_the_last_one_reaches_the_measured_end():
    segments = [{"key_no": n // 2, "duration_ms": 6_000} for n in range(5)]
    assert pacing.key_spans({"segments": segments}, duration_ms=30_040) == [(0, 12_000), (12_000, 24_000), (24_000, 30_040)]
    assert pacing.page_spans([{"least_ms": 5_000}, {"least_ms": 7_000}], duration_ms=12_000) == [(0, 5_000), (5_000, 12_000)]
    assert pacing.key_spans({}, duration_ms=9) == []


def test_a_key_more_than_thirty_seconds_ahead_is_too_early_and_says_when_to_ask_again(school):
    player = school.open()
    hand_out(player, 0)
    before = state_of(player)
    with pytest.raises(DomainError, match="too_early") as refusal:
        hand_out(player, 1)
    assert (refusal.value.status, refusal.value.details["retry_in"]) == (425, 31)
    assert state_of(player) == before
    player.play()
    player.watch(29)
    player.now += timedelta(seconds=1)
    with pytest.raises(DomainError, match="too_early"):
        hand_out(player, 1)
    player.now += timedelta(seconds=1)
    hand_out(player, 1)
    assert unlocked(player) == ((0, 120_000),)


def test_a_paused_player_gets_no_further_key_however_long_it_waits(school):
    player = school.open()
    player.send(player.body("paused"))
    player.now += timedelta(minutes=10)
    with pytest.raises(DomainError, match="too_early"):
        hand_out(player, 1)
    player.play()
    player.now += timedelta(minutes=10)
    with pytest.raises(DomainError, match="too_early"):
        hand_out(player, 2)


@pytest.mark.req("R2.3")
def test_an_interval_whose_key_was_never_fetched_pays_nothing(school):
    player = school.open()
    player.fetches = False
    player.play()
    reply = player.watch(15)
    assert (reply["verdict"], reply["command"], reply["accepted_ms"], reply["credited_ms"]) == ("no_media", "seek", 0, 0)
    hand_out(player, 0)
    assert player.watch(15)["credited_ms"] == 15_000


def test_pay_ends_where_the_fetched_media_ends(school):
    player = school.open()
    player.play()
    player.watch_on(45)
    player.fetches = False
    reply = player.watch(30)
    assert (reply["accepted_ms"], covered(school)) == (60_000, ((0, 60_000),))
    assert player.watch(15)["verdict"] == "no_media"


def test_keys_of_an_earlier_sitting_do_not_pay_in_the_next(school):
    player = school.open()
    player.play()
    player.watch(15)
    again = school.open(at=player.now)
    again.fetches = False
    again.play()
    assert again.watch(15)["verdict"] == "no_media"


def test_going_on_in_the_middle_opens_what_was_watched_and_what_comes_next(school):
    player = school.open()
    player.play()
    player.watch_on(330)
    again = school.open(at=player.now)
    hand_out(again, 5)
    hand_out(again, 0)
    with pytest.raises(DomainError, match="too_early"):
        hand_out(again, 7)
    assert unlocked(again) == ((0, 60_000), (300_000, 360_000))


def test_the_route_answers_425_and_notes_what_it_hands_out(client, school, film):  # noqa: F811 - fixtures
    opened = open_session(client, school).json()
    path = f"/api/learning/sessions/{opened['session']}/keys"
    early = client.get(f"{path}/1")
    assert (early.status_code, early.json()["code"], early.json()["retry_in"]) == (425, "too_early", 31)
    assert client.get(f"{path}/0").status_code == 200
    assert StudySession.objects.get(uuid=opened["session"]).unlocked == ((0, 60_000),)
    assert opened["duration_ms"] == FILM_MS
