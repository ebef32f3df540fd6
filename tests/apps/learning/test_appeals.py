"""Appeals of voided pay: learner → manager → platform; each step once, by nobody about himself, all or nothing."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from apps.learning.appeals import queries, services
from apps.learning.models import Appeal, Coverage, Void
from apps.learning.tasks import carry_out_decision
from apps.people import api as people
from apps.records.models import LedgerEntry
from infra.kit.errors import DomainError
from public.appeals import services as platform_side
from public.appeals.events import case_decided
from public.appeals.models import Case
from public.audit.models import AuditEvent
from tenants.scope import enterprise_scope, platform_scope
from tests.apps.learning.conftest import B, School, enrol
from tests.conftest import NOON
from tests.public.desk import operator

SAFETY = people.ManagerView(id=7, name="安全员", role="TRAINING")


def void_of(school: School) -> Void:
    """Let the learner watch without answering, until what he was paid is taken back."""
    player = school.open()
    player.attends = False
    player.play()
    for _turn in range(20):
        player.watch(15)
        if found := Void.objects.filter(learner_id=school.learner.id).first():
            return found
    raise AssertionError("nothing was voided")


@pytest.fixture
def void(school: School) -> Void:
    return void_of(school)


@pytest.fixture
def appeal(school: School, void: Void) -> Appeal:
    return services.file_appeal(void_uuid=void.uuid, learner=school.learner, words="当时在接安全电话。", at=void.at)


def decide(
    appeal: Appeal, *, restore: bool = True, reason: str = "情况属实", own: int | None = None, after=timedelta(hours=1)
) -> Appeal:
    return services.decide_first(
        appeal_uuid=appeal.uuid, restore=restore, reason=reason, by=SAFETY, own_learner_id=own, at=appeal.at + after
    )


def everything(void: Void) -> tuple[object, ...]:
    """What a refusal must leave alone."""
    return (
        list(Appeal.objects.values()),
        Void.objects.filter(pk=void.pk).values().get(),
        list(Coverage.objects.values()),
        LedgerEntry.objects.count(),
        list(Case.objects.values()),
    )


def refuses(code: str, void: Void, act) -> None:
    before = everything(void)
    with pytest.raises(DomainError) as refusal:
        act()
    assert refusal.value.code == code
    assert everything(void) == before


def test_an_appeal_waits_five_days_for_the_manager(appeal, void):
    assert (appeal.state, appeal.due_at - appeal.at) == ("FIRST", timedelta(days=5))
    assert [row.uuid for row in queries.listing()] == [appeal.uuid]
    assert AuditEvent.objects.filter(action="appeal.filed", target=f"appeal:{appeal.uuid}").exists()


def test_a_void_is_appealed_once(school, appeal, void):
    refuses("appealed", void, lambda: services.file_appeal(void_uuid=void.uuid, learner=school.learner, words="再来", at=void.at))


def test_an_appeal_needs_words(school, void):
    refuses(
        "words_missing", void, lambda: services.file_appeal(void_uuid=void.uuid, learner=school.learner, words=" ", at=void.at)
    )


def test_somebody_elses_void_is_not_found(version_id, void):
    other = enrol(B, version_id)
    refuses("not_found", void, lambda: services.file_appeal(void_uuid=void.uuid, learner=other.learner, words="我的", at=void.at))


@pytest.mark.parametrize(("days", "code"), [(29, None), (31, "too_late")])
def test_an_appeal_is_possible_for_thirty_days(school, void, days, code):
    def act():
        return services.file_appeal(void_uuid=void.uuid, learner=school.learner, words="理由", at=void.at + timedelta(days=days))

    if code:
        refuses(code, void, act)
    else:
        assert act().state == "FIRST"


def test_the_manager_restores_with_a_correction_in_the_ledger(appeal, void, school):
    row = decide(appeal)
    void.refresh_from_db()
    assert (row.state, row.first_name, row.first_reason) == ("RESTORED", "安全员", "情况属实")
    assert (void.state, void.restored_ms, void.decided_by) == ("RESTORED", void.ms, "manager:7")
    assert LedgerEntry.objects.filter(subject=school.learner.uuid, kind="CORRECTION").count() == 1
    assert Coverage.objects.get(learner_id=school.learner.id).spans


def test_the_manager_upholds_and_says_until_when_the_platform_may_be_asked(appeal, void):
    row = decide(appeal, restore=False, reason="没有凭据")
    void.refresh_from_db()
    assert (row.state, row.second_until - row.first_at) == ("UPHELD", timedelta(days=15))
    assert (void.state, void.restored_ms) == ("UPHELD", 0)


def test_a_decision_needs_a_reason(appeal, void):
    refuses("reason_missing", void, lambda: decide(appeal, reason=" "))


def test_a_second_decision_is_refused(appeal, void):
    decide(appeal, restore=False)
    refuses("decided", void, lambda: decide(appeal, restore=True))


def test_nobody_decides_about_himself(appeal, void, school):
    refuses("is_party", void, lambda: decide(appeal, own=school.learner.id))


def test_an_unknown_appeal_is_not_found(appeal, void):
    appeal.uuid = uuid4()
    refuses("not_found", void, lambda: decide(appeal))


def test_the_learner_goes_on_after_a_refusal_and_the_case_holds_a_copy_with_the_masked_name(appeal, void, school):
    decided = decide(appeal, restore=False, reason="没有凭据")
    row = services.go_on(appeal_uuid=appeal.uuid, learner=school.learner, words="有通话记录", at=decided.first_at)
    case = Case.objects.get(uuid=appeal.uuid)
    assert (row.state, row.second_due_at) == ("SECOND", case.due_at)
    assert (case.learner, case.void_ms, case.words, case.first_reason, case.second_words) == (
        "学**",
        void.ms,
        "当时在接安全电话。",
        "没有凭据",
        "有通话记录",
    )
    assert "学员甲" not in str(Case.objects.filter(pk=case.pk).values().get())


def test_the_learner_goes_on_where_the_manager_let_the_deadline_pass(appeal, void, school):
    refuses("not_yet", void, lambda: go_on(appeal, school, timedelta(days=5)))
    assert go_on(appeal, school, timedelta(days=5, seconds=1)).state == "SECOND"
    refuses("decided", void, lambda: decide(appeal))  # too late for the manager: it is the platform's now


def test_going_on_is_possible_once_and_for_fifteen_days(appeal, void, school):
    decide(appeal, restore=False)
    refuses("too_late", void, lambda: go_on(appeal, school, timedelta(days=15, hours=1, seconds=1)))
    go_on(appeal, school, timedelta(days=15))
    refuses("decided", void, lambda: go_on(appeal, school, timedelta(days=15)))


def test_nobody_else_takes_an_appeal_to_the_platform(version_id, appeal, void):
    decide(appeal, restore=False)
    other = enrol(B, version_id)
    refuses("not_found", void, lambda: go_on(appeal, other, timedelta(days=2)))


def go_on(appeal: Appeal, school: School, after: timedelta) -> Appeal:
    return services.go_on(appeal_uuid=appeal.uuid, learner=school.learner, words="", at=appeal.at + after)


def operations_decide(appeal: Appeal, *, restore: bool, reason: str = "证据不足以认定") -> None:
    with platform_scope():
        me = platform_side.operators.operator_of(_credential(operator("OPERATIONS")))
        platform_side.decide(
            case=appeal.uuid, restore=restore, reason=reason, me=me, at=appeal.at + timedelta(days=8), ip="10.0.0.1"
        )


def _credential(credential_id: int):
    from tenants.accounts.models import Credential

    return Credential.objects.get(pk=credential_id)


@pytest.mark.parametrize(("restore", "state", "void_state"), [(True, "RESTORED", "RESTORED"), (False, "FINAL", "UPHELD")])
def test_the_platforms_decision_is_carried_out_once(appeal, void, school, restore, state, void_state):
    decide(appeal, restore=False)
    go_on(appeal, school, timedelta(days=2))
    assert services.carry_out(case_uuid=appeal.uuid, at=appeal.at) is False  # not decided yet
    operations_decide(appeal, restore=restore)
    assert carry_out_decision(case=str(appeal.uuid)) is True
    before = everything(void)
    assert carry_out_decision(case=str(appeal.uuid)) is False
    assert everything(void) == before
    appeal.refresh_from_db()
    void.refresh_from_db()
    assert (appeal.state, appeal.second_reason, void.state) == (state, "证据不足以认定", void_state)
    assert void.restored_ms == (void.ms if restore else 0)
    assert Case.objects.get(uuid=appeal.uuid).told_at is not None


def test_the_news_of_a_decision_rings_in_the_enterprise_concerned(
    appeal, void, school, jia, monkeypatch, django_capture_on_commit_callbacks
):
    told: list[tuple[object, str]] = []

    def listen(*, case, schema, **_news):
        told.append((case, schema))

    case_decided.connect(listen, weak=False)
    case_decided.disconnect(dispatch_uid="carry out decided appeals")
    try:
        go_on(appeal, school, timedelta(days=6))
        with django_capture_on_commit_callbacks(execute=True):
            operations_decide(appeal, restore=True)
        with platform_scope():
            assert platform_side.tell_again(at=appeal.at + timedelta(days=8, minutes=2)) == 1
            platform_side.note_told(case=appeal.uuid, at=appeal.at)
            assert platform_side.tell_again(at=appeal.at + timedelta(days=8, minutes=2)) == 0
    finally:
        from apps.learning.receivers import carry_out

        case_decided.disconnect(listen)
        case_decided.connect(carry_out, dispatch_uid="carry out decided appeals")
    assert told == [(appeal.uuid, jia.schema_name)] * 2


def test_a_failed_restore_leaves_the_appeal_undecided(appeal, void):
    Void.objects.filter(pk=void.pk).update(state="RESTORED")  # as if somebody had restored it past the appeal
    refuses("decided", void, lambda: decide(appeal))


def test_the_neighbour_sees_no_void_and_no_appeal(appeal, void, yi, school):
    with enterprise_scope(yi):
        assert not queries.listing(state="ALL").exists()
        assert not Case.objects.exists()
        for act in (
            lambda: queries.one(appeal.uuid),
            lambda: queries.void_page(void.uuid, learner_id=school.learner.id, at=NOON),
            lambda: decide(appeal),
            lambda: services.carry_out(case_uuid=appeal.uuid, at=NOON),
        ):
            with pytest.raises(DomainError) as refusal:
                act()
            assert refusal.value.code == "not_found"


@pytest.fixture
def browser_of(jia):
    """A browser of a learner, or of a manager, on 甲's host."""

    def browse(credential_id: int) -> Client:
        browser = Client(HTTP_HOST=f"{jia.host}:8000")
        browser.force_login(_credential(credential_id))
        return browser

    return browse


def credential_of(learner: people.LearnerView) -> int:
    from apps.people.models import Learner

    return Learner.objects.get(pk=learner.id).credential_id


def test_the_learner_reads_the_evidence_appeals_and_sees_the_deadline(void, school, browser_of):
    browser = browser_of(credential_of(school.learner))
    assert "可以申诉" in browser.get("/learn/voids").content.decode()
    page = browser.get(f"/learn/voids/{void.uuid}").content.decode()
    assert "在场核验超时未答" in page
    assert "发出核验" in page
    assert browser.post(f"/learn/voids/{void.uuid}", {"words": ""}).status_code == 422
    assert not Appeal.objects.exists()


def test_somebody_elses_void_page_is_not_found(void, version_id, browser_of):
    other = enrol(B, version_id)
    assert browser_of(credential_of(other.learner)).get(f"/learn/voids/{void.uuid}").status_code == 404


def test_learners_do_not_decide(appeal, school, browser_of):
    browser = browser_of(credential_of(school.learner))
    assert browser.get("/console/appeals").status_code == 403
    assert browser.post(f"/console/appeals/{appeal.uuid}", {"decision": "restore", "reason": "好"}).status_code == 403
    assert Appeal.objects.get().state == "FIRST"
