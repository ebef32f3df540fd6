"""Courses proposed for a row of the law: until the hours are met, the right topics first, other trainers beside them. Pure."""

from datetime import date

import pytest

from apps.plans import law, proposing, rules
from apps.plans.proposing import Candidate
from tests.apps.plans import ground

HOUR = ground.HOUR_MS


def course(number, topic, *, hours=1, trainer="教师甲", **more):
    values = {"title": f"课程{number}", "audience": "CY", "industry": "ALL", "category": "", "rank": number} | more
    return Candidate(version_id=number, topic=topic, trainer=trainer, duration_ms=hours * HOUR, **values)


def propose(found, hours, code="CY-GEN", role="CY", industry="C34", level=""):
    return proposing.propose(code=code, role=role, industry=industry, wanted_ms=hours * HOUR, found=found, level=level)


@pytest.mark.req("R2.9")
def test_courses_are_taken_until_the_hours_are_met_topics_of_the_law_first():
    found = [course(1, "GC"), course(2, "XF"), course(3, "SJ", hours=4), course(4, "YJ")]
    made = propose(found, 5)
    assert made.version_ids == [3, 2]
    assert (made.total_ms, made.short_ms) == (5 * HOUR, 0)


def test_one_course_of_a_theme_first_and_the_others_beside_it_by_trainer():
    found = [
        course(1, "SJ"),
        course(2, "SJ", trainer="教师乙"),
        course(3, "SJ", trainer="教师乙", title="再一门"),
        course(4, "XF"),
    ]
    made = propose(found, 2)
    assert made.version_ids == [1, 4]
    assert [one.version_id for one in made.slots[0].others] == [2, 3]
    assert made.slots[1].others == ()


def test_a_second_course_of_a_theme_fills_up_what_is_missing():
    found = [course(1, "SJ"), course(2, "SJ", trainer="教师乙"), course(4, "XF")]
    made = propose(found, 3)
    assert made.version_ids == [1, 4, 2]
    assert all(not slot.others for slot in made.slots)


def test_what_is_missing_is_told_and_other_trades_are_left_out():
    found = [
        course(1, "SJ", industry="E"),
        course(2, "SJ", industry="C"),
        course(3, "XF", audience="FZ"),
        course(4, "XF", hours=0),
    ]
    made = propose(found, 3)
    assert made.version_ids == [2]
    assert made.short_ms == 2 * HOUR
    assert propose([], 3).version_ids == []


def test_own_choice_goes_before_quality():
    found = [course(1, "SJ"), course(2, "SJ", trainer="教师乙", is_own=True)]
    assert propose(found, 1).version_ids == [2]


def test_a_row_about_one_subject_takes_no_other_topic():
    found = [course(1, "SJ"), course(2, "XF", audience="CY")]
    assert propose(found, 5, code="XF-FIRE").version_ids == [2]


def test_levels_take_their_own_courses_and_not_those_of_others():
    found = [course(1, "SJ", title="三级（厂级）"), course(2, "SJ", category="岗前（车间级）"), course(3, "XF")]
    assert propose(found, 2, level="车间级").version_ids == [2, 3]
    assert proposing.spread(found, ["厂级", "车间级"], [2, 1]) == {1: 0, 2: 1, 3: 0}
    assert proposing.spread([course(4, "XF", hours=2), course(5, "YJ")], ["厂级", "车间级"], [1, 1]) == {4: 0, 5: 1}


@pytest.mark.parametrize(
    ("code", "role", "fits"),
    [("FZ-GEN", "FZ", True), ("FZ-GEN", "CY", False), ("CY-GEN", "BZ", True), ("CY-MOVE", "TZ", True), ("XF-IN", "XF", True),
     ("XF-FIRE", "GL", True), ("CY-GEN", "XF", False)],
)  # fmt: skip
def test_rows_fit_the_kind_of_trainee(code, role, fits):
    assert rules.fits_role(code, role) is fits


def test_a_high_risk_enterprise_may_not_take_the_general_row_and_a_general_one_may_take_the_stricter():
    assert not rules.is_strict_enough("CY-GEN", "HIGH")
    assert rules.is_strict_enough("CY-HR", "GENERAL")
    assert rules.is_strict_enough("CY-HR", "HIGH")


def test_rows_in_force_are_filtered_by_role_stage_and_hazard(in_jia):
    today = date(2026, 11, 23)
    ground.requirement("INITIAL", hours=24, code="CY-GEN")
    ground.requirement("ANNUAL", hours=20, code="CY-HR")
    ground.requirement("INITIAL", hours=32, code="FZ-GEN")
    codes = lambda **asked: {row.code for row in law.templates(on=today, **asked)}  # noqa: E731
    assert codes(hazard="GENERAL", role="CY", stage="INITIAL") == {"CY-GEN"}
    assert codes(hazard="HIGH", role="CY") == {"CY-HR"}
    assert codes(hazard="GENERAL", role="FZ") == {"FZ-GEN"}
    assert law.refresher("CY-MOVE", on=today, hazard="HIGH").code == "CY-HR"
    assert law.refresher("XF-IN", on=today, hazard="HIGH") is None
