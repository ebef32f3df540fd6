"""What the open interface refuses by itself, and the shape of every refusal (RFC 9457, `infra.kit.problems`)."""

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from ninja import Schema
from pydantic import ConfigDict, Field

from infra.kit.errors import DomainError
from infra.kit.problems import CONTENT_TYPE, problem

__all__ = [
    "CONTENT_TYPE",
    "Problem",
    "Wrong",
    "misfit",
    "no_key",
    "no_method",
    "nowhere",
    "problem",
    "ruled_out",
    "unread",
]


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
    errors: list[Wrong] | None = Field(default=None, description="Fields that do not fit; with 400 `invalid`")


def no_key() -> DomainError:
    """Return the refusal of a request without a good key."""
    words = _("请在 Authorization 请求头里带上有效的接口密钥：Bearer axk_…。")
    return DomainError("key_missing", words, status=HTTPStatus.UNAUTHORIZED)


def misfit(errors: list[dict[str, Any]]) -> DomainError:
    """Return the refusal of a request whose parts do not fit, from what pydantic found; values are not repeated."""
    found = [{"field": ".".join(map(str, one["loc"][1:])) or str(one["loc"][0]), "message": one["msg"]} for one in errors]
    words = _("请求内容不完整或格式不对，请按 errors 逐项修改。")
    return DomainError("invalid", words, status=HTTPStatus.BAD_REQUEST, errors=found)


def unread() -> DomainError:
    """Return the refusal of a body that is no JSON, or holds texts that cannot be kept (U+0000, half a surrogate pair)."""
    return DomainError("invalid_json", _("请求内容不是有效的 JSON。"), status=HTTPStatus.BAD_REQUEST)


def ruled_out(error: DomainError) -> DomainError:
    """Return what a room refuses as the open interface tells it: 400 is kept for requests that are not as the document says."""
    if error.status != HTTPStatus.BAD_REQUEST:
        return error
    return DomainError(error.code, error.message, status=HTTPStatus.UNPROCESSABLE_ENTITY, **error.details)


def no_method() -> DomainError:
    """Return the refusal of a method that an address does not know; ``Allow`` names those that it does."""
    words = _("这个接口地址不支持这种请求方法，请核对接口说明。")
    return DomainError("method_not_allowed", words, status=HTTPStatus.METHOD_NOT_ALLOWED)


@csrf_exempt  # other systems have no form token
def nowhere(request: HttpRequest, path: str = "") -> HttpResponse:
    """Answer an address that is none."""
    words = _("没有这个接口地址，请核对接口说明。")
    return problem(DomainError("no_such_operation", words, status=HTTPStatus.NOT_FOUND))
