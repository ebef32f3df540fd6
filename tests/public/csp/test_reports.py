"""Reports over HTTP, what is stored of them, and the page for operations."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction
from django.test import Client

from infra.kit import clock
from public.csp import rules, services
from public.csp.models import CspReport
from public.csp.rules import Refusal
from tenants.scope import enterprise_scope, platform_scope
from tests.conftest import NOON
from tests.public.desk import HOST as PLATFORM
from tests.public.desk import desk

PAGE = "/learn/0b0e5ad5-5ad6-4f39-9a0e-3f1c30ac6a55/7?token=secret"


def report(host: str, *, path: str = PAGE, blocked: str = "https://ads.example/x.js", **changes: Any) -> dict[str, Any]:
    said = {"document-uri": f"http://{host}{path}", "effective-directive": "script-src-elem", "blocked-uri": blocked}
    return {"csp-report": {**said, **changes}}


def send(host: str, body: Any, *, kind: str = "application/csp-report", **meta: Any) -> int:
    data = body if isinstance(body, bytes) else json.dumps(body)
    return Client(HTTP_HOST=host, enforce_csrf_checks=True).post("/api/csp-reports", data, content_type=kind, **meta).status_code


def rows() -> list[tuple[str, str, str, int]]:
    with platform_scope():
        return list(CspReport.objects.order_by("id").values_list("directive", "blocked", "page", "count"))


@pytest.mark.req("R2.6")
def test_counts_reports_of_both_hosts_without_a_word_about_the_person(db: None, jia: Any) -> None:
    for _ in range(3):
        assert send(jia.host, report(jia.host), REMOTE_ADDR="10.9.8.7") == 204
    newer = [{"type": "csp-violation", "body": {"documentURL": f"http://{PLATFORM}/", "effectiveDirective": "img-src",
                                                "blockedURL": "inline"}}]  # fmt: skip
    assert send(PLATFORM, newer, kind="application/reports+json") == 204
    assert rows() == [
        ("script-src-elem", "https://ads.example", "/learn/…/…", 3),
        ("img-src", "inline", "/", 1),
    ]
    with platform_scope():
        kept = str(CspReport.objects.values().first())
    assert not any(word in kept for word in ("secret", "10.9.8.7", "0b0e5ad5", "jia"))


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"\xff\xfe", b"[" * 4000, b'{"csp-report":{}}'])
def test_nonsense_is_taken_and_forgotten(db: None, jia: Any, body: bytes) -> None:
    assert send(jia.host, body) == 204
    assert rows() == []


def test_a_report_about_the_neighbours_page_is_forgotten(db: None, jia: Any, yi: Any) -> None:
    assert send(jia.host, report(yi.host)) == 204
    assert rows() == []


def test_an_address_that_leads_nowhere_is_not_kept(db: None, jia: Any) -> None:
    assert send(jia.host, report(jia.host, path="/someone@example.com/13800000001")) == 204
    assert rows()[0][2] == "other"


def test_refuses_a_huge_report_and_a_flood_and_stores_nothing_of_them(db: None, jia: Any) -> None:
    assert send(jia.host, report(jia.host, sample="x" * 9000)) == 413
    assert rows() == []
    answers = [send(jia.host, report(jia.host)) for _ in range(31)]
    assert answers.count(204) == 29
    assert answers[-1] == 429
    assert send(jia.host, report(jia.host), REMOTE_ADDR="10.0.0.2") == 204, "others are still heard"
    assert rows()[0][3] == 30


def test_inventions_cannot_fill_the_table(platform: None, monkeypatch: Any) -> None:
    monkeypatch.setattr(rules, "KINDS_PER_DAY", 5)
    made_up = [Refusal("img-src", f"https://x{n}.example", "/") for n in range(20)]
    services.count(refusals=made_up, at=NOON)
    assert len(rows()) == 6
    assert rows()[-1] == ("default-src", "other", "other", 15)
    services.count(refusals=made_up[:1], at=NOON)
    assert rows()[0][3] == 2
    services.count(refusals=made_up[:1], at=NOON + timedelta(days=1))
    assert len(rows()) == 7, "a new day begins anew"


@pytest.mark.req("S2")
def test_an_enterprise_may_neither_read_nor_write_the_rows(db: None, jia: Any) -> None:
    services.count(refusals=[Refusal("img-src", "inline", "/")], at=NOON)
    with enterprise_scope(jia):
        for sql in ("SELECT * FROM public.csp_cspreport", "DELETE FROM public.csp_cspreport"):
            with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(sql)


@pytest.fixture
def operations(platform: None) -> Client:
    services.count(refusals=[Refusal("img-src", f"https://x{n:02d}.example", "/learn") for n in range(45)], at=NOON)
    services.count(refusals=[Refusal("script-src-elem", "inline", "/sign-up")] * 7, at=clock.now())
    return desk("OPERATIONS")


def test_operations_read_page_by_page(operations: Client, django_assert_max_num_queries: Any) -> None:
    first = operations.get("/desk/csp?sort=-count").content.decode()
    assert "/sign-up" in first
    assert "46" in first
    assert "页面防护" in first
    with django_assert_max_num_queries(10):
        last = operations.get("/desk/csp?sort=day&page=3").content.decode()
    assert "https://x44.example" in last
    assert "https://x00.example" not in last


@pytest.mark.parametrize(
    ("query", "sees_image", "sees_script"),
    [
        ("?q=x07", True, False),
        ("?q=sign-up", False, True),
        ("?directive=script-src-elem", False, True),
        ("?directive=img-src&q=x07&page=99", True, False),
        ("?q=%25&directive=%27&sort=password&page=x", False, False),
        ("?directive=nothing", False, False),
    ],
)
def test_finds_by_every_filter_and_survives_nonsense(operations: Client, query: str, sees_image: bool, sees_script: bool) -> None:
    answer = operations.get(f"/desk/csp{query}")
    html = answer.content.decode()
    assert answer.status_code == 200
    assert ("https://x07.example" in html, '<div class="text-break">/sign-up</div>' in html) == (sees_image, sees_script)
    assert ("没有符合条件的记录" in html) == (not sees_image and not sees_script)


def test_says_so_when_there_is_nothing(platform: None) -> None:
    assert "没有拦截记录" in desk("OPERATIONS").get("/desk/csp").content.decode()


@pytest.mark.parametrize("role", ["AUTHOR", "REVIEWER"])
def test_other_roles_are_refused(platform: None, role: str) -> None:
    browser = desk(role)
    assert browser.get("/desk/csp").status_code == 403
    assert "页面防护" not in browser.get("/desk/").content.decode()


def test_strangers_are_sent_to_sign_in(platform: None) -> None:
    assert Client(HTTP_HOST=PLATFORM).get("/desk/csp")["Location"].startswith("/desk/sign-in")
