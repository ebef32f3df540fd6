"""What was written into the log is signed outside the database: each altered, removed or added event is named."""

from datetime import timedelta

import pytest
from django.db import connection

from infra.kit import clock
from public.audit import api as audit
from public.audit import sealing
from public.audit.models import Sealed
from public.seals import api as seals
from tenants.database.provision import owner_connection
from tenants.scope import platform_scope
from tests.conftest import NOON

pytestmark = [pytest.mark.req("R5.4"), pytest.mark.req("R5.7")]
INSERT = """
INSERT INTO public.audit_event (uuid, schema_name, at, actor, action, target)
VALUES (gen_random_uuid(), 'public', now(), 'operator:1', 'sealed.trial', 'case:1') RETURNING no
"""


def sealed() -> int:
    with platform_scope():
        done = sealing.seal(at=clock.now())
        seals.settle(at=clock.now(), everything=True)
        return done


def problems(no: int) -> list[str]:
    with platform_scope():
        return [problem.words for problem in audit.verify(seals.verifiers()) if problem.no == no]


def as_owner(sql: str, *values: object) -> None:
    """Alter what nobody may, as whoever owns the database could."""
    with owner_connection() as db, db.transaction():
        db.execute("ALTER TABLE public.audit_event DISABLE TRIGGER USER")
        db.execute(sql, values)
        db.execute("ALTER TABLE public.audit_event ENABLE ALWAYS TRIGGER only_grows, ENABLE ALWAYS TRIGGER only_grows_t")


@pytest.fixture
def written(database: None) -> list[int]:
    """Numbers of two events that are committed, as those of other connections are."""
    with owner_connection() as db:
        return [int(db.execute(INSERT).fetchone()[0]) for _ in range(2)]


def test_seals_everything_once_and_finds_each_kind_of_tampering(written):
    assert sealed() >= 2
    assert sealed() == 0
    no = written[0]
    assert problems(no) == []
    as_owner("UPDATE public.audit_event SET actor = 'operator:9' WHERE no = %s", no)
    assert problems(no) == ["it was altered"]
    as_owner("UPDATE public.audit_event SET actor = 'operator:1', no = -no WHERE no = %s", no)
    assert problems(no) == ["it is gone"]
    as_owner("UPDATE public.audit_event SET no = -no WHERE no = %s", -no)
    assert problems(no) == [], "everything is as it was"
    false = 1_000_000_000 + no
    as_owner(
        "INSERT INTO public.audit_event (uuid, schema_name, at, actor, action, target, no, xact) SELECT gen_random_uuid(), 'public',"
        " at, 'operator:3', 'sealed.false', 'case:8', %s, xact FROM public.audit_event WHERE no = %s",
        false,
        no,
    )
    try:
        later = problems(false)
    finally:
        as_owner("DELETE FROM public.audit_event WHERE no = %s", false)
    assert later in (["it was put in after the head was signed"], []), "beyond the end of its head it waits for the next one"


def test_after_a_restore_into_another_cluster_new_events_are_sealed_still(written, platform):
    sealing.seal(at=NOON)
    last = Sealed.objects.order_by("-size").first()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
        beyond = cursor.fetchone()[0] + 1_000_000
    before = {field.attname: getattr(last, field.attname) for field in Sealed._meta.concrete_fields}
    Sealed.objects.create(**{**before, "size": last.size + 1, "to_xact": beyond, "top_no": written[1] - 1})
    # The head of that size is a trial's: what counts is which events the next turn takes up.
    found = sealing._read(sealing._NEXT, ["0", 0, written[1] - 1])
    assert written[1] in [row.no for row in found]


def test_what_is_sealed_only_grows(written):
    sealed()
    with platform_scope(), pytest.raises(Exception, match="permission denied"):
        Sealed.objects.update(count=0)


def test_each_verification_is_written_down_and_what_is_wrong_stands_first_on_the_auditor_s_desk(written):
    sealed()
    with platform_scope():
        before = sealing.verify_and_note(since=None, at=clock.now())  # other tests may have left some
        (told,) = audit.search(audit.Wanted(action="audit.verified"), most=1).rows
        assert (told.details["problems"], told.details["everything"]) == (before, True)
        assert told.result == ("FAILED" if before else "DONE")
    as_owner("UPDATE public.audit_event SET actor = 'operator:9' WHERE no = %s", written[0])
    try:
        with platform_scope():
            assert sealing.verify_and_note(since=clock.now() - timedelta(days=2), at=clock.now()) == before + 1
            (told,) = audit.search(audit.Wanted(action="audit.verified"), most=1).rows
            assert told.result == "FAILED"
            assert any(f"/{written[0]}: it was altered" in line for line in told.details["first"])
    finally:
        as_owner("UPDATE public.audit_event SET actor = 'operator:1' WHERE no = %s", written[0])


def test_what_was_sealed_before_a_day_is_not_opened_again_for_the_nights_look(written):
    sealed()
    with platform_scope():
        assert audit.verify(seals.verifiers(), since=clock.now() + timedelta(hours=1)) == []
        size, at = audit.state()
        assert size >= 2
        assert at is not None
