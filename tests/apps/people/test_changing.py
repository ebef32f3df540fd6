"""Two managers at one person, many people at once, one cell, filters under a name; all of it written down."""

import pytest

from apps.people import api as people
from apps.people import history, queries, saved_views, services
from apps.people.models import Change, Learner, Manager, SavedView
from tenants.scope import enterprise_scope

from .test_console import more

FORM = {"name": "学员甲", "mobile": "", "unit": "", "position": "操作工", "role": "CY", "employee_no": "", "employment": ""}


def seen(client, staff):
    return client.get(f"/console/people/{staff.uuid}").context["form"]["seen"].value()


@pytest.mark.req("R2.9")
def test_of_two_managers_at_one_person_the_second_is_told_and_nothing_is_lost(manager, staff, jia):
    first, second = seen(manager, staff), seen(manager, staff)
    url = f"/console/people/{staff.uuid}"
    assert manager.post(url, {**FORM, "position": "焊工", "seen": first}).status_code == 302
    page = manager.post(url, {**FORM, "position": "电工", "employee_no": "G7", "seen": second})
    assert page.status_code == 422
    text = page.content.decode()
    assert "刚刚被安全员修改过" in text
    assert page.context["clash"] == [("岗位", "焊工", "电工"), ("工号", "—", "G7")]
    assert 'value="G7"' in text, "what was typed is kept"
    with enterprise_scope(jia):
        assert people.learner(staff.id).position == "焊工"
    again = page.context["form"]["seen"].value()
    assert manager.post(url, {**FORM, "position": "电工", "employee_no": "G7", "seen": again}).status_code == 302
    with enterprise_scope(jia):
        assert people.learner(staff.id).position == "电工"
        newest, before = [history.told(row) for row in history.of(Change.Kind.LEARNER, staff.uuid)[:2]]
    assert newest.lines == [("岗位", "焊工", "电工"), ("工号", "—", "G7")]
    assert (before.who, before.lines) == ("安全员", [("岗位", "—", "焊工")])


def test_a_bulk_import_counts_as_a_change_by_somebody_else(staff, jia):
    with enterprise_scope(jia):
        row = Learner.objects.get(pk=staff.id)
        before = history.fingerprint(row)
        Learner.objects.filter(pk=row.pk).update(employee_no="X1")
        row.refresh_from_db()
        assert history.fingerprint(row) != before


@pytest.mark.req("R5.1")
def test_history_masks_numbers(manager, staff, jia):
    manager.post(f"/console/people/{staff.uuid}", {**FORM, "mobile": "13812345678", "seen": seen(manager, staff)})
    with enterprise_scope(jia):
        (row,) = history.of(Change.Kind.LEARNER, staff.uuid)[:1]
    assert row.changes["mobile"] == ["138****0001", "138****5678"]
    page = manager.get("/console/people/history").content.decode()
    assert "138****5678" in page
    assert "13812345678" not in page


def test_one_cell_is_changed_in_place_and_a_newer_value_is_not_written_over(manager, staff, jia):
    url = f"/console/people/{staff.uuid}/cells/position"
    old = manager.get(url).context["seen"]
    assert "焊工" in manager.post(url, {"value": "焊工", "seen": old}).content.decode()
    late = manager.post(url, {"value": "电工", "seen": old}, headers={"HX-Request": "true"})
    assert late.status_code == 409
    with enterprise_scope(jia):
        assert people.learner(staff.id).position == "焊工"
    assert manager.get(f"/console/people/{staff.uuid}/cells/id_sealed").status_code == 404
    role = f"/console/people/{staff.uuid}/cells/role"
    assert manager.post(role, {"value": "ZZ", "seen": manager.get(role).context["seen"]}).status_code == 400
    with enterprise_scope(jia):
        assert people.learner(staff.id).role == "CY"


def test_many_are_moved_and_reposted_at_once_and_the_list_stays_as_it_was(manager, staff, jia):
    more(jia, 3)
    with enterprise_scope(jia):
        target = services.unit_of_path("质检部")
        ids = [str(row.uuid) for row in Learner.objects.all()]
    done = manager.post("/console/people/status", {"ids": ids, "do": "unit", "to_unit": target.pk, "back": "role=CY&evil=1"})
    assert done.url == "/console/people?role=CY"
    manager.post("/console/people/status", {"ids": ids, "do": "position", "to_position": "质检员"})
    with enterprise_scope(jia):
        assert {(row.unit_id, row.position) for row in Learner.objects.all()} == {(target.pk, "质检员")}
        assert Change.objects.filter(kind="LEARNER", action="changed").count() == 2 * len(ids)


@pytest.mark.parametrize("order", [{"do": "unit", "to_unit": "987654"}, {"do": "position", "to_position": " "}, {"do": "?"}])
def test_a_bulk_order_without_sense_changes_nobody(manager, staff, jia, order):
    assert manager.post("/console/people/status", {"ids": [str(staff.uuid)], **order}).status_code == 400
    with enterprise_scope(jia):
        assert people.learner(staff.id) == staff
        assert not Change.objects.filter(action="changed").exists()


def test_filters_become_views_of_ones_own_and_never_keep_a_number(manager, staff, jia):
    saved = manager.post("/console/people/views", {"name": "班组长", "query": "role=BZ&status=ALL&page=7&x=1"})
    assert saved.url == "/console/people?role=BZ&status=ALL"
    assert "班组长" in manager.get("/console/people").content.decode()
    manager.post("/console/people/views", {"name": "空", "query": "q=13800000001"})
    with enterprise_scope(jia):
        (row,) = SavedView.objects.all()
        other = Manager.objects.create(name="安全员乙", role="AUDITOR", credential=Learner.objects.get(pk=staff.id).credential)
        saved_views.forget(manager_id=other.pk, view_id=row.pk)
        assert saved_views.of(other.pk) == []
        assert SavedView.objects.count() == 1
    manager.post(f"/console/people/views/{row.pk}/forget")
    with enterprise_scope(jia):
        assert not SavedView.objects.exists()


def test_finds_by_employment_and_position(manager, staff, jia):
    with enterprise_scope(jia):
        Learner.objects.update(employment="DISPATCH", position="焊工")
        assert [row.pk for row in queries.search(employment="DISPATCH", position="焊工")] == [staff.id]
        assert not queries.search(employment="OWN")
    assert "共 <b>1</b> 条" in manager.get("/console/people", {"employment": "DISPATCH"}).content.decode()
