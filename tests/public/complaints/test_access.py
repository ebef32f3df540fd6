"""What an enterprise keeps of a complainant is read per case, by leave of a second person, until an end, and the enterprise can see it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from public.audit.models import AuditEvent
from public.complaints import access, deciding, queries
from public.complaints.models import AccessGrant
from public.complaints.shapes import Contact
from public.complaints.views import actions
from public.operators.api import Me
from tenants.scope import enterprise_scope, platform_scope
from tests.apps.plans import ground
from tests.public.complaints.ground import ME, NOON, OTHER, REASON, accepted, desk, kinds, refused, row

pytestmark = [pytest.mark.req("R5.7"), pytest.mark.req("R6.1.6")]
HOUR = timedelta(hours=1)
WHY = "需要核对学时是否漏记"


@pytest.fixture
def person(db, jia) -> Any:
    with enterprise_scope(jia):
        return ground.learner(1, "学员独一")


@pytest.fixture
def case(person, jia) -> UUID:
    return accepted(schema_name=jia.schema_name, subject=person.uuid)


@pytest.fixture
def grant(case) -> UUID:
    with platform_scope():
        return access.ask(complaint=case, reason=WHY, hours=24, desk=desk(ME))


def text_of(blocks: Any) -> str:
    return " ".join(f"{block.title} {block.facts} {block.rows}" for block in blocks)


def test_leave_is_given_by_somebody_else_and_each_look_stands_in_both_logs(case, grant, jia):
    with platform_scope():
        with refused("not_granted"):
            access.read(grant=grant, desk=desk(ME))
        with refused("own_request"):
            access.decide(grant=grant, allow=True, desk=desk(ME))
        access.decide(grant=grant, allow=True, desk=desk(OTHER))
        assert "学员独一" in text_of(access.read(grant=grant, desk=desk(ME, NOON + HOUR)))
        assert kinds(case)[-3:] == ["ACC_ASKED", "ACC_GRANT", "ACC_READ"]
    with enterprise_scope(jia):
        seen = list(AuditEvent.objects.filter(target=f"grant:{grant}").order_by("at").values_list("action", "actor"))
        assert seen == [("complaints.access_granted", "operator:700002"), ("complaints.record_read", "operator:700001")]
        told = str(list(AuditEvent.objects.filter(target=f"grant:{grant}").values_list("details", flat=True)))
        assert WHY not in told
        assert row(case).number not in told


def test_a_complainant_who_called_is_found_by_the_number_only(person, jia):
    called = accepted(schema_name=jia.schema_name, contact=Contact("学员独一", "13800000001"))
    stranger = accepted(schema_name=jia.schema_name, contact=Contact("谁", "13999999999"))
    with platform_scope():
        for uuid, found in ((called, True), (stranger, False)):
            grant = access.ask(complaint=uuid, reason=WHY, hours=1, desk=desk(ME))
            access.decide(grant=grant, allow=True, desk=desk(OTHER))
            if found:
                assert "学员独一" in text_of(access.read(grant=grant, desk=desk(ME)))
            else:
                with refused("no_learner"):
                    access.read(grant=grant, desk=desk(ME))
                assert kinds(uuid)[-1] == "ACC_READ", "that somebody looked is kept also where nothing was found"


def test_leave_ends_with_its_time_for_others_and_with_the_case(case, grant):
    with platform_scope():
        access.decide(grant=grant, allow=True, desk=desk(OTHER))
        with refused("not_granted"):
            access.read(grant=grant, desk=desk(ME, NOON + 25 * HOUR))
        with refused("other_reader"):
            access.read(grant=grant, desk=desk(OTHER))
        deciding.decide(complaint=case, outcome="UPHELD", reason=REASON, desk=desk())
        with refused("not_granted"):
            access.read(grant=grant, desk=desk(ME))
        assert "ACC_READ" not in kinds(case)


def test_a_leave_that_ran_out_makes_room_for_another(case, grant):
    with platform_scope():
        access.decide(grant=grant, allow=True, desk=desk(OTHER))
        access.ask(complaint=case, reason=WHY, hours=1, desk=desk(ME, NOON + 25 * HOUR))
        assert sorted(AccessGrant.objects.values_list("state", flat=True)) == ["ASKED", "ENDED"]


def test_no_leave_is_asked_for_where_nobody_can_be_found(person, jia):
    nameless = accepted(schema_name=jia.schema_name, contact=Contact(mail="xueyuan@example.com"))
    with platform_scope():
        with refused("nobody_named"):
            access.ask(complaint=nameless, reason=WHY, hours=24, desk=desk(ME))
        offered = actions.offered(queries.detail(nameless, at=NOON), ME)
        assert not AccessGrant.objects.exists()
    assert "access" not in {one.action.name for one in offered}
    assert kinds(nameless) == ["FILED", "ACCEPTED"]


def test_one_open_leave_at_a_time_and_never_without_an_enterprise(case, grant):
    with platform_scope():
        with refused("asked"):
            access.ask(complaint=case, reason=WHY, hours=1, desk=desk(OTHER))
        access.end(grant=grant, desk=desk(ME))
        access.ask(complaint=case, reason=WHY, hours=1, desk=desk(OTHER))
        with refused("no_enterprise"):
            access.ask(complaint=accepted(), reason=WHY, hours=1, desk=desk())


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"reason": "看看"}, "reason_missing"),
        ({"hours": 73}, "bad_hours"),
        ({"desk": desk(Me(700_009, "作者甲", "AUTHOR"))}, "forbidden"),
    ],
)
def test_refuses_without_reason_right_or_end_and_writes_nothing(case, changes, code):
    with platform_scope(), refused(code):
        access.ask(**{"complaint": case, "reason": WHY, "hours": 24, "desk": desk(), **changes})
    with platform_scope():
        assert not AccessGrant.objects.exists()


def test_the_database_refuses_one_person_as_both(case, grant):
    with platform_scope(), pytest.raises(IntegrityError), transaction.atomic():
        AccessGrant.objects.filter(uuid=grant).update(
            state="GRANTED", decided_by=ME.credential_id, decided_at=NOON, expires_at=NOON + HOUR
        )


def test_the_enterprise_sees_that_somebody_looked_and_not_for_which_complaint(case, grant, jia, yi):
    from apps.people import api as people

    with platform_scope():
        access.decide(grant=grant, allow=True, desk=desk(OTHER))
        access.read(grant=grant, desk=desk(ME))
    shown = {}
    for site in (jia, yi):
        with enterprise_scope(site):
            owner = people.open_owner(name="安全员", mobile="13900000000", password=None, at=NOON)
        shown[site.subdomain] = ground.browser(site, owner).get("/console/people/platform-access").content.decode()
    assert "调阅一名学员的档案" in shown[jia.subdomain]
    assert WHY not in shown[jia.subdomain]
    assert row(case).title not in shown[jia.subdomain]
    assert "平台没有调阅过" in shown[yi.subdomain]
