"""Papers are looked at by two operators; a refusal says why, and a next round follows."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from django.test import TestCase

from infra.kit.errors import DomainError
from public.audit.models import AuditEvent
from public.lifecycle import queries, verifying
from public.lifecycle.models import Closure, Paper, Turn, Verification, Visit
from public.lifecycle.rules import LOOKS
from tenants.models import Enterprise
from tenants.scope import enterprise_scope, platform_scope
from tests.public.lifecycle.ground import both_pass, by, desk, hand_in, told
from tests.public.rights.ground import scan

pytestmark = pytest.mark.req("R5.7")


def refusal_of(act: Any) -> DomainError:
    with pytest.raises(DomainError) as caught, platform_scope(), transaction.atomic():
        act()
    return caught.value


def state(uuid: Any) -> dict[str, Any]:
    with platform_scope():
        return Verification.objects.values().get(uuid=uuid)


def test_two_people_look_and_then_the_enterprise_is_verified(db, jia):
    uuid = hand_in(jia)
    with platform_scope():
        assert verifying.passes(verification=uuid, looks=LOOKS, note_="执照副本", desk=desk("first")).state == "CHECKED"
        assert Enterprise.objects.get(pk=jia.id).verified_at is None, "one look is not enough"
        assert verifying.passes(verification=uuid, looks=LOOKS, note_="", desk=desk("second")).state == "APPROVED"
        assert Enterprise.objects.get(pk=jia.id).verified_at is not None
    with enterprise_scope(jia):
        told = list(
            AuditEvent.objects.filter(target=f"enterprise:{jia.uuid}").order_by("at", "action").values_list("action", flat=True)
        )
    assert sorted(told) == ["enterprise.verification_checked", "enterprise.verification_submitted", "enterprise.verified"]


def test_who_looked_first_does_not_look_second(db, jia):
    uuid = hand_in(jia)
    with platform_scope():
        verifying.passes(verification=uuid, looks=LOOKS, note_="", desk=desk("first"))
    before = state(uuid)
    for act in (
        lambda: verifying.passes(verification=uuid, looks=LOOKS, note_="", desk=desk("first")),
        lambda: verifying.refuse(verification=uuid, reasons=["NAME"], words="", desk=desk("first")),
    ):
        assert (refusal_of(act).code, refusal_of(act).status) == ("own_look", 403)
    assert state(uuid) == before
    with platform_scope(), pytest.raises(IntegrityError), transaction.atomic():
        Verification.objects.filter(uuid=uuid).update(second_by=before["first_by"])


@pytest.mark.parametrize("role", ["AUTHOR", "REVIEWER"])
def test_only_operations_look(db, jia, role):
    uuid = hand_in(jia)
    before = state(uuid)
    assert (
        refusal_of(lambda: verifying.passes(verification=uuid, looks=LOOKS, note_="", desk=desk(role, role=role))).code
        == "forbidden"
    )
    assert state(uuid) == before


def test_nothing_passes_with_a_look_missing(db, jia):
    uuid = hand_in(jia)
    before = state(uuid)
    assert refusal_of(lambda: verifying.passes(verification=uuid, looks=LOOKS[1:], note_="", desk=desk())).code == "looks_missing"
    assert state(uuid) == before


def test_a_refusal_says_why_and_the_next_round_may_follow_at_once(db, jia):
    uuid = hand_in(jia)
    assert refusal_of(lambda: verifying.refuse(verification=uuid, reasons=[], words="", desk=desk())).code == "reasons_missing"
    assert (
        refusal_of(lambda: verifying.refuse(verification=uuid, reasons=["OTHER"], words="", desk=desk())).code == "words_missing"
    )
    assert state(uuid)["state"] == "SUBMITTED"
    with platform_scope(), TestCase.captureOnCommitCallbacks(execute=True):
        verifying.refuse(verification=uuid, reasons=["UNREADABLE", "AUTHORITY"], words="请补传授权书", desk=desk())
    assert told(jia) == ["company.refused"]
    assert refusal_of(lambda: verifying.passes(verification=uuid, looks=LOOKS, note_="", desk=desk("second"))).code == "decided"
    second = hand_in(jia)
    assert state(second)["round"] == 2
    both_pass(second)
    with platform_scope():
        assert Enterprise.objects.get(pk=jia.id).verified_at is not None
        assert [one.state for one in queries.rounds(jia.id)] == ["APPROVED", "REFUSED"]


def test_the_second_look_may_refuse_too(db, jia):
    uuid = hand_in(jia)
    with platform_scope():
        verifying.passes(verification=uuid, looks=LOOKS, note_="", desk=desk("first"))
        assert verifying.refuse(verification=uuid, reasons=["REGISTRY"], words="", desk=desk("second")).state == "REFUSED"
        assert Enterprise.objects.get(pk=jia.id).verified_at is None


def test_a_changed_name_becomes_the_enterprises_when_approved_and_not_before(db, jia, yi):
    uuid = hand_in(jia, name="杭州甲机械制造有限公司")
    with platform_scope():
        assert Enterprise.objects.get(pk=jia.id).name == jia.name
    both_pass(uuid)
    with platform_scope():
        row = Enterprise.objects.get(pk=jia.id)
        assert (row.name, row.uscc) == ("杭州甲机械制造有限公司", jia.uscc)
        event = AuditEvent.objects.get(action="enterprise.verified", target=f"enterprise:{jia.uuid}")
    assert event.details["before"] == {"name": jia.name}
    assert event.details["after"] == {"name": "杭州甲机械制造有限公司"}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"uscc": "91330106MA2BKXT394"}, "uscc_invalid"),
        ({"name": "短"}, "company_invalid"),
        ({"licence_until": date(2020, 1, 1)}, "licence_over"),
    ],
)
def test_a_hand_in_with_something_wrong_is_refused_and_leaves_nothing(db, jia, changes, code):
    assert refusal_of(lambda: hand_in(jia, **changes)).code == code
    with platform_scope():
        assert not Verification.objects.filter(enterprise_id=jia.id).exists()


def test_a_licence_that_ended_yesterday_in_zhejiang_is_over_there(db, jia):
    past_midnight = datetime(2026, 11, 23, 16, 30, tzinfo=UTC)  # 00:30 on the 24th
    assert refusal_of(lambda: hand_in(jia, at=past_midnight, licence_until=date(2026, 11, 23))).code == "licence_over"
    hand_in(jia, at=past_midnight, licence_until=date(2026, 11, 24))


def test_no_licence_no_second_hand_in_and_no_code_of_the_neighbour(db, jia, yi):
    with platform_scope():
        other = scan(1, provider_schema=jia.schema_name)
    assert refusal_of(lambda: hand_in(jia, papers=[("OTHER", other)])).code == "licence_missing"
    assert refusal_of(lambda: hand_in(jia, uscc=yi.uscc)).code == "uscc_taken"
    hand_in(jia)
    assert refusal_of(lambda: hand_in(jia)).code == "verification_open"
    with platform_scope():
        assert Verification.objects.filter(enterprise_id=jia.id).count() == 1


def test_a_file_of_the_neighbour_or_an_unchecked_one_is_no_paper(db, jia, yi):
    with platform_scope():
        theirs, unchecked = scan(1, provider_schema=yi.schema_name), scan(1, provider_schema=jia.schema_name, state="CHECKING")
    assert refusal_of(lambda: hand_in(jia, papers=[("LICENCE", theirs)])).status == 404
    assert refusal_of(lambda: hand_in(jia, papers=[("LICENCE", unchecked)])).code == "not_ready"
    with platform_scope():
        assert not Paper.objects.exists()


def test_enterprises_have_no_right_to_the_rows(db, jia):
    hand_in(jia)
    for model in (Verification, Paper, Turn, Closure, Visit):
        with enterprise_scope(jia), pytest.raises(ProgrammingError), transaction.atomic():
            model.objects.count()


def test_papers_only_grow(db, jia):
    from django.db import DatabaseError

    hand_in(jia)
    with platform_scope(), pytest.raises(DatabaseError), transaction.atomic():
        Paper.objects.update(file_name="别的.pdf")
    assert by(jia).name == "安全员"
