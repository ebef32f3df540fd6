"""Units, posts and certificates: moved, dissolved, renamed, refused; what is told of each change."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.people import api as people
from apps.people import belonging, history, queries, services
from apps.people.models import Change, Learner, Manager, Membership, Position, Qualification, Unit
from apps.people.organisation import positions, qualifications, units
from infra.kit.errors import DomainError
from tenants.scope import enterprise_scope

from .conftest import NOON, OWNER
from .rosters import resident_id

TODAY = date(2026, 11, 23)


@pytest.fixture
def by(in_jia):
    people.open_owner(name="安全员", mobile=OWNER, password=None, at=NOON)
    return {"by": Manager.objects.get().pk, "at": NOON}


@pytest.fixture
def team(by):
    """生产部 / 一车间 / 甲班, and 仓储部 beside them."""
    services.unit_of_path("仓储部")
    return services.unit_of_path("生产部/一车间/甲班")


def named(name):
    return Unit.objects.get(name=name)


def add(n, **more):
    return people.add_learner(
        name="学员" + "甲乙丙丁戊己庚辛壬癸"[n % 10], id_number=resident_id(n), mobile=f"1390000{n:04d}", at=NOON, **more
    )


def refuses(code, act):
    before = list(Unit.objects.order_by("pk").values()), Change.objects.count(), Position.objects.count()
    with pytest.raises(DomainError) as refusal:
        act()
    assert refusal.value.code == code
    assert (list(Unit.objects.order_by("pk").values()), Change.objects.count(), Position.objects.count()) == before


@pytest.mark.req("R2.9")
@pytest.mark.parametrize("below", ["生产部", "一车间", "甲班"])
def test_a_unit_never_hangs_below_itself(team, by, below):
    top = named("生产部")
    refuses("under_itself", lambda: units.change(unit_id=top.pk, name=top.name, parent_id=named(below).pk, **by))


def test_a_unit_moves_with_everything_below_it_and_the_move_is_written_down(team, by):
    people_of = add(1, unit_id=team.pk)
    units.change(unit_id=named("一车间").pk, name="一车间", parent_id=named("仓储部").pk, **by)
    assert [path for _pk, path in queries.units()] == ["仓储部", "仓储部/一车间", "仓储部/一车间/甲班", "生产部"]
    assert people_of.id in {row.pk for row in queries.search(unit_id=named("仓储部").pk)}
    change = history.told(Change.objects.get(kind="UNIT"))
    assert (change.action, change.who, change.lines) == ("移动", "安全员", [("上级部门", "生产部", "仓储部")])


def test_refuses_names_taken_too_deep_and_unknown(team, by):
    workshop = named("一车间")
    refuses("unit_taken", lambda: units.add(name="一车间", parent_id=named("生产部").pk, **by))
    refuses("unit_taken", lambda: units.change(unit_id=named("仓储部").pk, name="生产部", parent_id=None, **by))
    refuses("unit_name", lambda: units.add(name=" / ", parent_id=None, **by))
    refuses("not_found", lambda: units.change(unit_id=workshop.pk, name="一车间", parent_id=987_654, **by))
    deep = services.unit_of_path("/".join("甲乙丙丁戊己庚辛"))
    refuses("too_deep", lambda: units.add(name="壬", parent_id=deep.pk, **by))
    refuses("too_deep", lambda: units.change(unit_id=named("生产部").pk, name="生产部", parent_id=named("己").pk, **by))


def test_only_an_empty_unit_is_dissolved_and_its_name_brings_it_back(team, by):
    someone = add(1, unit_id=team.pk)
    for name in ("生产部", "甲班"):
        refuses("unit_not_empty", lambda name=name: units.dissolve(unit_id=named(name).pk, **by))
    elsewhere = add(2, unit_id=named("仓储部").pk, further_ids=[team.pk])
    services.archive_learner(learner_uuid=someone.uuid, at=NOON)
    refuses("unit_not_empty", lambda: units.dissolve(unit_id=team.pk, **by))
    services.archive_learner(learner_uuid=elsewhere.uuid, at=NOON)
    units.dissolve(unit_id=team.pk, **by)
    assert "生产部/一车间/甲班" not in dict(queries.units()).values()
    assert Learner.objects.get(pk=someone.id).unit_id == team.pk, "what was, stays"
    assert services.unit_of_path("生产部/一车间/甲班").pk == team.pk
    assert "生产部/一车间/甲班" in dict(queries.units()).values()


def test_counts_people_in_several_units_in_each_with_three_queries(team, by, django_assert_num_queries):
    add(1, unit_id=team.pk, further_ids=[named("仓储部").pk])
    add(2, unit_id=named("一车间").pk)
    with django_assert_num_queries(3):
        found = {node.name: (node.depth, node.own, node.total) for node in units.tree()}
    assert found == {"仓储部": (0, 1, 1), "生产部": (0, 0, 2), "一车间": (1, 1, 2), "甲班": (2, 1, 1)}
    seen = units.tree(within=belonging.subtree(named("一车间").pk))
    assert [(node.name, node.depth) for node in seen] == [("一车间", 0), ("甲班", 1)]


def test_who_belongs_to_two_units_is_found_in_both_once(team, by):
    view = add(1, unit_id=team.pk, further_ids=[named("仓储部").pk, team.pk])
    assert list(Membership.objects.values_list("unit__name", flat=True)) == ["仓储部"]
    for unit in ("仓储部", "生产部", "甲班"):
        assert [row.pk for row in queries.search(unit_id=named(unit).pk)] == [view.id]
    assert [row.pk for row in queries.search(within=frozenset({named("仓储部").pk, team.pk}))] == [view.id]
    assert not queries.search(within=frozenset())


def test_a_post_gets_hazards_and_a_new_name_goes_to_its_people(by):
    view = add(1, position="焊工")
    assert [(post.id, post.people) for post in positions.posts()] == [(None, 1)]
    row = positions.write(position_id=None, name="焊工", hazards=["FIRE", "HEIGHT", "NONSENSE"], note="", **by)
    assert row.hazards == ["FIRE", "HEIGHT"]
    positions.write(position_id=row.pk, name="电焊工", hazards=["FIRE"], note="", **by)
    assert people.learner(view.id).position == "电焊工"
    assert history.told(history.of(Change.Kind.LEARNER, view.uuid)[0]).lines == [("岗位", "焊工", "电焊工")]
    refuses("position_used", lambda: positions.archive(position_id=row.pk, **by))
    other = positions.write(position_id=None, name="叉车司机", hazards=[], note="", **by)
    refuses("position_taken", lambda: positions.write(position_id=other.pk, name="电焊工", hazards=[], note="", **by))
    positions.archive(position_id=other.pk, **by)
    assert [post.name for post in positions.posts()] == ["电焊工"]


@pytest.mark.req("R5.1")
def test_certificates_are_sorted_by_urgency_and_their_numbers_sealed(team, by):
    late, soon, fine = add(1, unit_id=team.pk), add(2), add(3)
    known = {"kind": "ELECTRIC", "item": "低压电工作业", "number": "T330106199003070014", **by}
    qualifications.add(learner_uuid=fine.uuid, review_on=None, expires_on=TODAY + timedelta(days=400), **known)
    qualifications.add(
        learner_uuid=soon.uuid, review_on=TODAY + timedelta(days=30), expires_on=TODAY + timedelta(days=900), **known
    )
    qualifications.add(learner_uuid=late.uuid, review_on=None, expires_on=TODAY - timedelta(days=1), **known)
    found = [qualifications.view(row, on=TODAY) for row in qualifications.urgent(on=TODAY)]
    assert [(row.learner.pk, row.state, row.days) for row in found] == [
        (late.id, "expired", -1),
        (soon.id, "soon", 30),
        (fine.id, "valid", 400),
    ]
    assert found[0].masked_number == "T3***************14"
    assert qualifications.counts(on=TODAY) == {"all": 3, "expired": 1, "soon": 1}
    assert qualifications.counts(within=frozenset({team.pk}), on=TODAY)["all"] == 1
    assert b"330106199003070014" not in bytes(Qualification.objects.first().number_sealed)
    assert "330106199003070014" not in str(list(Change.objects.values_list("changes", flat=True)))
    with pytest.raises(DomainError):
        qualifications.add(learner_uuid=fine.uuid, review_on=TODAY, expires_on=TODAY - timedelta(days=1), **known)
    assert Qualification.objects.count() == 3
    qualifications.withdraw(qualification=found[0].uuid, **by)
    assert qualifications.counts(on=TODAY)["all"] == 2


def test_the_pages_work_and_refuse_in_words(manager, jia):
    with enterprise_scope(jia):
        leaf = services.unit_of_path("生产部/一车间")
        top = leaf.parent
    for url in (
        "/console/units",
        f"/console/units/{leaf.pk}",
        "/console/units/positions",
        "/console/units/positions/add",
        "/console/qualifications",
    ):
        assert manager.get(url).status_code == 200, url
    manager.post("/console/units/move", {"unit": top.pk, "parent": leaf.pk})
    assert "不能把部门移到它自己或它的下级部门里" in manager.get("/console/units").content.decode()
    page = manager.post(f"/console/units/{top.pk}", {"name": "生产部", "parent": leaf.pk})
    assert page.status_code == 422
    assert "id_parent_error" in page.content.decode()
    assert manager.post("/console/units/move", {"unit": leaf.pk, "parent": ""}).status_code == 302
    assert manager.post("/console/units/add", {"name": "质检部", "parent": top.pk}).status_code == 302
    with enterprise_scope(jia):
        assert [path for _pk, path in queries.units()] == ["一车间", "生产部", "生产部/质检部"]


def test_the_neighbour_finds_no_unit_post_or_certificate(neighbour, staff, jia):
    with enterprise_scope(jia):
        unit, manager = services.unit_of_path("生产部"), Manager.objects.get()
        post = positions.write(position_id=None, name="焊工", hazards=[], note="", by=manager.pk, at=NOON)
    assert neighbour.get(f"/console/units/{unit.pk}").status_code == 404
    assert neighbour.get(f"/console/units/positions/{post.pk}").status_code == 404
    assert neighbour.get(f"/console/people/{staff.uuid}").status_code == 404
    for url in ("/console/units", "/console/units/positions", "/console/people/history"):
        page = neighbour.get(url).content.decode()
        assert "焊工" not in page
        assert f"/console/units/{unit.pk}" not in page


@pytest.mark.parametrize(
    "url", ["/console/units", "/console/units/positions", "/console/qualifications", "/console/people/history"]
)
def test_the_number_of_queries_does_not_grow(manager, jia, url):
    def count():
        with CaptureQueriesContext(connection) as seen:
            assert manager.get(url).status_code == 200
        return sum("tenants_domain" not in query["sql"] for query in seen)

    def fill(numbers):
        with enterprise_scope(jia):
            me = {"by": Manager.objects.get().pk, "at": NOON}
            for n in numbers:
                unit = services.unit_of_path(f"部门{n}")
                view = add(n, unit_id=unit.pk, position=f"岗位{n}", by=me["by"])
                qualifications.add(
                    learner_uuid=view.uuid, kind="HEIGHT", item="", number="", review_on=None, expires_on=TODAY, **me
                )

    fill(range(1))
    few = count()
    fill(range(1, 12))
    assert count() == few
    assert few <= 12
