"""Reported content is hidden before it is judged, and given back or taken down by the decision; appeals decide what is linked to them."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from infra.kit.errors import DomainError
from public.appeals import services as appeals
from public.catalogue import api as catalogue
from public.complaints import content, deciding, following, handling, linking
from tenants.models import Enterprise
from tenants.scope import enterprise_scope, platform_scope
from tests.apps.plans.ground import make_course
from tests.public.complaints.ground import ME, NOON, REASON, accepted, desk, file, kinds, refused, row
from tests.public.lifecycle.test_enterprises import many

pytestmark = pytest.mark.req("R6.1.6")
CODE = "AQ-CY-K1"


@pytest.fixture
def version(platform: None) -> int:
    return make_course(CODE, title="用电安全")


def reported(version: int | None) -> UUID:
    return file(category="CONTENT", title="课程里有侵权图片", version_id=version).uuid


def accept(uuid: UUID, **more: str) -> None:
    handling.accept(complaint=uuid, reply="已受理并核实。", category="CONTENT", desk=desk(), **more)


def test_a_reported_course_is_hidden_with_the_first_answer(version, jia):
    uuid = reported(version)
    assert catalogue.standing(version).state == "PUBLISHED", "a stranger's report alone hides nothing"
    accept(uuid)
    assert catalogue.standing(version).state == "HELD"
    assert row(uuid).held_at == NOON
    assert "HELD" in kinds(uuid)
    with enterprise_scope(jia), refused("held"):
        catalogue.refuse_recalled(version)


def test_without_a_course_it_is_written_down_why_nothing_is_hidden(version):
    uuid = reported(None)
    with refused("reason_missing"):
        accept(uuid)
    assert row(uuid).state == "FILED"
    accept(uuid, kept_because="投诉的是一条已删除的评语。")
    assert kinds(uuid)[-1] == "KEPT"
    assert catalogue.standing(version).state == "PUBLISHED"


@pytest.mark.parametrize(("choice", "state", "kind"), [("release", "PUBLISHED", "RELEASED"), ("recall", "RECALLED", "REMOVED")])
def test_the_decision_gives_it_back_or_takes_it_down(version, choice, state, kind):
    uuid = reported(version)
    accept(uuid)
    with refused("choice_missing"):
        deciding.decide(complaint=uuid, outcome="UPHELD", reason=REASON, desk=desk())
    assert row(uuid).state == "OPEN"
    deciding.decide(complaint=uuid, outcome="UPHELD", reason=REASON, choice=choice, desk=desk())
    assert catalogue.standing(version).state == state
    assert row(uuid).held_at is None
    assert kind in kinds(uuid)


@pytest.mark.parametrize("choice", ["release", "recall"])
def test_enterprises_are_told_of_the_course_and_nothing_of_the_complaint(version, jia, choice):
    uuid = reported(version)
    accept(uuid)
    reason = "学员甲的截图已核对，特此告知。"
    deciding.decide(complaint=uuid, outcome="UPHELD", reason=reason, choice=choice, desk=desk())
    number = row(uuid).number
    with enterprise_scope(jia):
        told = [one.text for one in catalogue.notices_for([version])]
    assert len(told) == 2
    assert "收到对课程内容的反映" in told[1]
    assert [one for one in told if number in one or "学员甲" in one or "核对" in one] == []


def test_a_version_that_only_those_learn_from_who_began_it_is_hidden_too_and_comes_back_as_it_was(version):
    catalogue.retire(version_id=version, by_id=ME.credential_id, reason="内容要更新", at=NOON)
    uuid = reported(version)
    accept(uuid)
    assert catalogue.standing(version).state == "HELD"
    deciding.decide(complaint=uuid, outcome="UNFOUNDED", reason=REASON, choice="release", desk=desk())
    assert catalogue.standing(version).state == "RETIRED"


def test_a_course_that_two_complaints_hide_comes_back_with_the_second_decision(version):
    first, second = reported(version), reported(version)
    accept(first)
    accept(second)
    deciding.decide(complaint=first, outcome="UNFOUNDED", reason=REASON, choice="release", desk=desk())
    assert catalogue.standing(version).state == "HELD"
    assert row(first).held_at is None
    deciding.decide(complaint=second, outcome="UNFOUNDED", reason=REASON, choice="release", desk=desk())
    assert catalogue.standing(version).state == "PUBLISHED"


def test_what_was_taken_down_meanwhile_is_not_said_to_be_back(version):
    first, second = reported(version), reported(version)
    accept(first)
    accept(second)
    deciding.decide(complaint=first, outcome="UPHELD", reason=REASON, choice="recall", desk=desk())
    deciding.decide(complaint=second, outcome="UNFOUNDED", reason=REASON, choice="release", desk=desk())
    assert catalogue.standing(version).state == "RECALLED"
    assert row(second).held_at is None
    assert "RELEASED" not in kinds(second)


def test_another_category_is_no_way_around_hiding_first(version):
    uuid = reported(version)
    with refused("reason_missing"):
        handling.accept(complaint=uuid, reply="按一般投诉处理。", category="GENERAL", desk=desk())
    assert (row(uuid).state, row(uuid).category, kinds(uuid)) == ("FILED", "CONTENT", ["FILED"])
    why = "说的是画面不清楚，没有违法内容。"
    handling.accept(complaint=uuid, reply="按一般投诉处理。", category="GENERAL", kept_because=why, desk=desk())
    assert catalogue.standing(version).state == "PUBLISHED"
    assert kinds(uuid) == ["FILED", "NOTE", "ACCEPTED", "KEPT"]
    with platform_scope():
        changed = row(uuid).events.get(kind="NOTE")
    assert (changed.text, changed.is_shown) == ("改类别：违法有害信息、侵权 → 一般投诉、建议", False)


def test_a_course_that_is_hidden_already_can_be_linked_and_stays_hidden_for_both(version):
    first, second = reported(version), accepted()
    accept(first)
    content.link_course(complaint=second, code=CODE, desk=desk())
    content.hide(complaint=second, desk=desk())
    deciding.decide(complaint=first, outcome="UNFOUNDED", reason=REASON, choice="release", desk=desk())
    assert catalogue.standing(version).state == "HELD"


def test_who_reported_cannot_withdraw_while_it_is_hidden(version):
    uuid = reported(version)
    accept(uuid)
    with refused("held"):
        following.withdraw(complaint=uuid, at=NOON)
    assert row(uuid).state == "OPEN"


def test_the_desk_links_a_course_by_its_code_and_hides_it_later(version):
    uuid = accepted()
    with refused("no_course"):
        content.hide(complaint=uuid, desk=desk())
    with refused("unknown_course"):
        content.link_course(complaint=uuid, code="AQ-XX", desk=desk())
    content.link_course(complaint=uuid, code=f" {CODE.lower()} ", desk=desk())
    content.hide(complaint=uuid, desk=desk())
    assert catalogue.standing(version).state == "HELD"
    with refused("held"):
        content.hide(complaint=uuid, desk=desk())


def bring(jia: object) -> UUID:
    """An appeal in second instance of an enterprise."""
    copy = {
        "session": uuid4(), "session_opened_at": NOON - timedelta(hours=1), "learner": "学**", "course": "班组安全", "lesson": "第一课",
        "duration_ms": 600_000, "void_code": "interaction_timeout", "void_reason": "在场核验超时未答", "void_ms": 300_000, "void_at": NOON,
        "evidence": {}, "words": "当时在接电话", "first_reason": "没有凭据", "first_at": NOON, "second_words": "",
    }  # fmt: skip
    with enterprise_scope(jia):  # type: ignore[arg-type]
        return appeals.open_case(uuid=uuid4(), at=NOON, **copy).uuid


@pytest.mark.parametrize(("restore", "outcome"), [(True, "UPHELD"), (False, "UNFOUNDED")])
def test_a_linked_appeal_decides_the_complaint_too(db, jia, restore, outcome):
    uuid, case = accepted(category="COMPLEX", schema_name=jia.schema_name), bring(jia)
    with platform_scope():
        linking.link_appeal(complaint=uuid, case=case, desk=desk())
        appeals.decide(case=case, restore=restore, reason="已看过证据，特此裁定。", me=ME, at=NOON, ip="10.0.0.1")
        assert deciding.follow_appeal(case=case, at=NOON)
        assert not deciding.follow_appeal(case=case, at=NOON)
    found = row(uuid)
    assert (found.state, found.outcome, found.reason, found.decided_by) == ("DECIDED", outcome, "已看过证据，特此裁定。", None)


def test_only_an_open_appeal_of_the_same_enterprise_is_linked_and_only_once(db, jia, yi):
    case = bring(jia)
    ours, second = (accepted(category="COMPLEX", schema_name=jia.schema_name) for _n in range(2))
    theirs = accepted(category="COMPLEX", schema_name=yi.schema_name)
    with platform_scope():
        with refused("unknown_appeal"):
            linking.link_appeal(complaint=theirs, case=case, desk=desk())
        linking.link_appeal(complaint=ours, case=case, desk=desk())
        with refused("linked"):
            linking.link_appeal(complaint=second, case=case, desk=desk())
    assert (row(theirs).about, row(second).about) == ("", "")


def test_an_enterprise_is_named_by_its_credit_code_once(db, jia):
    uuid = accepted()
    with platform_scope():
        with refused("unknown_enterprise"):
            linking.link_enterprise(complaint=uuid, company="91330106MA2BKXT390", desk=desk())
        linking.link_enterprise(complaint=uuid, company=jia.uscc.lower(), desk=desk())
        with refused("linked"):
            linking.link_enterprise(complaint=uuid, company=jia.uscc, desk=desk())
    assert row(uuid).schema_name == jia.schema_name


def test_an_enterprise_is_named_by_its_name_if_that_means_it_alone(db, jia, yi):
    uuid = accepted()
    with platform_scope():
        with pytest.raises(DomainError) as several:
            linking.link_enterprise(complaint=uuid, company="有限公司", desk=desk())
        assert several.value.code == "several_enterprises"
        assert jia.uscc in str(several.value.message)
        for nobody in ("没有这家", " "):
            with refused("unknown_enterprise"):
                linking.link_enterprise(complaint=uuid, company=nobody, desk=desk())
        linking.link_enterprise(complaint=uuid, company=f" {jia.name} ", desk=desk())
    assert row(uuid).schema_name == jia.schema_name


def test_an_enterprise_is_found_by_its_whole_name_however_many_carry_it_in_theirs(db, jia):
    uuid = accepted()
    with platform_scope():
        many(8)
        for one in Enterprise.objects.filter(name__startswith="温州批量企业"):
            Enterprise.objects.filter(pk=one.pk).update(name=f"0{one.name} {jia.name}")  # comes before it in the list
        linking.link_enterprise(complaint=uuid, company=jia.name, desk=desk())
    assert row(uuid).schema_name == jia.schema_name
