"""How an operation of the open interface is declared: one scope, one answer, and the refusals that every one of them may give."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, TypeVar

from django.http import HttpRequest
from ninja import Router

from apps.openapi import problems
from apps.openapi.guards import KeyAuth, asking
from apps.openapi.scopes import READING, Scope
from infra.kit import clock
from infra.kit.marking import PERSONS
from public.audit import api as audit
from tenants.addresses import client_ip

F = TypeVar("F", bound=Callable[..., Any])
_ALWAYS = (400, 401, 403, 422, 429, 503)
_TEXT = {
    400: "Not as this document says: no JSON, or `errors` names the fields",
    401: "No good key",
    403: "The key lacks the scope, or comes from another network; or the enterprise is suspended and reads only, or is closed",
    404: "Not there, or not of this enterprise",
    409: "It contradicts what is already there",
    413: "The body is too large",
    422: "As this document says, but refused by a rule, such as a check digit or a cursor of another list; `code` says which",
    429: "Too many requests; see Retry-After",
    503: "A service behind us does not answer; nothing was changed",
}


def refusals(*more: int) -> dict[str, Any]:
    """Return the part of the document that names the refusals, ``more`` beside those that every operation may give."""
    content = {problems.CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {"responses": {one: {"description": _TEXT[one], "content": content} for one in sorted({*_ALWAYS, *more})}}


def operation(
    router: Router, method: str, path: str, *, scope: Scope | None, answers: Any, summary: str, name: str, status: int = 200
) -> Callable[[F], F]:
    """Mount a function as an operation.

    :param scope: what the key must have; None: any good key
    :param answers: shape of the answer, given with ``status``
    :param name: ``operationId``, stable within a version
    """
    more = ([404] if "{" in path else []) + ([409, 413] if method != "GET" else [])
    extra = {**refusals(*more), "x-scope": str(scope) if scope else None}
    mount = router.api_operation(
        [method],
        path,
        auth=KeyAuth(scope),
        response={HTTPStatus(status): answers},
        summary=summary,
        operation_id=name,
        openapi_extra=extra,
    )

    def mounted(view: F) -> F:
        mount(_logged(view, name) if scope in READING else view)
        return view

    return mounted


def _logged(view: Callable[..., Any], name: str) -> Callable[..., Any]:
    """Have each reading written down: which key, from where, how many items (clause 五.4). Writes say more, and say it themselves."""

    @wraps(view)
    def logged(request: HttpRequest, **values: Any) -> Any:
        found = view(request, **values)
        count = len(getattr(found, "items", [found]))
        who, target = asking(request).actor, f"operation:{name}"
        audit.exchanged("openapi.read", audit.Direction.OUT, actor=who, target=target, at=clock.now(), ip=client_ip(request), party=who,
                        what=name, rows=count, label=PERSONS.code)  # fmt: skip
        return found

    return logged
