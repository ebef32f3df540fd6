"""The audit log: written in one's own place, seen by nobody next door, never changed."""

import pytest
from django.db import transaction
from django.db.utils import ProgrammingError

from public.audit import api as audit
from public.audit.models import AuditEvent
from tenants.scope import enterprise_scope
from tests.conftest import NOON


@pytest.mark.req("R5.4")
def test_an_event_is_seen_where_it_happened_and_not_next_door(db, jia, yi):
    with enterprise_scope(jia):
        audit.record("plans.opened", actor="manager:1", target="plan:7", at=NOON, ip="10.0.0.1", courses=2)
        event = AuditEvent.objects.get(action="plans.opened", target="plan:7")
        assert (event.actor, event.ip, event.details, event.schema_name) == (
            "manager:1",
            "10.0.0.1",
            {"courses": 2},
            jia.schema_name,
        )
    with enterprise_scope(yi):
        assert not AuditEvent.objects.filter(target="plan:7").exists()


@pytest.mark.req("R5.4")
def test_an_event_is_never_changed(in_jia):
    audit.record("plans.opened", actor="manager:1", target="plan:8", at=NOON)
    with pytest.raises(ProgrammingError), transaction.atomic():
        AuditEvent.objects.filter(target="plan:8").update(actor="somebody")
    with pytest.raises(ProgrammingError), transaction.atomic():
        AuditEvent.objects.filter(target="plan:8").delete()


def test_the_platform_writes_for_itself_or_for_an_enterprise(platform, jia):
    audit.record("desk.suspended", actor="credential:1", target="enterprise:1", at=NOON, schema_name=jia.schema_name)
    audit.record("desk.signed_in", actor="credential:1", target="credential:1", at=NOON)
    found = dict(
        AuditEvent.objects.filter(at=NOON, actor="credential:1", action__startswith="desk.").values_list("action", "schema_name")
    )
    assert found == {"desk.suspended": jia.schema_name, "desk.signed_in": "public"}
