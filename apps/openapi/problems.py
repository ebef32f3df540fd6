"""Refusals in the form of RFC 9457, `application/problem+json`."""

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from ninja import Schema
from pydantic import ConfigDict, Field

from infra.kit.errors import DomainError

CONTENT_TYPE = "application/problem+json"
TYPES = "urn:anxue:problem:"
"""`type` is this and the code: stable, and nobody has to fetch it."""


class Wrong(Schema):
    """One field that does not fit."""

    field: str
    message: str


class Problem(Schema):
    """Why a request was refused. Programs read ``code``, people read ``detail``."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(description="urn:anxue:problem:<code>")
    title: str = Field(description="The HTTP status in words")
    status: int
    detail: str = Field(description="What happened and what to do next")
    code: str = Field(description="Stable name of the refusal")
    errors: list[Wrong] | None = Field(default=None, description="Fields that do not fit; with 422")


def problem(error: DomainError) -> HttpResponse:
    """Return the answer to a refusal; a time to wait is said in ``Retry-After`` too."""
    response = JsonResponse(body_of(error), status=error.status, content_type=CONTENT_TYPE)
    response["Cache-Control"] = "no-store"
    if "retry_after_s" in error.details:
        response["Retry-After"] = str(error.details["retry_after_s"])
    if error.status == HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = f'Bearer realm="anxue", error="{error.code}"'
    return response


def body_of(error: DomainError) -> dict[str, Any]:
    """Return the JSON of a refusal."""
    phrase = HTTPStatus(error.status).phrase if error.status in set(HTTPStatus) else ""
    said = {"type": f"{TYPES}{error.code}", "title": phrase, "status": error.status, "detail": str(error.message)}
    return {**error.details, **said, "code": error.code}


def no_key() -> DomainError:
    """Return the refusal of a request without a good key."""
    words = _("请在 Authorization 请求头里带上有效的接口密钥：Bearer axk_…。")
    return DomainError("key_missing", words, status=HTTPStatus.UNAUTHORIZED)


def misfit(errors: list[dict[str, Any]]) -> DomainError:
    """Return the refusal of a request whose parts do not fit, from what pydantic found; values are not repeated."""
    found = [{"field": ".".join(map(str, one["loc"][1:])) or str(one["loc"][0]), "message": one["msg"]} for one in errors]
    words = _("请求内容不完整或格式不对，请按 errors 逐项修改。")
    return DomainError("invalid", words, status=HTTPStatus.UNPROCESSABLE_ENTITY, errors=found)


def unread() -> DomainError:
    """Return the refusal of a body that is no JSON, or holds texts that cannot be kept."""
    return DomainError("invalid_json", _("请求内容不是有效的 JSON。"), status=HTTPStatus.BAD_REQUEST)


def nowhere(request: HttpRequest, path: str = "") -> HttpResponse:
    """Answer an address that is none."""
    words = _("没有这个接口地址，请核对接口说明。")
    return problem(DomainError("no_such_operation", words, status=HTTPStatus.NOT_FOUND))
