"""Everything of a closed enterprise is destroyed on two words, step by step, whatever dies between, and what law and trust need stays."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, connections, transaction
from django.db.utils import OperationalError, ProgrammingError
from django.test.utils import CaptureQueriesContext
from psycopg.sql import SQL, Identifier

from infra.kit import canonical, clock
from infra.kit.crypto import SealBroken
from infra.kit.errors import DomainError
from public.appeals.models import Case
from public.audit.models import AuditEvent
from public.catalogue.models import Course
from public.lifecycle.destruction import certifying, planning, running
from public.lifecycle.models import Destruction
from public.monitor.models import Mark, Sitting
from public.persons.models import Day, Lease
from public.regulators import api as regulators
from public.regulators.models import CertificateListing, FeedRecord
from public.retention.api import Hold, Order, Package
from public.seals import api as seals
from public.uploads.models import Upload
from public.uploads.stores import name_of
from tenants import keys, sites, storage
from tenants.api import each_enterprise, site_by_schema
from tenants.database.provision import owner_connection
from tenants.keys import opened
from tenants.keys.models import DataKey
from tenants.models import Domain, Enterprise
from tenants.objects import everything_below
from tenants.scope import PLATFORM, enterprise_scope, platform_scope, using
from tests.apps.plans.ground import learner
from tests.conftest import NOON
from tests.public.lifecycle.courses import written
from tests.public.lifecycle.decisions import EMPTIED, KEPT
from tests.public.lifecycle.ends import after, closed, planned
from tests.public.lifecycle.ground import owner
from tests.public.rights.ground import scan
from tests.tenants.ground import open_for_test, remove_enterprises

pytestmark = pytest.mark.req("R4.6")
PREFIX = "gone-"
_GUARDED = (("lifecycle_turn", "only_grows"), ("lifecycle_destruction", "by_two"), ("retention_package", "only_grows"))


@pytest.fixture
def gone(database: None, yi: Any) -> Iterator[Any]:
    """A committed enterprise with people, files and rows everywhere, closed long ago; its rows are removed after the test."""
    _remove()
    site = open_for_test(f"{PREFIX}house")
    yield site
    _remove()
    connection.close()


def _remove() -> None:
    """Take the enterprises of this file away with all that hangs on them, as their owner may."""
    with owner_connection() as db, db.transaction():
        db.execute("SET LOCAL session_replication_role = replica")
        for table, trigger in _GUARDED:
            db.execute(f"ALTER TABLE public.{table} DISABLE TRIGGER {trigger}")
        for table in ("lifecycle_destruction", "lifecycle_lifechange", "lifecycle_closure", "lifecycle_turn"):
            db.execute(
                f"DELETE FROM public.{table} WHERE enterprise_id IN (SELECT id FROM public.tenants_enterprise WHERE subdomain LIKE %s)",
                [f"{PREFIX}%"],
            )
        for table in ("retention_package", "retention_order", "retention_hold", "appeals_case"):
            db.execute(
                f"DELETE FROM public.{table} WHERE schema_name IN (SELECT schema_name FROM public.tenants_enterprise WHERE subdomain LIKE %s)",
                [f"{PREFIX}%"],
            )
        db.execute(
            "DELETE FROM public.uploads_upload WHERE provider_schema IN (SELECT schema_name FROM public.tenants_enterprise WHERE subdomain LIKE %s)",
            [f"{PREFIX}%"],
        )
        for table, trigger in _GUARDED:
            db.execute(f"ALTER TABLE public.{table} ENABLE ALWAYS TRIGGER {trigger}")
    remove_enterprises(PREFIX)
    connections["owner"].close()


def fill(site: Any, *, with_course: bool = False) -> dict[str, Any]:
    """Put something of everything into the enterprise; returns what tests look for afterwards. A course, only where it goes in the end."""
    owner(site)
    with enterprise_scope(site):
        person = learner(1)
        name = default_storage.save(storage.key("papers/scan.bin"), ContentFile(b"a scan of the person"))
        sealed = keys.seal("学员甲".encode(), purpose="learner-id")
        regulators.submit(
            kind="LEARNER", subject=person.uuid, body={"name": "学员甲", "id_number": "3301**********0011"}, at=NOON
        )
        regulators.list_certificate(
            code=f"gone{site.id:08d}", number=f"GONE-{site.id}", body={"name": "学**", "course": "新员工安全须知"}, signature="x",
            key_id="k", at=NOON,
        )  # fmt: skip
        Sitting.objects.create(
            session=person.uuid, learner="学**", course="课", lesson="一", duration_ms=1, ip="10.0.0.1", opened_at=NOON
        )
        Mark.objects.create(session=person.uuid, at=NOON, kind="PASSED")
        Package.objects.create(
            what="PROCESS", month=date(2016, 1, 1), volume=1, rows=7, contents={}, learners=["an index of the person"], size=1, sha256="a",
            manifest_sha256="b", storage_key=storage.key("cold/process/x"), is_locked=True, kept_until=date(2030, 1, 1), key_sealed=b"key",
            made_at=NOON, verified_at=NOON,
        )  # fmt: skip
        who = {"by": "manager:1", "by_name": "安全员", "at": NOON}
        Order.objects.create(kind="EXPORT", state="EXPIRED", rung_at=NOON, expires_at=NOON, **who)
        Hold.objects.create(subject=person.uuid, reason="工伤仲裁", ended_at=NOON, **who)
    with platform_scope():
        Case.objects.create(
            schema_name=site.schema_name, session=person.uuid, session_opened_at=NOON, learner="学**", course="课", lesson="一",
            duration_ms=1, void_code="SPEED", void_reason="倍速", void_ms=1, void_at=NOON, words="我在看", opened_at=NOON, due_at=NOON,
            state="UPHELD", reason="证据充分", decided_at=NOON,
        )  # fmt: skip
        upload = scan(1, provider_schema=site.schema_name)
        Lease.objects.create(person_key=f"p{site.id}", session=person.uuid, schema_name=site.schema_name, taken_at=NOON)
        Day.objects.create(person_key=f"p{site.id}", day=NOON.date(), credited_ms=5, shares={site.schema_name: 3, "e_other": 2})
        Day.objects.create(person_key=f"q{site.id}", day=NOON.date(), credited_ms=3, shares={site.schema_name: 3})
        own = written(site.schema_name, code=f"AQ-CY-ALL-SJ-{site.id}", is_private=True) if with_course else None
    return {"file": name, "sealed": sealed, "upload": upload, "person": person.uuid, "own": own}


def naming(site: Any) -> set[str]:
    """Return the tables of `public` in which any value of any row has the enterprise's schema or uuid in it."""
    with owner_connection() as db:
        tables = db.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
            "WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition"
        ).fetchall()
        return {
            str(table)
            for (table,) in tables
            if db.execute(
                SQL("SELECT 1 FROM public.{} t WHERE t::text LIKE ANY(%s) LIMIT 1").format(Identifier(str(table))),
                [[f"%{site.schema_name}%", f"%{site.uuid}%"]],
            ).fetchone()
        }


