"""A unit's supervisor watches the own people only: sessions, what waits, appeals."""

from __future__ import annotations

import pytest

from apps.learning.appeals import queries, services
from apps.learning.models import ProofState
from apps.learning.watching import live
from apps.people.models import Learner, Unit
from infra.kit.errors import DomainError
from tests.apps.learning.test_appeals import void_of
from tests.conftest import NOON


@pytest.fixture
def watched(school):
    """学员甲 of 生产部 has a voided sitting with an appeal, and is locked; returns (void, appeal, own units, other units)."""
    void = void_of(school)
    appeal = services.file_appeal(void_uuid=void.uuid, learner=school.learner, words="在接电话", at=void.at)
    ProofState.objects.update(locked_at=NOON, misses=3)
    own, other = Unit.objects.create(name="生产部"), Unit.objects.create(name="仓储部")
    Learner.objects.filter(pk=school.learner.id).update(unit=own)
    return void, appeal, frozenset({own.pk}), frozenset({other.pk})


@pytest.mark.req("R5.7")
def test_sees_sessions_locks_and_appeals_of_the_own_unit_only(watched):
    void, appeal, own, other = watched
    at, session = void.at, void.session.uuid
    for units, found in ((None, 1), (own, 1), (other, 0)):
        assert len(live.sessions(at=at, within=units)) == found
        assert live.sums(at=at, within=units).studying == found
        todo = live.todo(at=at, within=units)
        assert (len(todo.locked), todo.appeals, todo.voids_today) == (found, found, found)
        assert len(queries.listing(within=units)) == found
    assert live.session(session, within=own).uuid == session
    assert queries.one(appeal.uuid, within=own) == appeal


def test_what_belongs_to_another_unit_is_not_there(watched):
    void, appeal, _own, other = watched
    for ask in (lambda: live.session(void.session.uuid, within=other), lambda: queries.one(appeal.uuid, within=other)):
        with pytest.raises(DomainError) as refusal:
            ask()
        assert refusal.value.code == "not_found"
