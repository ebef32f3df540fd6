"""The record only grows, for everybody; what was changed behind its back is found and named."""

import threading
from uuid import uuid4

import psycopg
import pytest
from django.db import connection, connections, transaction
from django.db.utils import DatabaseError, ProgrammingError

from apps.records import api as records
from apps.records.models import LedgerEntry
from public.regulators.models import FeedRecord
from tenants.database.provision import owner_connection
from tenants.scope import enterprise_scope
from tests.apps.plans.ground import NOON

TABLES = ("records_ledgerentry", "records_certificate")
CHANGES = ("UPDATE {} SET body = '{{}}'", "DELETE FROM {}", "TRUNCATE {} CASCADE")


def append(subject, n=1):
    return records.append_entry(kind="STUDY_SESSION", subject=subject, body={"effective_ms": n * 1000}, at=NOON)


@pytest.mark.req("R4.1")
def test_entries_are_numbered_and_chained_for_each_learner(in_jia):
    one, two = uuid4(), uuid4()
    assert [append(one, n).n for n in (1, 2, 3)] == [1, 2, 3]
    assert append(two).n == 1
    rows = list(LedgerEntry.objects.filter(subject=one).order_by("n"))
    assert [bytes(row.prev) for row in rows] == [bytes(32), *(bytes(row.hash) for row in rows[:2])]
    report = records.verify_chain(one)
    assert (report.is_whole, report.entries) == (True, 3)


def test_refuses_an_unknown_kind_and_writes_nothing(in_jia):
    subject = uuid4()
    with pytest.raises(ValueError, match="WHATEVER"):
        records.append_entry(kind="WHATEVER", subject=subject, body={}, at=NOON)
    assert records.entries_of(subject) == []


@pytest.mark.req("R4.1")
def test_the_authority_s_feed_gets_the_same_entry(in_jia):
    subject = uuid4()
    append(subject, 7)
    record = FeedRecord.objects.get(subject=subject)
    assert (record.kind, record.body) == ("SESSION", {"effective_ms": 7000})


def test_a_refused_transaction_leaves_neither_entry_nor_feed(in_jia):
    subject = uuid4()
    with transaction.atomic():
        append(subject)
        transaction.set_rollback(True)
    assert records.entries_of(subject) == []
    assert not FeedRecord.objects.filter(subject=subject).exists()


@pytest.mark.req("R4.2")
@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("change", CHANGES)
def test_the_enterprise_s_role_may_not_change_the_record(in_jia, table, change):
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change.format(table))


@pytest.mark.req("R4.2")
@pytest.mark.parametrize("change", CHANGES)
def test_even_the_owner_of_the_tables_may_not_change_the_record(jia, change):
    subject = uuid4()
    with enterprise_scope(jia):
        append(subject)
    with owner_connection() as db:
        db.execute(f'SET search_path TO "{jia.schema_name}", public')
        for role in ("origin", "replica"):
            db.execute(f"SET session_replication_role = {role}")
            with pytest.raises(psycopg.Error, match=r"only grows|append|refuse"):
                db.execute(change.format("records_ledgerentry"))
    with enterprise_scope(jia):
        assert records.verify_chain(subject).entries == 1


def tamper(jia, sql, *values):
    with owner_connection() as db:
        db.execute(f'SET search_path TO "{jia.schema_name}", public')
        db.execute("ALTER TABLE records_ledgerentry DISABLE TRIGGER only_grows")
        db.execute(sql, values)
        db.execute("ALTER TABLE records_ledgerentry ENABLE ALWAYS TRIGGER only_grows")


@pytest.mark.req("R4.2")
@pytest.mark.parametrize(
    ("sql", "broken"),
    [
        ("UPDATE records_ledgerentry SET body = '{\"effective_ms\": 9}' WHERE subject = %s AND n = 2", 2),
        ("UPDATE records_ledgerentry SET at = at + interval '1 second' WHERE subject = %s AND n = 3", 3),
        ("DELETE FROM records_ledgerentry WHERE subject = %s AND n = 1", 1),
    ],
)
def test_finds_what_was_changed_behind_the_triggers_and_names_the_entry(jia, sql, broken):
    subject = uuid4()
    with enterprise_scope(jia):
        for n in (1, 2, 3):
            append(subject, n)
        tamper(jia, sql, subject)
        report = records.verify_chain(subject)
    assert report.broken_n == broken
    assert str(broken) in report.reason


@pytest.mark.req("R4.2")
def test_appends_at_the_same_time_keep_one_chain(jia):
    subject, failures = uuid4(), []

    def work():
        try:
            with enterprise_scope(jia):
                for n in range(10):
                    append(subject, n)
        except DatabaseError as error:
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with enterprise_scope(jia):
        report = records.verify_chain(subject)
    assert (report.is_whole, report.entries) == (True, 40)


@pytest.mark.req("R5.7")
def test_the_neighbour_sees_no_entry_and_no_certificate(db, jia, yi):
    subject = uuid4()
    with enterprise_scope(jia):
        append(subject)
    with enterprise_scope(yi):
        assert records.entries_of(subject) == []
        assert records.certificates_of(subject) == []


def test_what_tells_a_person_for_ever_goes_to_the_authority_and_not_into_the_ledger(in_jia):
    subject, key = uuid4(), "a" * 64
    entry = records.append_entry(kind="STUDY_SESSION", subject=subject, body={"effective_ms": 1, "person_key": key}, at=NOON)
    assert entry.body == records.entries_of(subject)[0].body == {"effective_ms": 1}
    assert FeedRecord.objects.get(subject=subject).body["person_key"] == key
    assert records.verify_chain(subject).is_whole