def due(site: Any) -> Destruction:
    return planned(site, at=after(closed(site)))


def run(waiting: Destruction) -> int:
    with platform_scope():
        assert running.carry_on(at=waiting.starts_at) == 0, "whoever still believes in the host name has a minute"
        return running.carry_on(at=waiting.starts_at + running.SETTLE)


def schema_and_role(site: Any) -> tuple[bool, bool]:
    with owner_connection() as db:
        schema = db.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", [site.schema_name]).fetchone()
        role = db.execute("SELECT 1 FROM pg_roles WHERE rolname LIKE %s", [f"%.{site.schema_name}"]).fetchone()
    return schema is not None, role is not None


def test_everything_goes_and_what_law_and_trust_need_stays(gone, yi):
    had = fill(gone, with_course=True)
    waiting = due(gone)
    assert schema_and_role(gone) == (True, True)
    assert run(waiting) == 1
    assert schema_and_role(gone) == (False, False)
    with platform_scope():
        row = Destruction.objects.select_related("enterprise", "change__closure").get(pk=waiting.pk)
        enterprise = Enterprise.objects.get(pk=gone.id)
        assert (row.state, enterprise.status, enterprise.destroyed_at) == ("DONE", "CLOSED", waiting.starts_at)
        assert not Domain.objects.filter(tenant=enterprise).exists()
        assert sites.resolve(gone.host) is None, "nothing answers there"
        assert site_by_schema(gone.schema_name) is None
        held = DataKey.objects.filter(owner=str(gone.uuid))
        assert held
        assert all(bytes(one.wrapped) == b"" and one.destroyed_at for one in held)
        assert not Upload.objects.filter(uuid=had["upload"]).exists()
        assert not Sitting.objects.filter(schema_name=gone.schema_name).exists()
        assert not Mark.objects.filter(schema_name=gone.schema_name).exists()
        assert not Lease.objects.filter(schema_name=gone.schema_name).exists()
        package = Package.objects.get(schema_name=gone.schema_name)
        assert (bytes(package.key_sealed), package.learners, package.rows) == (b"", [], 7), "it says that it was, and of nobody"
        assert not any(model.objects.filter(schema_name=gone.schema_name).exists() for model in (Order, Hold, Case))
        assert list(Day.objects.filter(person_key=f"p{gone.id}").values_list("shares", flat=True)) == [{"e_other": 2}]
        assert not Day.objects.filter(person_key=f"q{gone.id}").exists()
        sent = FeedRecord.objects.filter(schema_name=gone.schema_name)
        assert {str(one.body) for one in sent.filter(subject=had["person"])} == {"{'destroyed': True}"}
        assert sent.filter(kind="ENTERPRISE").exclude(body={"destroyed": True}).exists(), "what is about the company stays"
        assert CertificateListing.objects.get(number=f"GONE-{gone.id}").body["name"] == "学**", "strangers verify on"
        assert AuditEvent.objects.filter(schema_name=gone.schema_name, action="enterprise.destroyed").count() == 1
        Day.objects.filter(person_key=f"p{gone.id}").delete()
    assert naming(gone) <= {place.partition(".")[0] for place in [*KEPT, *EMPTIED]}, (
        "nothing else names it, whatever its column is called"
    )
    assert gone.schema_name not in [site.schema_name for site in each_enterprise(include_suspended=True)], "no round enters"
    with platform_scope(), pytest.raises(DomainError) as refusal:
        seals.PROOFS.get().certificate(schema=gone.schema_name, code=f"gone{gone.id:08d}")
    assert (refusal.value.code, refusal.value.status) == ("destroyed", 410), "whoever wants the proof reads why there is none"
    with enterprise_scope(gone):
        assert list(everything_below(f"enterprises/{gone.schema_name}")) == []
    opened.forget()
    with enterprise_scope(gone), platform_scope(), pytest.raises((SealBroken, DomainError)):
        keys.unseal(had["sealed"], purpose="learner-id", owner=str(gone.uuid))


