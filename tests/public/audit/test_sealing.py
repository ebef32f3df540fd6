"""What was written into the log is signed outside the database: each altered, removed or added event is named."""

import shutil
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.db import connection

from public.audit import api as audit
from public.audit import sealing
from public.audit.models import Sealed
from public.seals import api as seals
from tenants.database.provision import owner_connection
from tenants.scope import platform_scope
from tests.conftest import NOON

pytestmark = [pytest.mark.req("R5.4"), pytest.mark.req("R5.7")]


@pytest.fixture
def clean(database):
    """The log of earlier tests sealed or not, this test's heads are its own: events and heads commit, so they are cleared as the owner."""
    _clear()
    yield
    _clear()


def _clear():
    with owner_connection() as db, db.transaction():
        db.execute("SET LOCAL session_replication_role = replica")
        db.execute("ALTER TABLE public.audit_event DISABLE TRIGGER USER")
        for table in ("audit_sealed", "seals_copy", "seals_placed", "seals_head", "seals_loghead"):
            db.execute(f"ALTER TABLE public.{table} DISABLE TRIGGER USER")
        db.execute("DELETE FROM public.audit_event WHERE action LIKE 'sealed.%'")
        db.execute("DELETE FROM public.audit_sealed")
        db.execute(
            "DELETE FROM public.seals_copy WHERE head_id IN (SELECT id FROM public.seals_head WHERE schema_name = 'audit')"
        )
        db.execute(
            "DELETE FROM public.seals_placed WHERE head_id IN (SELECT id FROM public.seals_head WHERE schema_name = 'audit')"
        )
        db.execute("DELETE FROM public.seals_head WHERE schema_name = 'audit'")
        for table in ("audit_sealed", "seals_copy", "seals_placed", "seals_head", "seals_loghead"):
            db.execute(f"ALTER TABLE public.{table} ENABLE ALWAYS TRIGGER only_grows")
            db.execute(f"ALTER TABLE public.{table} ENABLE ALWAYS TRIGGER only_grows_t")
        db.execute("ALTER TABLE public.audit_event ENABLE ALWAYS TRIGGER only_grows")
        db.execute("ALTER TABLE public.audit_event ENABLE ALWAYS TRIGGER only_grows_t")
    where = Path(default_storage.path("public/seals/audit")) if hasattr(default_storage, "path") else None
    if where and where.exists():
        shutil.rmtree(where)


def write(count=3):
    with platform_scope():
        for n in range(count):
            audit.record("sealed.trial", actor="operator:1", target=f"case:{n}", at=NOON, rows=n)


def sealed():
    with platform_scope():
        done = sealing.seal(at=NOON)
        seals.settle(at=NOON, everything=True)
        return done


def problems():
    with platform_scope():
        return [problem.words for problem in audit.verify(seals.verifiers())]


def as_owner(sql):
    with owner_connection() as db, db.transaction():
        db.execute("ALTER TABLE public.audit_event DISABLE TRIGGER USER")
        db.execute(sql)
        db.execute("ALTER TABLE public.audit_event ENABLE ALWAYS TRIGGER only_grows")
        db.execute("ALTER TABLE public.audit_event ENABLE ALWAYS TRIGGER only_grows_t")


@pytest.mark.django_db(transaction=True)
def test_seals_everything_once_and_finds_each_kind_of_tampering(clean):
    write()
    assert sealed() >= 3
    assert sealed() == 0
    write(2)
    assert sealed() == 2
    assert problems() == []
    one = "(SELECT no FROM public.audit_event WHERE action = 'sealed.trial' ORDER BY no LIMIT 1)"
    as_owner(f"UPDATE public.audit_event SET actor = 'operator:9' WHERE no = {one}")
    assert problems() == ["it was altered"]
    as_owner(f"UPDATE public.audit_event SET actor = 'operator:1' WHERE no = {one}")
    assert problems() == []
    as_owner(
        "INSERT INTO public.audit_event (uuid, schema_name, at, actor, action, target, xact) SELECT gen_random_uuid(), 'public', at,"
        f" 'operator:3', 'sealed.false', 'case:8', xact FROM public.audit_event WHERE no = {one}"
    )
    assert problems() == ["it was put in after the head was signed"]
    as_owner("DELETE FROM public.audit_event WHERE action = 'sealed.false'")
    as_owner(f"DELETE FROM public.audit_event WHERE no = {one}")
    assert problems() == ["it is gone"]


@pytest.mark.django_db(transaction=True)
def test_after_a_restore_into_another_cluster_new_events_are_sealed_still(clean):
    write(1)
    sealed()
    with platform_scope():
        last = Sealed.objects.order_by("-size").first()
        far = {field.attname: getattr(last, field.attname) for field in Sealed._meta.concrete_fields}
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_current_xact_id()::text::bigint")
            beyond = cursor.fetchone()[0] + 1_000_000
        Sealed.objects.create(**{**far, "size": last.size + 1, "count": 0, "to_xact": beyond})
    write(2)
    with platform_scope():
        assert len(sealing._read(sealing._NEXT, ["0", 0, far["top_no"]])) == 2
