"""A version that was taken down is not learnt any more: at once for keys, pages and new sessions; sessions are ended."""

import pytest

from apps.learning import services
from apps.learning.tasks import close_recalled
from apps.records import api as records
from infra.kit.errors import DomainError
from public.catalogue import api as catalogue
from tenants.scope import enterprise_scope, platform_scope
from tests.apps.learning.conftest import A, state_of
from tests.apps.learning.test_routes import client_of
from tests.conftest import NOON

pytestmark = pytest.mark.req("R3.1")


def recall(version_id: int) -> None:
    with platform_scope():
        catalogue.recall(version_id=version_id, by_id=3, reason="事故案例有误", at=NOON)


def test_a_recalled_version_opens_no_session_and_gives_no_keys(school, version_id):
    from apps.learning import queries

    player = school.open()
    recall(version_id)
    for act in (
        lambda: queries.open_session_of(player.uuid, learner_id=school.learner.id),
        lambda: school.open(),
        lambda: catalogue.media_key(catalogue.courseware(school.first).media, 0),
    ):
        with pytest.raises(DomainError) as refusal:
            act()
        assert (refusal.value.code, refusal.value.status) == ("recalled", 409)


def test_open_sessions_end_and_their_beats_are_refused_with_the_reason(school, version_id):
    player = school.open()
    player.play()
    player.watch_on(45)
    player.proven()
    player.fetches = False
    recall(version_id)
    assert services.close_recalled(version_id=version_id, at=player.now) == 1
    before = state_of(player)
    with pytest.raises(DomainError) as refusal:
        player.watch(15)
    assert refusal.value.code == "recalled"
    assert state_of(player) == before
    assert before["close_reason"] == "recalled"
    (entry,) = [e for e in records.entries_of(school.learner.uuid) if e.kind == "STUDY_SESSION"]
    assert (entry.body["reason"], entry.body["effective_s"]) == ("recalled", 45)
    assert services.close_recalled(version_id=version_id, at=player.now) == 0


def test_the_fan_out_ends_sessions_of_every_enterprise_and_of_no_other_version(school, neighbour, version_id, in_jia, yi):
    here = school.open()
    with platform_scope():
        close_recalled(version_id=version_id + 1)
    assert state_of(here)["close_reason"] == ""
    with platform_scope():
        close_recalled(version_id=version_id)
    assert state_of(here)["close_reason"] == "recalled"
    with enterprise_scope(yi):
        assert neighbour.learner.id


def test_the_player_page_says_clearly_that_it_was_recalled(school, version_id, in_jia):
    browser = client_of(in_jia, A["mobile"])
    url = f"/learn/{school.assignment.uuid}/{school.first}"
    assert browser.get(url).status_code == 200
    recall(version_id)
    answer = browser.get(url)
    assert (answer.status_code, "已被召回" in answer.content.decode()) == (409, True)
