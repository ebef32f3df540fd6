"""From file to people: all or none, again without duplicates, and nothing for the neighbour."""

import resource
import time
from datetime import UTC, date, datetime

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError

from apps.people import api as people
from apps.people import queries, services
from apps.people.models import Change, ImportJob, Learner, Manager, Unit
from apps.people.roster import fixing, importing, jobs
from apps.people.tasks import import_roster
from infra.kit.errors import DomainError
from public.audit.models import AuditEvent
from public.regulators.models import FeedRecord
from tenants.api import Credential

from .conftest import NOON, PASSWORD
from .rosters import A, B, crowd, xlsx


@pytest.fixture
def by(in_jia):
    people.open_owner(name="安全员", mobile="13800000008", password=PASSWORD, at=NOON)
    return Manager.objects.get().pk


def looked_over(rows, by, at=NOON):
    """A list that was sent in and waits for its manager."""
    job = jobs.receive(data=xlsx(rows), file_name="名单.xlsx", manager_id=by, at=at)
    return importing.run(job.uuid, at=at)


def bring(rows, by, at=NOON, whole=True):
    """A list that was sent in and, as far as nothing is wrong, written."""
    job = looked_over(rows, by, at)
    if job.state == "READY" and not (whole and job.preview["wrong"]):
        job = importing.run(fixing.commit(job_uuid=job.uuid, whole=whole, at=at).uuid, at=at)
    return job


def said(job):
    """What is wrong with a list that waits."""
    return [problem.as_json() for problem in jobs.table_of(job).settle().problems]


@pytest.mark.req("R2.1")
@pytest.mark.req("R2.9")
def test_brings_a_list_in(by):
    job = bring([A, B], by)
    assert (job.state, job.total, job.created, job.updated, job.errors) == ("DONE", 2, 2, 0, [])
    first, second = (queries.search_learners(text=name)[0] for name in ("学员甲", "学员乙"))
    assert (first.unit, first.position, first.role, first.hired_on, first.sex) == ("一车间", "车工", "CY", date(2026, 3, 1), "M")
    assert (second.unit, second.role, second.sex) == ("生产部", "TZ", "F")
    assert not Credential.objects.by_login(A[2]).has_usable_password()
    assert FeedRecord.objects.filter(kind="LEARNER", subject=first.uuid).count() == 1
    assert AuditEvent.objects.filter(action="people.imported", target=f"import:{job.uuid}").exists()


@pytest.mark.req("R2.1")
def test_one_wrong_row_keeps_everybody_out(by):
    job = bring([A, ["学员乙", "33010219900307783X", *B[2:]]], by)
    assert (job.state, job.created) == ("READY", 0)
    assert said(job) == [{"row": 3, "column": "id_number", "code": "id_check"}]
    with pytest.raises(DomainError, match="not_all_right"):
        fixing.commit(job_uuid=job.uuid, whole=True, at=NOON)
    assert not Learner.objects.exists()
    assert not Unit.objects.exists()
    assert Credential.objects.count() == 1
    assert not FeedRecord.objects.filter(kind="LEARNER").exists()


@pytest.mark.req("R2.1")
def test_the_same_list_again_changes_nothing(by):
    bring([A, B], by)
    before = list(Learner.objects.order_by("pk").values_list("uuid", "credential_id", "created_at"))
    job = bring([A, B], by, at=datetime(2026, 11, 24, tzinfo=UTC))
    assert (job.state, job.created, job.updated) == ("DONE", 0, 0)
    assert list(Learner.objects.order_by("pk").values_list("uuid", "credential_id", "created_at")) == before
    assert FeedRecord.objects.filter(kind="LEARNER").count() == 2
    assert Change.objects.filter(kind="LEARNER").count() == 2


def test_each_person_of_a_list_has_a_history_with_masked_numbers(by):
    bring([A, B], by)
    second = queries.search_learners(text="学员乙")[0]
    people.archive_learner(learner_uuid=second.uuid, at=NOON)
    bring([["学员甲", A[1], "13900000001", "", "钳工", "", "", ""], B], by)
    first = queries.search_learners(text="学员甲")[0]
    told = list(Change.objects.filter(subject=str(first.uuid)).order_by("id").values_list("action", "by_id", "changes"))
    assert [(action, who) for action, who, _changes in told] == [("added", by), ("changed", by)]
    assert told[1][2] == {"mobile": ["138****0001", "139****0001"], "position": ["车工", "钳工"]}
    newest = Change.objects.filter(subject=str(second.uuid)).latest("id")
    assert (newest.action, newest.changes) == ("restored", {"status": ["ARCHIVED", "ACTIVE"]})


