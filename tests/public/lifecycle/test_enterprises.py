"""What operations see of the enterprises and do to one."""

from __future__ import annotations

from typing import Any

import pytest
from django.db.models import Value
from django.db.models.functions import Concat
from django.test import Client

from infra.kit import clock
from public.audit.models import AuditEvent
from tenants import sites
from tenants.models import Enterprise
from tenants.sites import Site
from tests.public.desk import desk


@pytest.fixture
def operations(platform: None, jia: object, yi: object) -> Client:
    return desk("OPERATIONS")


def many(count: int) -> None:
    for n in range(count):
        Enterprise.objects.create(
            schema_name=f"e_many{n}",
            name=f"温州批量企业{n:03d}",
            uscc=f"MANY{n}",
            subdomain=f"many-{n}",
            subdomain_skeleton=f"many{n}",
            industry_code="C",
            hazard="GENERAL",
            division_code="330302",
            created_at=clock.now(),
        )


@pytest.mark.parametrize(
    ("query", "sees_jia", "sees_yi"),
    [
        ("", True, True),
        ("?q=甲机械", True, False),
        ("?q=91330200", False, True),
        ("?q=yi-neigh", False, True),
        ("?q=没有这家", False, False),
        ("?q=%25", False, False),
        ("?division=3301", True, False),
        ("?division=3302", False, True),
        ("?division=abc", True, True),
        ("?status=SUSPENDED", False, False),
        ("?status=NOPE", True, True),
        ("?verified=no", True, True),
        ("?verified=yes", False, False),
        ("?page=999", True, True),
        ("?page=x", True, True),
        ("?sort=-name", True, True),
        ("?sort=password", True, True),
    ],
)
def test_finds_by_every_filter_and_survives_nonsense(
    operations: Client, jia: Site, yi: Site, query: str, sees_jia: bool, sees_yi: bool
) -> None:
    Enterprise.objects.filter(pk__in=[jia.id, yi.id]).update(
        name=Concat("name", Value("（同查）"))
    )  # alone among whoever else there is
    if "q=" not in query:
        query += ("&" if query else "?") + "q=同查"
    answer = operations.get(f"/desk/enterprises{query}")
    html = answer.content.decode()
    assert answer.status_code == 200
    assert ("杭州甲机械有限公司" in html, "宁波乙化工有限公司" in html) == (sees_jia, sees_yi)


def test_pages_and_counts(operations: Client, django_assert_num_queries: Any) -> None:
    many(45)
    first = operations.get("/desk/enterprises?division=3303&sort=name")
    assert "45" in first.content.decode()
    assert "温州批量企业019" in first.content.decode()
    assert "温州批量企业020" not in first.content.decode()
    last = operations.get("/desk/enterprises?division=3303&sort=name&page=3").content.decode()
    assert "温州批量企业044" in last


def test_a_page_costs_the_same_few_queries_however_many_there_are(operations: Client) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            operations.get("/desk/enterprises")
        return len(captured)

    few = cost()
    many(15)
    assert cost() == few <= 8


@pytest.mark.req("R5.4")
def test_suspending_leaves_reading_and_reopening_opens_everything(operations: Client, jia: Any) -> None:
    url = f"/desk/enterprises/{jia.id}"
    said = {"cause": "UNVERIFIED", "words": "资料存疑，核对中"}
    assert operations.post(f"{url}/suspend", said).status_code == 302
    assert Client(HTTP_HOST="jia.localhost").get("/join/none").status_code == 403
    shown = Client(HTTP_HOST="jia.localhost").get("/sign-in")
    assert shown.status_code == 200
    assert "资料存疑，核对中" in shown.content.decode(), "every page says why"
    assert Client(HTTP_HOST=sites.host_of("yi-neighbour")).get("/join/none").status_code != 403, "the neighbour stays open"
    assert operations.post(f"{url}/reactivate", {"words": "资料已核对"}).status_code == 302
    assert Client(HTTP_HOST="jia.localhost").get("/join/none").status_code != 403
    told = AuditEvent.objects.filter(target=f"enterprise:{jia.uuid}", schema_name=jia.schema_name).order_by("at")
    assert [(row.action, row.details["reason"]) for row in told] == [
        ("enterprise.suspended", "资料存疑，核对中"),
        ("enterprise.reopened", "资料已核对"),
    ]
    page = operations.get(url).content.decode()
    assert "资料存疑，核对中" in page


@pytest.mark.parametrize(
    ("what", "data", "status"),
    [
        ("suspend", {"cause": "UNPAID", "words": ""}, 422),
        ("suspend", {"cause": "UNPAID", "words": "短"}, 422),
        ("suspend", {"cause": "SETTLED", "words": "想要停用"}, 422),
        ("suspend", {}, 422),
        ("reactivate", {"words": "已经在用"}, 409),
        ("keep", {"words": "没有注销"}, 409),
    ],
)
def test_refuses_without_a_reason_and_changes_nothing(
    operations: Client, jia: Any, what: str, data: dict[str, str], status: int
) -> None:
    assert operations.post(f"/desk/enterprises/{jia.id}/{what}", data).status_code == status
    assert Enterprise.objects.get(pk=jia.id).status == "ACTIVE"
    assert not AuditEvent.objects.filter(target=f"enterprise:{jia.uuid}").exists()


def test_who_comes_after_a_colleague_reads_why_nothing_was_done(operations: Client, jia: Any) -> None:
    url = f"/desk/enterprises/{jia.id}"
    said = {"cause": "UNPAID", "words": "逾期未缴费"}
    assert operations.post(f"{url}/suspend", said).status_code == 302
    again = operations.post(f"{url}/suspend", said)
    assert again.status_code == 409
    assert "状态没有变化" in again.content.decode(), "the form itself is gone from the page"


def test_the_list_is_given_as_a_file(operations: Client) -> None:
    answer = operations.get("/desk/enterprises?export=xlsx&q=甲机械")
    assert answer.content[:2] == b"PK"


def test_the_home_shows_what_waits(operations: Client) -> None:
    html = operations.get("/desk/").content.decode()
    assert "待初审企业" in html
    assert "待发布课程" in html
