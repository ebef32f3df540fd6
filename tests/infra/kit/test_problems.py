"""Refusals of the open interface look alike wherever they arise."""

from __future__ import annotations

import json

import pytest
from django.http import HttpRequest
from django.test import Client

from infra.kit import problems
from infra.kit.errors import DomainError
from infra.wiring import edge
from tenants import opening
from tenants.models import Enterprise


def at(path: str) -> HttpRequest:
    request = HttpRequest()
    request.path, request.method = path, "GET"
    return request


@pytest.mark.parametrize(("path", "kind"), [("/api/v1/learners", problems.CONTENT_TYPE), ("/api/learning/x", "application/json")])
def test_the_edge_answers_in_the_form_of_the_address(path, kind):
    answer = edge.answer(at(path), DomainError("unavailable", "稍后再试", status=503, retry_after_s=5))
    assert (answer.status_code, answer["Content-Type"], answer["Retry-After"]) == (503, kind, "5")
    assert json.loads(answer.content)["code"] == "unavailable"


def test_a_lost_service_is_a_problem_without_its_words():
    answer = edge.outage(at("/api/v1/learners"), ConnectionError("redis://secret-host"))
    assert answer["Content-Type"] == problems.CONTENT_TYPE
    assert "secret-host" not in answer.content.decode()


def test_a_body_that_is_too_large_is_refused_as_a_problem(in_jia):
    told = Client(HTTP_HOST=in_jia.host).post(
        "/api/v1/learners", "{}", content_type="application/json", CONTENT_LENGTH=str(10**9)
    )
    assert (told.status_code, told["Content-Type"]) == (413, problems.CONTENT_TYPE)


@pytest.mark.parametrize(
    ("status", "method", "code"), [("SUSPENDED", "POST", "enterprise_suspended"), ("CLOSED", "GET", "enterprise_closed")]
)
def test_an_enterprise_out_of_use_answers_a_problem_and_no_page(db, jia, status, method, code):
    opening.set_status(enterprise_id=jia.id, status=status, reason="逾期")
    told = Client(HTTP_HOST=jia.host).generic(method, "/api/v1/learners")
    assert (told.status_code, told["Content-Type"], told.json()["code"]) == (403, problems.CONTENT_TYPE, code)
    opening.set_status(enterprise_id=jia.id, status=Enterprise.Status.ACTIVE, reason="")
