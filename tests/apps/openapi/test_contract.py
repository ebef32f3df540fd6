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
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from apps.openapi.models import ApiKey
from tests.infra.wiring.permission_ground import operations
from tests.web import ROOT

from .ground import Caller, furnish, token

EXAMPLES = 12
"""Of an operation, allowed ones and as many that the document does not allow."""


@pytest.fixture
def kept_connection() -> Iterator[None]:
    """Let requests not close the connection whose transaction is the test's, for which `hosted` asks before each."""
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def known(in_jia: Any, kept_connection: None) -> dict[str, Any]:
    """What is there to be asked for, by the name of the parameter."""
    return furnish()


@pytest.fixture
def document(in_jia: Any, known: dict[str, Any]) -> Any:
    """The document as the enterprise's host gives it. A good key goes along always: what keys may is the matrix's matter."""
    import schemathesis

    application, secret = get_wsgi_application(), token()
    ApiKey.objects.update(per_minute=30_000)

    def hosted(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        for signal in (request_started, request_finished):
            signal.disconnect(close_old_connections)  # Django's test client, which fetched the document, connected it again
        return application({**environ, "HTTP_HOST": in_jia.host, "HTTP_AUTHORIZATION": f"Bearer {secret}"}, start)

    told = Caller(in_jia).get("/openapi.json").body
    for methods in told["paths"].values():
        for operation in methods.values():
            del operation["security"]
    found = schemathesis.openapi.from_dict(told, config=schemathesis.Config.from_path(ROOT / "tests/schemathesis.toml"))
    found.app = hosted
    return found


def cases(operation: Any, known: dict[str, Any], *, is_allowed: bool) -> Any:
    """What may be sent to an operation; every other time about what is there, from the first page."""
    from schemathesis import GenerationMode

    anything = operation.as_strategy(generation_mode=GenerationMode.POSITIVE if is_allowed else GenerationMode.NEGATIVE)
    if not is_allowed:
        return anything
    ids = {name: value for name, value in known.items() if f"{{{name}}}" in operation.path}
    more = {"body": known["bodies"][operation.label]} if operation.label in known["bodies"] else {}
    first = {"cursor": ""} if operation.method == "get" else {}
    return st.one_of(operation.as_strategy(path_parameters=ids, query=first, headers={}, **more), anything)


def asked(wanted: Any, checks: list[Any]) -> set[int]:
    """Send cases of an operation, check each answer, and return the statuses that came."""
    answered: set[int] = set()

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=wanted)
    def hold(case: Any) -> None:
        answered.add(case.call_and_validate(checks=checks).status_code)

    hold()
    return answered


@pytest.mark.req("R7.3")
@pytest.mark.parametrize("is_allowed", [True, False], ids=["allowed", "not allowed"])
def test_answers_what_the_document_says_whatever_is_sent(document, known, is_allowed):
    from schemathesis.checks import not_a_server_error
    from schemathesis.specs.openapi import checks

    wanted = [
        not_a_server_error,
        checks.status_code_conformance,
        checks.content_type_conformance,
        checks.response_headers_conformance,
        checks.response_schema_conformance,
        checks.positive_data_acceptance if is_allowed else checks.negative_data_rejection,
    ]
    statuses: dict[str, set[int]] = {}
    for found in document.get_all_operations():
        operation = found.ok()
        statuses[operation.label] = set()
        if not is_allowed and not operation.definition.raw["parameters"] and "requestBody" not in operation.definition.raw:
            continue  # nothing can be said wrongly
        statuses[operation.label] |= asked(cases(operation, known, is_allowed=is_allowed), wanted)
    assert len(statuses) == len(operations())
    if is_allowed:
        assert [label for label, seen in statuses.items() if not seen & {200, 201}] == [], "asked about nothing that is there"
