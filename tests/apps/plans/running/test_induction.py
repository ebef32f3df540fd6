"""Three-level induction: a plan, a record and a certificate for each level, one after the other, never below the law in all."""

import pytest

from apps.plans import api as plans
from apps.plans.models import TrainingPlan
from infra.kit.errors import DomainError
from tenants.scope import platform_scope
from tests.apps.plans import ground

AT = ground.NOON
NAMES = ("厂级", "车间级", "班组级")


@pytest.fixture
def law(in_jia):
    from public.catalogue.models import TrainingRequirement

    key = ground.requirement("INITIAL", hours=3, code="CY-GEN")
    with platform_scope():
        TrainingRequirement.objects.filter(pk=key).update(levels=dict.fromkeys(NAMES, 1))
    return key


@pytest.fixture
def courses(in_jia):
    return [
        ground.make_course(f"AQ-CY-L{n}", title=f"三级教育（{name}）", lessons=(ground.HOUR_MS,)) for n, name in enumerate(NAMES)
    ]


def opened(law, levels, **changes):
    order = ground.order(version_ids=[], requirement_id=law, exam_needed=False, title="新员工三级教育", **changes)
    return plans.open_induction(order=order, levels=levels, who=plans.Who(), by="安全员", at=AT)


def levels(courses, hours=(1, 1, 1), names=NAMES):
    return [plans.Level(name, hour, [course]) for name, hour, course in zip(names, hours, courses, strict=True)]


@pytest.mark.req("R2.9")
def test_each_level_is_a_plan_and_the_next_one_waits_for_it(law, courses):
    someone = ground.learner(1)
    assert len(opened(law, levels(courses))) == 3
    rows = list(TrainingPlan.objects.order_by("pk"))
    assert [row.level for row in rows] == list(NAMES)
    assert [row.title for row in rows] == [f"新员工三级教育（{name}）" for name in NAMES]
    assert len({row.induction for row in rows}) == 1
    assert [row.prerequisite for row in rows] == [None, *rows[:-1]]
    assert [row.legal_hours for row in rows] == [1, 1, 1]
    views = sorted(plans.assignments_of(someone.id), key=lambda view: view.id)
    with pytest.raises(DomainError, match="prerequisite"):
        plans.refuse_locked(views[1], views[1].courseware_ids[0], at=AT)
    for view in views:
        ground.learn_all(view)
        assert plans.review_completion(learner_id=someone.id, at=AT) == [view.id]
    assert TrainingPlan.objects.filter(assignments__certificate__isnull=False).count() == 3


@pytest.mark.parametrize(
    ("hours", "names", "code"),
    [
        ((1, 1, 0), NAMES, "level_hours"),
        ((1, 1, 1), ("厂级", "班组级", "车间级"), "no_levels"),
        ((2, 1, 1), NAMES, "courses_too_short"),
    ],
)
def test_refuses_levels_that_the_law_does_not_know(law, courses, hours, names, code):
    ground.learner(1)
    with pytest.raises(DomainError, match=code) as refusal:
        opened(law, levels(courses, hours, names))
    assert "线下" not in str(refusal.value.message), "levels have no field for hours in classes"
    assert not TrainingPlan.objects.exists()


def test_refuses_less_than_the_law_in_all(law, courses):
    from public.catalogue.models import TrainingRequirement

    ground.learner(1)
    with platform_scope():
        TrainingRequirement.objects.filter(pk=law).update(hours=4)
    with pytest.raises(DomainError, match="below_the_law"):
        opened(law, levels(courses))
    assert not TrainingPlan.objects.exists()


def test_only_the_last_level_is_renewed(law, courses):
    ground.learner(1)
    ground.requirement("ANNUAL", hours=1, code="CY-GEN")
    opened(law, levels(courses), renew_yearly=True)
    assert list(TrainingPlan.objects.order_by("pk").values_list("renew_yearly", flat=True)) == [False, False, True]


@pytest.mark.req("R2.9")
def test_the_wizard_proposes_by_level_and_opens_three_plans(law, courses, in_jia):
    manager = ground.manager_browser(in_jia)
    ground.learner(1)
    said = {"title": "三级教育", "requirement_id": law, "who_kind": "all", "split": "on", "course_from": "all"}
    page = manager.post("/console/plans/new", {**said, "step": "courses", "go": "stay"}).content.decode()
    assert "系统配课" in page
    assert all(f"<b>{name}</b>" in page for name in NAMES)
    taken = manager.post("/console/plans/new", {**said, "step": "courses", "propose": "1"})
    places = [f"{course}:{n}" for n, course in enumerate(courses)]
    assert all(f'value="{place}" selected' in taken.content.decode() for place in places)
    said |= {
        "version_ids": courses,
        "places": places,
        "due_on": str(ground.NOON.date().replace(year=2029)),
        "level_hours": [1, 1, 1],
    }
    low = manager.post("/console/plans/new", {**said, "level_hours": [1, 1, 0], "step": "courses", "go": "next"})
    assert low.status_code == 422
    assert "每一级至少 1 学时" in low.content.decode()
    done = manager.post("/console/plans/new", {**said, "step": "review", "go": "open"})
    assert done.status_code == 302, done.content.decode()
    first = TrainingPlan.objects.order_by("pk")[0]
    assert done["Location"] == f"/console/plans/{first.uuid}"
    assert "班组级" in manager.get(done["Location"]).content.decode()
    assert TrainingPlan.objects.count() == 3
