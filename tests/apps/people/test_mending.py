"""A list between upload and writing: columns explained, cells mended, rows taken out, all or the right ones written."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from apps.people import api as people
from apps.people import queries
from apps.people.models import HeadingMeaning, ImportJob, Learner, Manager, Unit
from apps.people.roster import fixing, importing, jobs, workbook
from apps.people.tasks import forget_rosters
from infra.kit.errors import DomainError
from public.audit.models import AuditEvent
from tenants.scope import enterprise_scope

from .conftest import NOON, PASSWORD
from .rosters import HEADINGS, A, B, resident_id, xlsx

WRONG_ID = "33010219900307783X"


@pytest.fixture
def by(in_jia):
    people.open_owner(name="安全员", mobile="13800000008", password=PASSWORD, at=NOON)
    return Manager.objects.get().pk


def send(rows, by, head=HEADINGS, data=b""):
    job = jobs.receive(data=data or xlsx(rows, head), file_name="名单.xlsx", manager_id=by, at=NOON)
    return importing.run(job.uuid, at=NOON)


def write(job, whole=True):
    return importing.run(fixing.commit(job_uuid=job.uuid, whole=whole, at=NOON).uuid, at=NOON)


def mend(job, row, column, value):
    return fixing.mend(job_uuid=job.uuid, row=row, column=column, value=value, at=NOON)


def wrong(job):
    return [(p.row, p.column, p.code) for p in jobs.table_of(ImportJob.objects.get(pk=job.pk)).settle().problems]


def counts(job):
    job.refresh_from_db()
    return {outcome: n for outcome, n in job.preview.items() if n and not outcome.startswith("units")}


@pytest.mark.req("R2.1")
def test_a_mended_cell_is_judged_at_once_and_the_list_goes_in_whole(by):
    job = send([A, ["学员乙", WRONG_ID, *B[2:]]], by)
    assert counts(job) == {"new": 1, "wrong": 1}
    assert not Learner.objects.exists()
    still = mend(job, 3, "id_number", "123")
    assert [p.code for p in still.settled.wrong[3]] == ["id_length"]
    mended = mend(job, 3, "id_number", f" {B[1]} ")
    assert mended.settled.outcomes == {2: "new", 3: "new"}
    job = write(job)
    assert (job.state, job.created, job.skipped) == ("DONE", 2, 0)
    assert Learner.objects.count() == 2


@pytest.mark.req("R2.1")
def test_the_right_rows_go_in_and_the_others_come_back_annotated(by):
    job = write(send([A, ["学员乙", WRONG_ID, *B[2:]]], by), whole=False)
    assert (job.state, job.created, job.skipped, job.errors[0]["code"]) == ("DONE", 1, 1, "id_check")
    assert [row.name for row in Learner.objects.all()] == ["学员甲"]
    assert default_storage.exists(job.storage_key), "the annotated sheet is made of it"
    again = write(send([A, B], by))
    assert (again.created, again.updated, Learner.objects.count()) == (1, 0, 2)


def test_a_row_can_be_taken_out_and_put_back(by):
    job = send([A, [*A[:3], "", "另一岗位"]], by)
    assert wrong(job) == [(3, "id_number", "id_twice")]
    out = fixing.drop(job_uuid=job.uuid, row=2, dropped=True)
    assert out.settled.outcomes == {2: "dropped", 3: "new"}
    assert {entry.line.row for entry in out.entries} == {2, 3}, "what one row changes in another is told too"
    fixing.drop(job_uuid=job.uuid, row=2, dropped=False)
    assert wrong(job) == [(3, "id_number", "id_twice")]
    fixing.drop(job_uuid=job.uuid, row=3, dropped=True)
    assert write(job).created == 1
    assert Learner.objects.get().position == "车工"


@pytest.mark.req("R2.1")
def test_an_id_number_of_somebody_else_never_turns_one_person_into_another(by):
    write(send([A], by))
    job = send([["学员丙", A[1], "13800000003", *A[3:]]], by)
    assert wrong(job) == [(2, "id_number", "id_of_another")]
    for whole in (True, False):
        with pytest.raises(DomainError, match="not_all_right" if whole else "nobody_right"):
            fixing.commit(job_uuid=job.uuid, whole=whole, at=NOON)
    assert Learner.objects.get().name == "学员甲"
    mend(job, 2, "id_number", resident_id(7))
    assert write(job).created == 1


def test_an_id_number_known_next_door_is_new_here(by, in_jia, yi):
    with enterprise_scope(yi):
        people.add_learner(name="邻居", id_number=A[1], mobile="13800000099", at=NOON)
    assert counts(send([A], by)) == {"new": 1}


@pytest.mark.req("R2.1")
def test_five_thousand_rows_of_one_person_bring_one_person(by):
    job = send([], by, data=("\n".join(",".join(row) for row in [HEADINGS, *[A] * 5_000])).encode("gbk"))
    assert counts(job) == {"new": 1, "repeat": 4_999}
    assert (write(job).created, Learner.objects.count()) == (1, 1)


def test_what_changed_since_the_check_keeps_everybody_out_and_is_shown(by):
    job = send([A, B], by)
    people.add_learner(name="学员丁", id_number=resident_id(9), mobile=B[2], at=NOON)
    job = write(job)
    assert (job.state, job.note, job.created) == ("READY", "not_all_right", 0)
    assert wrong(job) == [(3, "mobile", "mobile_taken")]
    assert Learner.objects.count() == 1
    assert write(job, whole=False).created == 1


def test_stopping_while_people_are_written_leaves_nobody_and_keeps_the_list(by):
    job = send([A, ["学员乙", WRONG_ID, *B[2:]]], by)
    mend(job, 3, "id_number", B[1])
    fixing.commit(job_uuid=job.uuid, whole=True, at=NOON)
    cache.set(f"import-cancel:{job.uuid}", 1, 60)
    stopped = importing.run(job.uuid, at=NOON)
    assert (stopped.state, stopped.note) == ("READY", "stopped")
    assert not Learner.objects.exists()
    assert counts(stopped) == {"new": 2}
    assert write(stopped).created == 2


def test_a_waiting_list_is_given_up_with_its_files(by):
    job = send([A], by)
    jobs.cancel(job_uuid=job.uuid, at=NOON)
    job.refresh_from_db()
    assert (job.state, job.storage_key, job.table_key) == ("CANCELLED", "", "")
    with pytest.raises(DomainError, match="not_waiting"):
        mend(job, 2, "name", "学员丙")


def test_two_lists_may_wait_but_only_one_is_written_at_a_time(by):
    first, second = send([A], by), send([B], by)
    fixing.commit(job_uuid=first.uuid, whole=True, at=NOON)
    with pytest.raises(DomainError, match="import_running"):
        fixing.commit(job_uuid=second.uuid, whole=True, at=NOON)
    importing.run(first.uuid, at=NOON)
    assert write(second).created == 1


def test_a_list_whose_writer_died_waits_again(by):
    job, later = send([A], by), NOON + timedelta(hours=2)
    fixing.commit(job_uuid=job.uuid, whole=True, at=NOON)
    jobs.receive(data=xlsx([B]), file_name="b.xlsx", manager_id=by, at=later)
    job.refresh_from_db()
    assert (job.state, job.note) == ("READY", "interrupted")


@pytest.mark.req("R5.1")
def test_lists_nobody_touched_for_a_week_are_forgotten(by, jia):
    job = send([A], by)
    assert jobs.forget_old(at=NOON + timedelta(days=6)) == 0
    assert jobs.forget_old(at=NOON + timedelta(days=8)) == 1
    job.refresh_from_db()
    assert (job.state, job.storage_key) == ("CANCELLED", "")
    assert forget_rosters() == 0


@pytest.mark.req("R2.1")
def test_unknown_headings_are_asked_for_once_and_known_the_next_time(by):
    head = ["员工", "公民号", "手机", "联系电话", "备注"]
    rows = [["学员甲", A[1], A[2], "0571-88888888", "x"]]
    job = send(rows, by, head)
    assert (job.state, {e["code"] for e in job.errors}) == ("MAPPING", {"no_headings"})
    columns = {0: "name", 1: "id_number", 2: "mobile"}
    with pytest.raises(DomainError, match="columns_missing"):
        fixing.choose_columns(job_uuid=job.uuid, row=1, columns={0: "name", 2: "mobile"}, at=NOON)
    with pytest.raises(DomainError, match="columns_twice"):
        fixing.choose_columns(job_uuid=job.uuid, row=1, columns=columns | {3: "mobile"}, at=NOON)
    assert not HeadingMeaning.objects.exists()
    fixing.choose_columns(job_uuid=job.uuid, row=1, columns=columns, at=NOON)
    assert counts(importing.run(job.uuid, at=NOON)) == {"new": 1}
    assert dict(HeadingMeaning.objects.values_list("heading", "column")) == {
        "员工": "name",
        "公民号": "id_number",
        "联系电话": "",
    }
    assert send(rows, by, head).state == "READY"


def test_two_columns_for_one_thing_are_asked_for(by):
    job = send([[*A, "13800000009"]], by, [*HEADINGS, "联系电话"])
    assert (job.state, job.errors) == ("MAPPING", [{"row": 0, "column": "mobile", "code": "heading_twice"}])


def test_a_list_without_headings_can_be_read_and_teaches_nothing(by):
    job = send([], by, data=xlsx([A[:3], B[:3]], []))
    assert job.state == "MAPPING"
    columns = {0: "name", 1: "id_number", 2: "mobile"}
    fixing.choose_columns(job_uuid=job.uuid, row=0, columns=columns, at=NOON)
    assert counts(importing.run(job.uuid, at=NOON)) == {"new": 2}
    fixing.choose_columns(job_uuid=job.uuid, row=1, columns=columns, at=NOON)
    kept = "".join(HeadingMeaning.objects.values_list("heading", flat=True))
    assert A[1] not in kept
    assert A[2] not in kept


def test_says_what_would_be_new_changed_and_made(by):
    write(send([A, B], by))
    changed = ["学员乙", *B[1:4], "钳工", *B[5:]]
    job = send([A, changed, ["学员丙", resident_id(3), "13800000003", "生产部/二车间"]], by)
    assert counts(job) == {"new": 1, "update": 1, "same": 1}
    assert job.preview["units"] == ["生产部/二车间"]
    assert Unit.objects.count() == 2
    done = write(job)
    assert (done.created, done.updated, done.done) == (1, 1, 3)


# pages


def upload(client, data, name="名单.xlsx"):
    return client.post("/console/people/import", {"file": SimpleUploadedFile(name, data)}).url


def ran(jia):
    with enterprise_scope(jia):
        return importing.run(ImportJob.objects.latest("pk").uuid, at=NOON)


@pytest.mark.req("R2.9")
def test_a_manager_mends_a_cell_on_the_page(manager, jia):
    url = upload(manager, xlsx([B, ["学员丙", WRONG_ID, "13800000003", "", "", "", "", ""]]))
    ran(jia)
    page = manager.get(url).content.decode()
    assert "还有 1 行有错" in page
    assert f'value="{WRONG_ID}"' in page
    assert B[1] not in page
    changed = manager.post(f"{url}/rows/3", {"column": "id_number", "value": resident_id(3)}, HTTP_HX_REQUEST="true")
    answer = changed.content.decode()
    assert 'id="s-3" hx-swap-oob="true"' in answer
    assert "全部正确。将新增 2 人" in answer
    assert "ax-field-error" not in answer
    assert manager.post(f"{url}/rows/3", {"do": "drop"}).status_code == 302
    assert "已移除" in manager.get(url).content.decode()
    assert manager.post(f"{url}/rows/99", {"column": "name", "value": "x"}).status_code == 404
    assert manager.post(f"{url}/rows/3", {"column": "pk", "value": "x"}).status_code == 404


def test_a_page_writes_all_or_the_right_ones(manager, jia):
    url = upload(manager, xlsx([B, ["学员丙", WRONG_ID, "13800000003", "", "", "", "", ""]]))
    ran(jia)
    refused = manager.post(f"{url}/commit", {"what": "whole"})
    assert refused.status_code == 409
    assert "一个人也没有导入" in refused.content.decode()
    manager.post(f"{url}/commit", {"what": "right"})
    ran(jia)
    done = manager.get(url).content.decode()
    assert "新增 1 人" in done
    assert "1 行有错，没有导入" in done
    assert "校验位" in dict(workbook.rows(manager.get(f"{url}/annotated").content))[3][0]


def test_the_annotated_sheet_holds_what_was_mended(manager, jia):
    url = upload(manager, xlsx([["学员丙", WRONG_ID, "1380000"], B], [*HEADINGS[:3], "备注"]))
    ran(jia)
    manager.post(f"{url}/rows/2", {"column": "mobile", "value": "13800000003"})
    manager.post(f"{url}/rows/3", {"do": "drop"})
    rows = dict(workbook.rows(manager.get(f"{url}/annotated").content))
    assert rows[2][1:4] == ["学员丙", WRONG_ID, "13800000003"]
    assert 3 not in rows


def test_a_page_asks_for_the_columns(manager, jia):
    url = upload(manager, xlsx([["学员丙", resident_id(3), "13800000003"]], ["员工", "公民号", "号码"]))
    ran(jia)
    page = manager.get(url).content.decode()
    assert "每一列是什么" in page
    assert "公民号" in page
    assert "没有表头" in manager.get(f"{url}/columns", {"row": "0"}).content.decode()
    refused = manager.post(f"{url}/columns", {"row": "1", "column-0": "name"})
    assert (refused.status_code, "还没有选“身份证号、手机号”" in refused.content.decode()) == (422, True)
    manager.post(f"{url}/columns", {"row": "1", "column-0": "name", "column-1": "id_number", "column-2": "mobile"})
    ran(jia)
    assert "将新增 1 人" in manager.get(url).content.decode()
    assert manager.get(f"{url}/columns").status_code == 200


@pytest.mark.req("R2.1")
@pytest.mark.req("R5.4")
@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_what_goes_out_comes_back_and_changes_nothing(manager, jia, kind):
    with enterprise_scope(jia):
        by = Manager.objects.get().pk
        write(send([[*B[:3], "=部/-班", "+岗", "@1", "特种作业人员", "2026-03-01"]], by))
    answer = manager.get("/console/people/export", {"format": kind})
    assert B[1].encode() in answer.content or kind == "xlsx"
    assert answer["Cache-Control"] == "no-store"
    with enterprise_scope(jia):
        assert AuditEvent.objects.get(action="people.exported_full").details["count"] == 2
        before = list(Learner.objects.order_by("pk").values())
        assert counts(send([], by, data=answer.content)) == {"same": 2}
        done = write(ImportJob.objects.latest("pk"))
        assert (done.created, done.updated) == (0, 0)
        assert list(Learner.objects.order_by("pk").values()) == before
        assert queries.search_learners(text="学员乙")[0].position == "+岗"


def test_a_neighbours_export_holds_only_the_neighbours(neighbour, manager):
    assert A[1].encode() not in neighbour.get("/console/people/export", {"format": "csv"}).content


def test_learners_and_strangers_reach_nothing_of_it(learner, client, jia):
    any_job = "/console/people/import/00000000-0000-4000-8000-000000000000"
    for path in ("/console/people/export", any_job, f"{any_job}/columns", f"{any_job}/annotated"):
        assert learner.get(path).status_code == 403
        assert client.get(path, HTTP_HOST=jia.host).url.startswith("/sign-in")
    for path in (f"{any_job}/rows/2", f"{any_job}/commit", f"{any_job}/columns", f"{any_job}/cancel"):
        assert learner.post(path).status_code == 403
        assert client.post(path, HTTP_HOST=jia.host).url.startswith("/sign-in")
