"""The interface against its own document: whatever is sent, no crash, and nothing answered that the document does not say.

`make contract` sends far more, to the served product, with every check that the tool has.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings

from apps.openapi.models import ApiKey
from tests.apps.plans import ground as plan_ground
from tests.apps.plans.ground import learner
from tests.apps.plans.signed import finished
from tests.infra.wiring.permission_ground import operations

from .ground import BASE, seal_ledger, token

EXAMPLES = 10
"""Of an operation, allowed ones and as many that the document does not allow."""


@pytest.fixture
def kept_connection() -> Iterator[None]:
    """Let requests not close the connection whose transaction is the test's; Django's own test client does the same."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def document(in_jia: Any, kept_connection: None) -> Any:
    """The document as the enterprise's host gives it; behind it people, a plan, a certificate and a ledger with places."""
    import schemathesis

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


@pytest.mark.req("R7.3")
@pytest.mark.parametrize("is_allowed", [True, False], ids=["allowed", "not allowed"])
def test_answers_what_the_document_says_whatever_is_sent(document, is_allowed):
    from schemathesis import GenerationMode
    from schemathesis.checks import not_a_server_error
    from schemathesis.specs.openapi import checks

    wanted = [
        not_a_server_error,
        checks.status_code_conformance,
        checks.content_type_conformance,
        checks.response_headers_conformance,
        checks.response_schema_conformance,
        *([] if is_allowed else [checks.negative_data_rejection]),
    ]
    asked: list[str] = []
    found = [one.ok() for one in document.get_all_operations()]
    for operation in found:
        mode = GenerationMode.POSITIVE if is_allowed else GenerationMode.NEGATIVE

        @settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        @given(case=operation.as_strategy(generation_mode=mode))
        def hold(case: Any) -> None:
            case.call_and_validate(checks=wanted)
            asked.append(case.operation.label)

        hold()
    assert len(found) == len(operations())
    assert len(set(asked)) >= len(found) - (0 if is_allowed else 4), "operations without parameters allow everything"
