"""Legal periods that end: told ahead, told when over, never shortened, and nothing is destroyed while something stands in the way."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, InternalError, ProgrammingError, transaction

from apps.people.models import Notice, PrivacyRequest
from infra.kit.errors import DomainError
from public.audit.models import AuditEvent
from public.lifecycle import deciding, ending, events, guards, holding
from public.lifecycle.destruction import planning, running
from public.lifecycle.models import Closure, Destruction
from public.portal.models import Rectification
from public.retention.models import Hold, Period
from tenants.models import Enterprise
from tenants.scope import enterprise_scope, platform_scope
from tenants.sites import Site
from tests.apps.plans import ground as plans
from tests.conftest import NOON
from tests.public.complaints.ground import file
from tests.public.lifecycle.ends import after, ask_destroy, closed, decide, planned, review, sealed, seated
from tests.public.lifecycle.ground import desk, told

pytestmark = pytest.mark.req("R4.6")


@pytest.fixture
def jia(leaving: Site) -> Site:
    """What is sealed of it no other test leaves open."""
    return leaving


DAY = timedelta(days=1)


def refused(do: Any, code: str) -> str:
    with pytest.raises(DomainError) as refusal, platform_scope():
        do()
    assert refusal.value.code == code
    return str(refusal.value.message)


def learner(site: Any) -> int:
    with enterprise_scope(site):
        return int(plans.learner(1).id)


def actions(site: Any) -> list[str]:
    with platform_scope():
        rows = AuditEvent.objects.filter(target=f"enterprise:{site.uuid}").order_by("at")
        return list(rows.values_list("action", flat=True))


def test_it_is_told_once_ahead_and_once_when_it_is_over(db, jia, django_capture_on_commit_callbacks):
    learner_id = learner(jia)
    row = closed(jia)
    assert review(after(row, -91)) == 0
    with django_capture_on_commit_callbacks(execute=True):
        assert review(after(row, -90)) == 1
    assert review(after(row, -89)) == 0, "safe to repeat"
    assert told(jia)[0] == "company.ending"
    with enterprise_scope(jia):
        assert Notice.objects.filter(learner_id=learner_id, kind="learn.ending").count() == 1, (
            "learners can take their records along"
        )
    assert review(after(row, 0)) == 0, "the last day itself still counts"
    assert review(after(row, 1)) == 1
    assert review(after(row, 2)) == 0
    assert [one for one in actions(jia) if "retention" in one] == ["enterprise.retention_ends", "enterprise.retention_over"]


def test_whom_nobody_could_tell_is_told_the_next_night(db, jia, django_capture_on_commit_callbacks):
    """Once is not never: a night on which the news does not get through counts for nothing."""
    learner_id = learner(jia)
    row = closed(jia)

    def broken(**news: Any) -> None:
        raise OSError("the broker is away")

    def notices() -> int:
        with enterprise_scope(jia):
            return Notice.objects.filter(learner_id=learner_id, kind="learn.ending").count()

    events.retention_ends.connect(broken)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            assert review(after(row, -90)) == 0
    finally:
        events.retention_ends.disconnect(broken)
    with platform_scope():
        assert Closure.objects.get(pk=row.pk).warned_at is None
    assert (notices(), [one for one in actions(jia) if "retention" in one]) == (0, [])
    with django_capture_on_commit_callbacks(execute=True):
        assert review(after(row, -89)) == 1
    assert notices() == 1


def test_a_law_that_asks_for_more_moves_the_day_and_one_that_asks_for_less_does_not(db, jia):
    row = closed(jia)
    with platform_scope():
        Period.objects.create(what="PROCESS", law="新法第 1 条", months_online=0, months_total=240, since=date(2020, 1, 1))
    assert review(after(row, 1)) == 1
    with platform_scope():
        longer = Closure.objects.get(pk=row.pk)
        assert longer.kept_until == date(2038, 3, 31)
        refused(lambda: ask_destroy(jia, at=after(row, 1)), "retention_runs")
        Period.objects.filter(law="新法第 1 条").update(months_total=1)
    review(after(row, 2))
    with platform_scope():
        assert Closure.objects.get(pk=row.pk).kept_until == date(2038, 3, 31), "never to an earlier day"


def test_never_before_the_last_day_is_over_whoever_asks(db, jia):
    refused(lambda: ask_destroy(jia, at=NOON), "not_closed")
    row = closed(jia)
    assert row.kept_until.isoformat() in refused(lambda: ask_destroy(jia, at=after(row, 0)), "retention_runs")
    change = ask_destroy(jia, at=after(row, 1))
    refused(lambda: decide(change, at=after(row, 1), login="first"), "own_change")
    with platform_scope():
        refused(lambda: planning.ask(enterprise_id=jia.id, reason="法定保存期满", name="别家公司", desk=desk()), "name_differs")
    assert not _destructions(jia)


def _destructions(site: Any) -> list[str]:
    with platform_scope():
        return list(Destruction.objects.filter(enterprise_id=site.id).order_by("pk").values_list("state", flat=True))


def _rectification(site: Any) -> None:
    Rectification.objects.create(
        number="ZG1", schema_name=site.schema_name, regulator_id=1, organisation="某市应急管理局", division_prefix="3301",
        title="补训", found="培训记录不全", basis="安全生产法第二十八条", due_on=date(2027, 1, 1), asked_at=NOON,
    )  # fmt: skip


def _request(site: Any) -> None:
    ident = learner(site)
    with enterprise_scope(site):
        PrivacyRequest.objects.create(learner_id=ident, kind="ERASURE", state="WAITING", at=NOON, due_at=NOON + 15 * DAY)
    sealed(site)


@pytest.mark.parametrize(
    ("put", "words"),
    [
        (lambda site: holding.place(enterprise_id=site.id, reason="（2026）浙民初 1 号", until=None, desk=desk()), "法律保留"),
        (lambda site: file(schema_name=site.schema_name), "投诉没有办结"),
        (_rectification, "整改通知没有办结"),
        (_request, "个人信息请求没有答复"),
    ],
)
def test_what_is_open_stands_in_the_way_at_each_step(db, jia, put, words):
    row = closed(jia)
    at = after(row, 1)
    waiting = planned(jia, at=at)
    with platform_scope():
        put(jia)
        found = [str(one.title) for one in guards.standing(Enterprise.objects.get(pk=jia.id), on=at.date())]
    assert found == [words]
    with platform_scope():
        assert not running.begin(waiting.pk, at=waiting.starts_at)
        stopped = Destruction.objects.get(pk=waiting.pk)
    assert (stopped.state, stopped.stopped_by) == ("STOPPED", "system"), (
        "approved is not enough: it is asked again when it begins"
    )
    assert words in stopped.stopped_reason
    assert words in refused(lambda: ask_destroy(jia, at=at), "blocked")
    with platform_scope():
        assert Enterprise.objects.get(pk=jia.id).destroyed_at is None
        assert "enterprise.destruction_stopped" in actions(jia)


def test_what_is_not_sealed_yet_waits_for_its_head(db, jia):
    row = closed(jia)
    learner(jia)
    assert "档案还有没封存的记录" in refused(lambda: ask_destroy(jia, at=after(row, 1)), "blocked")
    sealed(jia)
    ask_destroy(jia, at=after(row, 1))


def test_one_who_asked_before_is_not_approved_after_something_came_up(db, jia):
    row = closed(jia)
    at = after(row, 1)
    change = ask_destroy(jia, at=at)
    with platform_scope():
        _rectification(jia)
    refused(lambda: deciding.decide(change=change, approve=True, reason="", desk=seated("second", at)), "blocked")
    assert not _destructions(jia)


def test_it_waits_a_day_in_which_anybody_of_operations_stops_it(db, jia):
    row = closed(jia)
    at = after(row, 1)
    waiting = planned(jia, at=at)
    refused(lambda: ask_destroy(jia, at=at), "being_destroyed")
    with platform_scope():
        assert running.carry_on(at=at + timedelta(hours=23)) == 0
        assert (ending.stuck(at=at + DAY), ending.stuck(at=at + 2 * DAY)) == (0, 1), "the desk says so when no worker takes it up"
        assert Destruction.objects.get(pk=waiting.pk).state == "WAITING"
        planning.stop(destruction=waiting.uuid, reason="企业来电要求核对", desk=desk("third", at))
        assert not running.begin(waiting.pk, at=at + DAY)
    refused(lambda: planning.stop(destruction=waiting.uuid, reason="再停一次看看", desk=desk("third", at)), "stopped")
    assert _destructions(jia) == ["STOPPED"]
    planned(jia, at=at + DAY)
    assert _destructions(jia) == ["STOPPED", "WAITING"], "after all, by two again"


def test_a_hold_is_placed_and_lifted_on_what_is_closed_only(db, jia, yi):
    refused(lambda: holding.place(enterprise_id=jia.id, reason="（2026）浙民初 1 号", until=None, desk=desk()), "not_closed")
    row = closed(jia)
    with platform_scope():
        refused(lambda: holding.place(enterprise_id=jia.id, reason="短", until=None, desk=desk()), "words_missing")
        past = (NOON - DAY).date()
        refused(lambda: holding.place(enterprise_id=jia.id, reason="（2026）浙民初 1 号", until=past, desk=desk()), "day_past")
        hold = holding.place(enterprise_id=jia.id, reason="（2026）浙民初 1 号", until=None, desk=desk())
        refused(
            lambda: holding.place(enterprise_id=jia.id, reason="（2026）浙民初 2 号", until=None, desk=desk()), "on_hold_already"
        )
        refused(lambda: holding.lift(enterprise_id=yi.id, hold=hold, reason="结案了没有", desk=desk()), "not_closed")
        holding.lift(enterprise_id=jia.id, hold=hold, reason="已结案，（2026）结字 1 号", desk=desk())
        refused(lambda: holding.lift(enterprise_id=jia.id, hold=hold, reason="已结案，再来一次", desk=desk()), "hold_ended")
    assert {"enterprise.held", "enterprise.hold_lifted"} <= set(actions(jia))
    planned(jia, at=after(row, 1))


def test_the_list_shows_what_comes_near_what_is_over_and_what_is_done(db, jia, yi):
    row, other = closed(jia), closed(yi, at=NOON)
    today = after(row, 1).date()

    def names(show: str, search: str = "") -> list[str]:
        with platform_scope():
            return [one.enterprise.name for one in ending.listing(search=search, show=show, sort="", today=today)]

    assert names("over") == [jia.name]
    assert names("") == [jia.name]
    assert names("all") == [jia.name, yi.name], "the earliest last day first"
    assert names("all", "乙化工") == [yi.name]
    assert names("near") == []
    with platform_scope():
        soon = [one.enterprise.name for one in ending.listing(search="", show="near", sort="", today=after(other, -3).date())]
        assert soon == [yi.name]
        ask_destroy(jia, at=after(row, 1))
    assert names("over") == []
    assert names("busy") == [jia.name]
    with platform_scope():
        assert ending.counts(today=today)["asked"] == 1


# The database itself.
def test_the_database_begins_nothing_early_without_two_or_on_hold(db, jia, yi):
    early = closed(yi, at=NOON)
    waiting = planned(yi, at=after(early, 1))  # by a clock that runs years ahead
    with platform_scope(), pytest.raises((ProgrammingError, InternalError), match="before its day"), transaction.atomic():
        running.begin(waiting.pk, at=waiting.starts_at)
    row = closed(jia)
    due = planned(jia, at=after(row, 1))
    with platform_scope():
        Hold.objects.create(schema_name=jia.schema_name, reason="（2026）浙民初 1 号", by="operator:1", by_name="运营甲", at=NOON)
    with platform_scope(), pytest.raises((ProgrammingError, InternalError), match="hold"), transaction.atomic():
        Destruction.objects.filter(pk=due.pk).update(state="RUNNING", started_at=due.starts_at)
    with platform_scope(), pytest.raises((ProgrammingError, InternalError), match="before its day"), transaction.atomic():
        Destruction.objects.filter(pk=due.pk).update(state="DONE", note="x", ended_at=NOON, started_at=due.starts_at)
    with platform_scope(), pytest.raises((ProgrammingError, InternalError), match="never deleted"), transaction.atomic():
        Destruction.objects.filter(pk=due.pk).delete()
    with platform_scope(), pytest.raises(IntegrityError), transaction.atomic():
        Destruction.objects.filter(pk=due.pk).update(state="STOPPED")