def test_a_changed_list_updates_by_id_number_and_keeps_what_is_left_empty(by):
    bring([A, B], by)
    people.archive_learner(learner_uuid=queries.search_learners(text="学员乙")[0].uuid, at=NOON)
    job = bring([["学员甲", A[1], "13900000001", "", "钳工", "", "", ""], B], by)
    assert (job.state, job.created, job.updated) == ("DONE", 0, 2)
    assert Learner.objects.count() == 2
    first, second = (queries.search_learners(text=name)[0] for name in ("学员甲", "学员乙"))
    assert (first.masked_mobile, first.position) == ("139****0001", "钳工")
    assert (first.unit, first.employee_no, first.hired_on) == ("一车间", "G001", date(2026, 3, 1))
    assert Credential.objects.by_login(A[2]) is None
    assert Credential.objects.by_login("13900000001").name == "学员甲"
    assert second.is_active, "who is on the list is back on the books"
    assert Credential.objects.by_login(B[2]).is_active


@pytest.mark.req("R2.1")
def test_refuses_a_mobile_that_somebody_else_has(by):
    bring([A], by)
    job = bring([["学员乙", B[1], A[2], *B[3:]]], by)
    assert (job.state, said(job)) == ("READY", [{"row": 2, "column": "mobile", "code": "mobile_taken", "name": "学**"}])
    assert Learner.objects.count() == 1


def test_refuses_a_managers_mobile_under_another_name_but_lets_the_manager_learn(by):
    assert said(bring([["学员甲", A[1], "13800000008", *A[3:]]], by))[0]["code"] == "mobile_taken"
    job = bring([["安全员", A[1], "13800000008", *A[3:]]], by)
    assert (job.state, job.created) == ("DONE", 1)
    assert Learner.objects.get().credential == Manager.objects.get().credential
    assert Credential.objects.by_login("13800000008").has_usable_password()
    moved = bring([["安全员", A[1], "13900000001", *A[3:]]], by)
    assert said(moved)[0]["code"] == "mobile_manager"


def test_a_clash_in_the_middle_of_writing_leaves_nothing(by, monkeypatch):
    from apps.people.roster import writing

    identity_of = writing._identity

    def clash(row):
        if row.name == "学员乙":
            raise IntegrityError
        return identity_of(row)

    monkeypatch.setattr(writing, "_identity", clash)
    job = bring([A, B], by)
    assert (job.state, job.note, job.created) == ("READY", "changed_meanwhile", 0)
    assert not Learner.objects.exists()
    assert not FeedRecord.objects.filter(kind="LEARNER").exists()


def test_a_crash_ends_the_job_in_words_and_is_not_swallowed(by, monkeypatch):
    from apps.people.roster import writing

    monkeypatch.setattr(writing, "identity", None)
    with pytest.raises(AttributeError):
        bring([A], by)
    job = ImportJob.objects.get()
    assert (job.state, job.note) == ("READY", "interrupted")
    assert len(jobs.table_of(job).entries) == 1, "the list is not lost"
    assert not Learner.objects.exists()


def test_one_list_at_a_time(by):
    jobs.receive(data=xlsx([A]), file_name="a.xlsx", manager_id=by, at=NOON)
    with pytest.raises(DomainError, match="import_running"):
        jobs.receive(data=xlsx([B]), file_name="b.xlsx", manager_id=by, at=NOON)
    assert ImportJob.objects.count() == 1


def test_a_job_whose_worker_died_does_not_block_the_next_for_ever(by):
    lost = jobs.receive(data=xlsx([A]), file_name="a.xlsx", manager_id=by, at=NOON)
    later = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
    jobs.receive(data=xlsx([B]), file_name="b.xlsx", manager_id=by, at=later)
    lost.refresh_from_db()
    assert lost.state == "FAILED"


def test_an_ended_job_is_not_run_again(by):
    job = bring([A], by)
    people.archive_learner(learner_uuid=Learner.objects.get().uuid, at=NOON)
    assert importing.run(job.uuid, at=NOON).state == "DONE"
    assert not Learner.objects.get().is_active


