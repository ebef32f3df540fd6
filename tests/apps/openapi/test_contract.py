"""The interface against its own document: whatever is sent, no crash, and nothing answered that the document does not say."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from apps.openapi.models import ApiKey
from tests.apps.plans import ground as plan_ground
from tests.apps.plans.ground import learner
from tests.apps.plans.signed import finished

from .ground import BASE, seal_ledger, token

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


@pytest.fixture
def document(in_jia: Any) -> Any:
    """The document as the enterprise's host gives it; behind it people, a plan, a certificate and a ledger with places."""
    learner(2)
    plan_ground.open_plan()
    finished(3)
    seal_ledger()
    secret = token()
    ApiKey.objects.update(per_minute=30_000)

    application = get_wsgi_application()

    def hosted(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        told = {**environ, "HTTP_HOST": in_jia.host, "SERVER_NAME": in_jia.host}
        told.setdefault("HTTP_AUTHORIZATION", f"Bearer {secret}")
        return application(told, start)

    return schemathesis.openapi.from_wsgi(f"{BASE}/openapi.json", hosted)


schema = schemathesis.pytest.from_fixture("document")


@pytest.mark.req("R7.3")
@schema.parametrize()
@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.filter_too_much],
)
def test_answers_what_the_document_says_whatever_is_sent(case: Any) -> None:
    case.call_and_validate(checks=CHECKS)
