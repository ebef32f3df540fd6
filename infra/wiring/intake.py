"""What is refused before anybody reads it: bodies that are too large, texts that the database cannot keep."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.utils.translation import gettext_lazy as _

from infra.kit.errors import DomainError
from infra.wiring.edge import answer

_NUL = "\0"


class IntakeMiddleware:
    """Stands before sessions, which read cookies, and CSRF, which reads forms: a multipart body would be on our disk by then."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass through without the cookies that nothing of ours wrote; the rest waits for :meth:`process_view`.

        Quoted cookies carry any octet, and a refusal would shut their owner out for as long as they live.
        """
        request.COOKIES = {name: value for name, value in request.COOKIES.items() if _NUL not in value}
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Answer 411, 413 or 400 in the caller's form, or nothing; the body is touched only where it is small enough."""
        refusal = _of_size(request) or _of_text(request)
        return answer(request, refusal) if refusal else None


def _of_size(request: HttpRequest) -> DomainError | None:
    """Judge by what the request says of itself; the server holds it to its Content-Length."""
    length = request.META.get("CONTENT_LENGTH") or ""
    if not length and request.META.get("HTTP_TRANSFER_ENCODING"):
        # WSGI's input has no end of its own, so Django reads nothing of such a body.
        words = _("上传没有说明大小，无法接收。请换用浏览器上传，或先保存成文件再上传。")
        return DomainError("length_required", words, status=HTTPStatus.LENGTH_REQUIRED)
    if length.isdecimal() and int(length) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
        words = _("上传的内容超过 10 MB。请删除图片和多余的工作表，或分成几个文件。")
        return DomainError("too_large", words, status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    return None


def _of_text(request: HttpRequest) -> DomainError | None:
    if _NUL in request.path or "%00" in request.META.get("QUERY_STRING", "") or _NUL in _form(request):
        return DomainError("bad_text", _("内容里有无法保存的字符。请删除后重新输入。"))
    return None


def _form(request: HttpRequest) -> str:
    if request.method != "POST":
        return ""
    try:
        return "".join(part for name, values in request.POST.lists() for part in (name, *map(str, values)))
    except UnreadablePostError:  # the person left; CSRF, which reads next, answers that
        return ""