def test_cancelling_before_and_during_leaves_nothing(by):
    job = jobs.receive(data=xlsx([A]), file_name="a.xlsx", manager_id=by, at=NOON)
    jobs.cancel(job_uuid=job.uuid, at=NOON)
    assert importing.run(job.uuid, at=NOON).state == "CANCELLED"
    job = jobs.receive(data=xlsx([A]), file_name="a.xlsx", manager_id=by, at=NOON)
    importing._reporter(job, "check", 0)(0)
    jobs.cancel(job_uuid=job.uuid, at=NOON)
    assert importing.run(job.uuid, at=NOON).state == "CANCELLED"
    assert not Learner.objects.exists()


@pytest.mark.req("R5.1")
def test_the_file_lies_sealed_and_goes_when_the_people_are_in(by):
    job = jobs.receive(data=xlsx([A]), file_name="a.xlsx", manager_id=by, at=NOON)
    kept, clear = job.storage_key, A[1].encode()
    with default_storage.open(kept) as file:
        assert not file.read().startswith(b"PK")
    job = importing.run(job.uuid, at=NOON)
    table = job.table_key
    with default_storage.open(table) as file:
        assert clear not in file.read()
    importing.run(fixing.commit(job_uuid=job.uuid, whole=True, at=NOON).uuid, at=NOON)
    assert not default_storage.exists(kept)
    assert not default_storage.exists(table)


def test_the_file_of_a_refused_list_stays_until_the_next_upload(by):
    job = bring([], by)
    assert (job.state, job.errors[0]["code"]) == ("REFUSED", "no_rows")
    kept = job.storage_key
    assert default_storage.exists(kept)
    bring([A], by)
    assert not default_storage.exists(kept)
    job.refresh_from_db()
    with pytest.raises(DomainError, match="file_gone"):
        jobs.file_of(job)


def test_the_task_runs_in_the_enterprise_that_sent_it(by, jia):
    from tenants.headers import HEADER

    job = jobs.receive(data=xlsx([A]), file_name="a.xlsx", manager_id=by, at=NOON)
    import_roster.apply(args=[str(job.uuid)], headers={HEADER: jia.schema_name}, throw=True)
    job.refresh_from_db()
    assert job.state == "READY"


def test_a_long_list_takes_few_queries_besides_the_feed(by, django_assert_max_num_queries):
    job = jobs.receive(data=xlsx(crowd(300)), file_name="a.xlsx", manager_id=by, at=NOON)
    with django_assert_max_num_queries(30):
        importing.run(job.uuid, at=NOON)
    fixing.commit(job_uuid=job.uuid, whole=True, at=NOON)
    with django_assert_max_num_queries(300 + 140):  # 21 units are made one by one
        assert importing.run(job.uuid, at=NOON).created == 300


@pytest.mark.slow
@pytest.mark.req("R2.1")
def test_ten_thousand_people_come_in_without_filling_the_memory(by):
    job = jobs.receive(data=xlsx(crowd(10_000)), file_name="a.xlsx", manager_id=by, at=NOON)
    before, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.perf_counter()
    importing.run(job.uuid, at=NOON)
    fixing.commit(job_uuid=job.uuid, whole=True, at=NOON)
    assert importing.run(job.uuid, at=NOON).created == 10_000
    print(f"10,000 people in {time.perf_counter() - start:.1f} s")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64 * 1024


def test_a_broker_that_is_gone_ends_the_job_and_says_so(by, monkeypatch):
    import kombu.exceptions

    from tenants.errors import Unavailable

    def gone(*_args, **_options):
        raise kombu.exceptions.OperationalError

    job = ImportJob.objects.create(file_name="a.xlsx", by_id=by, at=NOON)
    ringers = []
    monkeypatch.setattr(jobs.transaction, "on_commit", ringers.append)
    monkeypatch.setattr(import_roster, "apply_async", gone)
    jobs.ring(job, NOON)
    with pytest.raises(Unavailable):
        ringers[0]()
    job.refresh_from_db()
    assert job.state == "FAILED"


def test_units_of_a_list_are_made_once(by):
    services.unit_of_path("生产部/一车间")
    bring([A, B], by)
    assert Unit.objects.count() == 2
