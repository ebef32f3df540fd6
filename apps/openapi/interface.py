"""The open interface as a whole: version, operations, refusals, document. Lost services are answered by the edge (`infra.wiring.urls`)."""

from collections.abc import Callable
from functools import cache, wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, RawPostDataException
from django.urls import URLPattern
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from pydantic.json_schema import models_json_schema

from apps.openapi import problems
from apps.openapi.routes.about import router as about
from apps.openapi.routes.learners import router as learners
from apps.openapi.routes.plans import router as plans
from apps.openapi.routes.records import router as records
from infra.kit.bodies import JsonParser
from infra.kit.errors import DomainError

VERSION = "1.0.0"
"""Within a major version fields and operations are only added; the next major gets a path of its own and both run for a year."""
PATH = "/api/v1"
"""`infra.kit.problems.OPEN` is below it."""
TITLE = "安学开放接口"
ABOUT = (
    "一家企业的开放接口。密钥在管理台“接口与推送”里生成，放在请求头 `Authorization: Bearer axk_…`。\n\n"
    "- 列表用 `cursor` 翻页：把上一页的 `next` 原样带上。\n"
    "- 写操作可带 `Idempotency-Key`，一天内重复发送只生效一次。\n"
    "- 出错时返回 `application/problem+json`，程序看 `code`，人看 `detail`。"
    "400 表示请求不合本文档，422 表示请求合格但规则不允许。\n"
    "- 超过每分钟次数返回 429，请按 `Retry-After` 等待。"
)


api = NinjaAPI(
    title=TITLE,
    version=VERSION,
    description=ABOUT,
    urls_namespace="open-api",
    docs_url=None,
    openapi_url=None,
    parser=JsonParser(),
)
for _router in (about, learners, plans, records):
    api.add_router("", _router)


def _answered(meaning: Callable[[Any], DomainError]) -> Callable[[HttpRequest, Any], HttpResponse]:
    return lambda request, error: problems.problem(meaning(error))


api.add_exception_handler(DomainError, _answered(problems.ruled_out))
api.add_exception_handler(ValidationError, _answered(lambda error: problems.misfit(error.errors)))
api.add_exception_handler(HttpError, _answered(lambda error: problems.unread()))
api.add_exception_handler(RawPostDataException, _answered(lambda error: problems.unread()))
api.add_exception_handler(AuthenticationError, _answered(lambda error: problems.no_key()))


def urls() -> tuple[list[URLPattern], str, str]:
    """Return what is mounted: the operations, also saying as a problem which methods an address knows."""
    found, app, namespace = api.urls
    patterns = [one for one in found if isinstance(one, URLPattern)]
    for one in patterns:
        one.callback = _with_methods(one.callback)
    return patterns, app, namespace


def _with_methods(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **values: Any) -> HttpResponse:
        response = view(request, *args, **values)
        if not isinstance(response, HttpResponseNotAllowed):
            return response
        told = problems.problem(problems.no_method())
        told["Allow"] = response["Allow"]
        return told

    return answered


def document(*, server: str) -> dict[str, Any]:
    """Return the OpenAPI 3.1 document.

    :param server: address of the version on the enterprise's host, e.g. ``https://jia.example.cn/api/v1``
    """
    return {**_told(), "servers": [{"url": server}]}


@cache
def _told() -> dict[str, Any]:
    """Return the document without its server; the same for every enterprise, and never changed by who gets it."""
    told: dict[str, Any] = dict(api.get_openapi_schema(path_prefix=""))
    _defs, shapes = models_json_schema([(problems.Problem, "serialization")], ref_template="#/components/schemas/{model}")
    components = {**told["components"]}
    components["schemas"] = {**components["schemas"], **shapes["$defs"]}
    told["components"] = components
    told["paths"] = {path: {m: _secured(one) for m, one in methods.items()} for path, methods in told["paths"].items()}
    return told


def _secured(operation: dict[str, Any]) -> dict[str, Any]:
    """Name the scope where OpenAPI 3.1 has its place, and count statuses as texts, as JSON does."""
    scope = operation.get("x-scope")
    names = [name for one in operation.get("security", []) for name in one]
    return {
        **operation,
        "security": [{name: [scope] if scope else []} for name in names],
        "responses": {str(int(status)): said for status, said in operation["responses"].items()},
    }
