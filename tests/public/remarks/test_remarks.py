"""Remarks for everybody: offered by one enterprise, decided by operations once, read by all, and nobody learns from whom."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from infra.kit.errors import DomainError
from public.audit.models import AuditEvent
from public.operators import api as operators
from public.remarks import queries, services
from public.remarks.models import Offer, Remark
from tenants.scope import enterprise_scope, platform_scope
from tests.apps.plans import ground
from tests.apps.plans.ground import NOON
from tests.public.desk import desk

pytestmark = pytest.mark.req("R3.6")
ME = operators.Me(7, "运营甲", "OPERATIONS")
TEXT = "案例贴近现场，讲得明白。"


@pytest.fixture
def version(db) -> int:
    return ground.make_course("AQ-CY-M1", title="叉车安全")


@pytest.fixture
def offer(version, jia) -> UUID:
    with enterprise_scope(jia):
        return services.offer(version_id=version, stars=4, text=TEXT, at=NOON)


def decide(offer: UUID, **changes: object) -> None:
    order = {"show": True, "reason": "", "me": ME, "at": NOON, "ip": "10.0.0.1", **changes}
    with platform_scope():
        services.decide(offer=offer, **order)


def remove(offer: UUID, **changes: object) -> None:
    order = {"reason": "有争议", "me": ME, "at": NOON, "ip": "10.0.0.1", **changes}
    with platform_scope():
        services.remove(offer=offer, **order)


def course_of(version: int) -> int:
    from public.catalogue import api as catalogue

    return catalogue.course(version).card.course_id


def test_what_operations_show_is_read_by_every_enterprise_without_its_origin(offer, version, jia, yi):
    decide(offer)
    for site in (jia, yi):
        with enterprise_scope(site):
            (row,) = queries.remarks(course_of(version))
            assert (row.text, row.stars) == (TEXT, 4)
            assert not {"schema_name", "version_id"} & {field.name for field in Remark._meta.get_fields()}
    with enterprise_scope(yi):
        assert not Offer.objects.exists()
        page = ground.manager_browser(yi).get(f"/console/courses/{version}").content.decode()
    assert TEXT in page
    assert jia.name not in page
    with platform_scope():
        event = AuditEvent.objects.get(target=f"remark:{offer}")
        assert (event.action, event.actor, event.schema_name) == ("remark.shown", "operator:7", jia.schema_name)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"show": False, "reason": " "}, "reason_missing"),
        ({"me": operators.Me(8, "审核员甲", "REVIEWER")}, "forbidden"),
    ],
)
def test_refuses_without_reason_or_right_and_changes_nothing(offer, changes, code):
    with pytest.raises(DomainError) as refusal:
        decide(offer, **changes)
    assert refusal.value.code == code
    with platform_scope():
        assert Offer.objects.get().state == "WAITING"
        assert not Remark.objects.exists()


def test_a_refusal_is_told_to_the_enterprise_and_a_second_decision_refused(offer, jia):
    decide(offer, show=False, reason="有广告")
    with pytest.raises(DomainError) as refusal:
        decide(offer)
    assert refusal.value.code == "decided"
    with enterprise_scope(jia):
        told = queries.offers([offer])[offer]
        assert (told.state, told.reason) == ("REFUSED", "有广告")
    with platform_scope():
        assert not Remark.objects.exists()


def test_what_is_taken_down_is_read_by_nobody_and_only_what_is_shown_is_taken_down(offer, version, yi):
    with pytest.raises(DomainError) as refusal:
        remove(offer)
    assert refusal.value.code == "not_shown"
    decide(offer)
    with pytest.raises(DomainError) as refusal:
        remove(offer, reason="")
    assert refusal.value.code == "reason_missing"
    for _time in range(2):
        remove(offer, at=NOON + timedelta(hours=1))
    with enterprise_scope(yi):
        assert not Remark.objects.exists()
        assert "还没有公开的评语" in ground.manager_browser(yi).get(f"/console/courses/{version}").content.decode()


def test_an_enterprise_decides_nothing_and_offers_nothing_that_is_decided(offer, version, jia):
    for statement in (
        "UPDATE remarks_offer SET state = 'SHOWN', decided_at = now()",
        "INSERT INTO remarks_remark (offer_id, course_id, stars, text, shown_on) VALUES (1, 1, 5, 'x', now())",
    ):
        with enterprise_scope(jia), pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    with enterprise_scope(jia), pytest.raises(DatabaseError), transaction.atomic():
        Offer.objects.create(
            course_id=1, version_id=version, course_title="x", stars=5, text="x", offered_at=NOON, state="SHOWN", decided_at=NOON
        )
    with platform_scope():
        assert [row.state for row in Offer.objects.all()] == ["WAITING"]


def test_the_desk_judges_the_words_without_knowing_whose_they_are(offer, jia):
    with platform_scope():
        browser = desk("OPERATIONS")
        assert "待处理评语" in browser.get("/desk/").content.decode()
        page = browser.get("/desk/remarks").content.decode()
        assert TEXT in page
        assert jia.name not in page
        assert jia.schema_name not in page
        said = browser.post(f"/desk/remarks/{offer}/decide", {"decision": "refuse"}, follow=True).content.decode()
        assert "请写明不采用的理由" in said
        browser.post(f"/desk/remarks/{offer}/decide", {"decision": "show"})
        assert "没有待处理的评语" in browser.get("/desk/remarks").content.decode()
        assert TEXT in browser.get("/desk/remarks", {"state": "SHOWN", "q": "叉车"}).content.decode()
        assert "没有符合条件的评语" in browser.get("/desk/remarks", {"q": "火星"}).content.decode()
        browser.post(f"/desk/remarks/{offer}/decide", {"decision": "remove", "reason": "有争议"})
        assert Offer.objects.get().state == "REMOVED"


@pytest.mark.parametrize("role", ["AUTHOR", "REVIEWER"])
def test_other_roles_see_and_decide_nothing(offer, role):
    with platform_scope():
        browser = desk(role)
        assert browser.get("/desk/remarks").status_code == 403
        assert browser.post(f"/desk/remarks/{offer}/decide", {"decision": "show"}).status_code == 403
        assert Offer.objects.get().state == "WAITING"


def test_the_course_page_shows_five_remarks_and_pages_to_the_others(version, jia):
    with enterprise_scope(jia):
        offers = [services.offer(version_id=version, stars=5, text=f"第 {n} 条评语说得好", at=NOON) for n in range(7)]
    for one in offers:
        decide(one)
    page = ground.manager_browser(jia)
    first = page.get(f"/console/courses/{version}").content.decode()
    assert first.count("条评语说得好") == 5
    assert page.get(f"/console/courses/{version}", {"page": 2}).content.decode().count("条评语说得好") == 2