def test_the_certificate_lists_what_was_there_and_names_nobody(gone):
    fill(gone)
    waiting = due(gone)
    run(waiting)
    with platform_scope():
        row = planning.certified(waiting.uuid)
        assert certifying.is_genuine(row)
        body = json.loads(certifying.file(row))["certificate"]
        text = seals.opened(row.note, seals.verifiers())
    tables = {one["name"]: one for one in body["tables"]}
    assert tables["people_learner"]["rows"] == 1
    assert len(tables["people_learner"]["sha256"]) == 64
    assert body["files"]["count"] >= 1
    assert body["uploads"]["count"] == 1
    assert [one["number"] for one in body["keys"]] == [1]
    assert (body["packages"]["count"], body["packages"]["locked"]) == (1, 1)
    assert body["shared"]["regulators_feedrecord"] == 2
    assert [body["shared"][f"retention_{table}"] for table in ("package", "order", "hold")] == [1, 1, 1]
    assert body["kept"]["certificates"] == 1
    done_on = clock.shanghai_date(row.beat_at)
    assert body["copies"] == {
        "backup_days": 30, "version_days": 90,
        "backups_until": (done_on + timedelta(days=30)).isoformat(), "versions_until": (done_on + timedelta(days=90)).isoformat(),
    }, "it does not say that everything is gone while backups still hold it"  # fmt: skip
    assert (body["asked"]["name"], body["approved"]["name"]) == ("运营first", "运营second")
    assert "学员甲" not in canonical.encode(body).decode()
    assert text.startswith(f"{seals.log_name()}/destruction/{row.uuid}\n")
    with platform_scope():
        name = storage.key(f"destructions/{row.uuid}.json")
        assert default_storage.open(name).read() == certifying.file(row)
        row.contents["tables"][0]["rows"] += 1
        assert not certifying.is_genuine(row), "one altered figure is seen"


