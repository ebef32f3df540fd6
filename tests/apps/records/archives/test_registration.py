"""Somebody's file begins with the registration: one by one, or thousands at once."""

from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from apps.people import services
from apps.people.models import Learner
from apps.records import api as records
from apps.records import rules
from apps.records.models import LedgerEntry
from infra.kit import canonical
from tests.apps.plans import ground
from tests.conftest import NOON

pytestmark = pytest.mark.req("R4.1")


def test_a_new_learner_s_chain_begins_with_masked_facts(in_jia):
    view = ground.learner(1, unit_path="生产部", position="操作工")
    (entry,) = records.entries_of(view.uuid)
    assert (entry.kind, entry.n, entry.body["event"], entry.body["unit"]) == ("REGISTRATION", 1, "registered", "生产部")
    said = str(entry.body)
    assert ground.resident_id(1) not in said
    assert "13800000001" not in said
    assert view.name not in said
    assert records.verify_chain(view.uuid).is_whole


def test_changing_and_archiving_somebody_begins_nothing_anew(in_jia):
    view = ground.learner(1)
    services.archive_learner(learner_uuid=view.uuid, at=NOON)
    services.restore_learner(learner_uuid=view.uuid, at=NOON)
    assert len(records.entries_of(view.uuid)) == 1


def test_many_chains_begin_in_a_statement_for_a_thousand_and_each_is_whole(in_jia):
    before = LedgerEntry.objects.count()
    bodies = [(uuid4(), {"event": "registered", "unit": f"第 {n} 车间"}) for n in range(1_500)]
    with CaptureQueriesContext(connection) as seen:
        records.append_first(kind="REGISTRATION", bodies=bodies, at=NOON)
    assert len([one for one in seen if one["sql"].lstrip().startswith("INSERT")]) == 2
    assert LedgerEntry.objects.count() == before + 1_500
    assert all(records.verify_chain(subject).is_whole for subject, _body in bodies[::100])
    records.append_entry(kind="CONSENT", subject=bodies[0][0], body={"event": "chosen"}, at=NOON)
    assert records.verify_chain(bodies[0][0]).entries == 2
    with pytest.raises(IntegrityError), transaction.atomic():
        records.append_first(kind="REGISTRATION", bodies=bodies[:1], at=NOON)


def test_what_is_hashed_is_the_same_whichever_way_it_was_made():
    body, subject = {"名": '引号"与\\斜线', "n": 1, "z": [None, True]}, uuid4()
    one = rules.entry_bytes(rules.FIRST, subject=subject, n=1, kind="REGISTRATION", body=body, at=NOON)
    said = canonical.encode(body)
    assert rules.entry_bytes_said(rules.FIRST, subject=subject, n=1, kind="REGISTRATION", said=said, at=NOON) == one


def test_samples_have_no_file(in_jia):
    from apps.people import samples

    samples.add_samples(unit="示例车间", people=[("示例甲", "操作工")], at=NOON)
    invented = list(Learner.objects.filter(sample=True).values_list("uuid", flat=True))
    assert invented
    assert not LedgerEntry.objects.filter(subject__in=invented).exists()