def test_the_doorbells_ring_where_the_owner_is_known(gone, monkeypatch):
    """The tasks as the schedule sends them."""
    from infra.wiring.celery import app
    from public.lifecycle import tasks

    waiting = due(gone)
    names = {one["task"] for one in app.conf.beat_schedule.values()}
    assert {"lifecycle.review_ends", "lifecycle.destroy"} <= names & set(app.tasks)
    with platform_scope():
        for at in (waiting.starts_at, waiting.starts_at + running.SETTLE):
            monkeypatch.setattr(clock, "now", lambda at=at: at)
            tasks.destroy()
        assert planning.one(waiting.uuid).state == "DONE"
        assert tasks.review_ends() == 0, "nothing more is said of it"


class Killed(BaseException):
    """The worker is gone: nothing catches this."""


@pytest.mark.parametrize("step", ["LIST", "KEYS", "COURSES", "FILES", "ROWS", "SCHEMA", "CERTIFICATE"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_worker_that_dies_anywhere_costs_one_step(gone, monkeypatch, step, when):
    had = fill(gone, with_course=True)
    waiting = due(gone)
    real = running._STEPS.get(step)

    def dies(row: Any, at: Any) -> Any:
        if when == "after" and real is not None:
            real(row, at)
        raise Killed

    def dies_certifying(row: Any, *, at: Any) -> None:
        if when == "after":
            certifying_keep(row, at=at)
        raise Killed

    certifying_keep = certifying.keep
    with monkeypatch.context() as patched:
        if real is None:
            patched.setattr(certifying, "keep", dies_certifying)
        else:
            patched.setitem(running._STEPS, step, dies)
        with pytest.raises(Killed):
            run(waiting)
    with platform_scope():
        cut = Destruction.objects.get(pk=waiting.pk)
        assert (cut.state, cut.step) == ("RUNNING", step)
        with pytest.raises(DomainError):
            planning.certified(waiting.uuid)
    assert run(waiting) == 1
    assert run(waiting) == 0, "safe to ring again"
    assert schema_and_role(gone) == (False, False)
    with platform_scope():
        row = planning.certified(waiting.uuid)
        assert certifying.is_genuine(row)
        assert {one["name"]: one["rows"] for one in row.contents["tables"]}["people_learner"] == 1
        assert row.contents["files"]["count"] >= 1, "the list is of before, whatever had gone already"
        assert row.contents["shared"]["monitor_sitting"] == 1
        assert row.contents["courses"]["films"]["count"] == 1
        assert not Course.objects.filter(provider_schema=gone.schema_name).exists()
        assert not default_storage.exists(had["own"].file)
        assert not FeedRecord.objects.filter(subject=had["person"]).exclude(body={"destroyed": True}).exists()
        assert AuditEvent.objects.filter(schema_name=gone.schema_name, action="enterprise.destroyed").count() == 1
        Day.objects.filter(person_key=f"p{gone.id}").delete()


def test_a_file_that_cannot_be_deleted_is_not_certified_as_gone(gone):
    """Folders that somebody moved to another disk: what the store leaves behind is seen, and deleted once it lets go."""
    had = fill(gone)
    waiting = due(gone)
    with platform_scope():
        row = Upload.objects.get(uuid=had["upload"])
        lies = Path(default_storage.path(name_of(row)))
        lies.parent.mkdir(parents=True, exist_ok=True)
        lies.write_bytes(b"a scan of a person")
        moved = lies.parent.rename(lies.parent.with_name(f"{row.uuid}-moved"))
        lies.parent.symlink_to(moved)
    assert run(waiting) == 0
    with platform_scope():
        assert planning.one_by_id(waiting.pk).step == "FILES"
        assert Upload.objects.filter(uuid=row.uuid).exists(), "the next try finds it by its row"
        lies.parent.unlink()
        moved.rename(lies.parent)
    assert run(waiting) == 1
    assert not lies.exists()


def test_each_step_is_written_down_as_of_when_it_was_done(gone, monkeypatch):
    """A store may take hours: nobody certifies that files were gone while they still lay there."""
    fill(gone)
    waiting = due(gone)
    real = running._STEPS["FILES"]

    def slow(row: Any, at: Any) -> Any:
        time.sleep(1.5)
        return real(row, at)

    monkeypatch.setitem(running._STEPS, "FILES", slow)
    run(waiting)
    with platform_scope():
        steps = AuditEvent.objects.filter(schema_name=gone.schema_name, action="enterprise.destruction_step").order_by("at")
        times = {one.details["step"]: one.at for one in steps}
        row = planning.certified(waiting.uuid)
        assert list(times) == ["LIST", "KEYS", "COURSES", "FILES", "ROWS", "SCHEMA"]
        assert times["FILES"] - times["COURSES"] >= timedelta(seconds=1.5)
        assert row.ended_at >= row.beat_at == times["SCHEMA"]
        assert certifying.is_genuine(row)


def test_the_enterprise_is_locked_before_its_rows_are_cleared(gone):
    fill(gone)
    waiting = due(gone)
    with platform_scope():
        assert running.begin(waiting.pk, at=waiting.starts_at)
        with CaptureQueriesContext(connection) as seen:
            running._rows(planning.one_by_id(waiting.pk), waiting.starts_at)
    wanted = [one["sql"] for one in seen.captured_queries if "FOR UPDATE" in one["sql"] or "destruction_forget" in one["sql"]]
    assert 'FROM "tenants_enterprise"' in wanted[0]
    assert sum("destruction_forget" in one for one in wanted) == len(running.SHARED)


def test_it_does_not_begin_while_somebody_writes_for_long_and_lets_the_others_write(gone):
    waiting = due(gone)
    with owner_connection() as other, platform_scope():
        with other.transaction():
            other.execute("LOCK TABLE public.complaints_complaint IN ROW EXCLUSIVE MODE")
            with pytest.raises(OperationalError, match="lock timeout"):
                running.begin(waiting.pk, at=waiting.starts_at)
            assert running.carry_on(at=waiting.starts_at) == 0, "the next round tries again"
        assert planning.one_by_id(waiting.pk).state == "WAITING"
        assert running.begin(waiting.pk, at=waiting.starts_at)


def test_two_workers_at_once_do_not_get_in_each_others_way(gone):
    fill(gone)
    waiting = due(gone)
    with platform_scope():
        assert running.begin(waiting.pk, at=waiting.starts_at)
    name = f"{gone.schema_name}:destruction"
    with psycopg.connect(**connection.get_connection_params(), autocommit=True) as other:
        other.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [name])
        assert run(waiting) == 0
        assert schema_and_role(gone) == (True, True)
    assert run(waiting) == 1
    with platform_scope():
        Day.objects.filter(person_key=f"p{gone.id}").delete()


def test_its_company_may_sign_up_anew_and_its_address_stays_taken(gone):
    from tenants.opening import open_enterprise
    from tenants.subdomains import BadSubdomain
    from tests.tenants.ground import application_of, opened

    waiting = due(gone)
    run(waiting)
    again = application_of(f"{PREFIX}house")
    with pytest.raises(BadSubdomain):
        open_enterprise(again, at=clock.now())
    other = opened(type(again)(again.name, again.uscc, f"{PREFIX}again", "C34", "GENERAL", "330106"), at=clock.now())
    assert other.uscc == gone.uscc


def test_the_database_lets_nothing_go_of_anybody_else(gone, yi):
    """While one is destroyed the neighbour's rows stay, whoever asks."""
    had = fill(gone)
    waiting = due(gone)
    with platform_scope():
        assert running.begin(waiting.pk, at=waiting.starts_at)
    for statement in (
        ["SELECT public.destruction_forget(%s, 'regulators_feedrecord')", [yi.schema_name]],
        ["SELECT public.destruction_forget(%s, 'seals_head')", [gone.schema_name]],
        ["UPDATE public.tenants_datakey SET wrapped = '', destroyed_at = now() WHERE schema_name = %s", ["platform"]],
        ["UPDATE public.regulators_feedrecord SET body = '{}' WHERE schema_name = %s", [gone.schema_name]],
    ):
        with using(PLATFORM), pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(*statement)
    with enterprise_scope(yi), pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT public.destruction_forget(%s, 'monitor_mark')", [gone.schema_name])
    with using(PLATFORM):
        assert {one.body["name"] for one in FeedRecord.objects.filter(subject=had["person"])} == {"学员甲", "学**"}
        Day.objects.filter(person_key__in=[f"p{gone.id}", f"q{gone.id}"]).delete()
        Lease.objects.filter(schema_name=gone.schema_name).delete()


def test_before_it_runs_no_key_is_emptied_and_no_record_forgets(db, jia):
    with enterprise_scope(jia):
        keys.seal(b"x", purpose="learner-id")
    with platform_scope(), pytest.raises(ProgrammingError), transaction.atomic():
        keys.destroy(str(jia.uuid), at=NOON)
    with platform_scope(), pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT public.destruction_forget(%s, 'monitor_mark')", [jia.schema_name])
