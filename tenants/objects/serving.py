"""A stored file as an answer: whole, one range of it, unchanged, or only its headers."""

from typing import cast

from django.core.files.storage import default_storage
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import http_date, parse_http_date_safe

from infra.kit import ranges
from tenants.objects.shapes import ObjectStore, Stored

_DIRECT_SECONDS = 300


def serve(request: HttpRequest, name: str, *, content_type: str, cache: str, direct: bool = False) -> HttpResponseBase:
    """Answer a GET or HEAD for the stored file ``name``: 200, 206, 304, 412 or 416 (RFC 9110 sections 13 and 14).

    :param cache: the `Cache-Control` header
    :param direct: let the browser fetch it from the store itself, where ``STORAGE_URL`` says that it may
    :raises FileNotFoundError: there is none
    :raises Unavailable: the store does not answer
    """
    store = cast("ObjectStore", default_storage)
    if direct and store.direct_origin:
        return _elsewhere(store, name)
    file = store.stat(name)
    unchanged = get_conditional_response(request, file.etag, _second(file), None)
    response: HttpResponseBase = unchanged if unchanged is not None else _bytes(request, store, file)
    is_sent = response.status_code in {200, 206}
    headers = {
        "Accept-Ranges": "bytes",
        "Cache-Control": cache if response.status_code < 400 else "no-store",
        "ETag": file.etag,
        "Last-Modified": http_date(_second(file)),
        **({"Content-Type": content_type} if is_sent else {}),
    }
    for header, value in headers.items():
        response.headers[header] = value
    return response


def _bytes(request: HttpRequest, store: ObjectStore, file: Stored) -> HttpResponseBase:
    if request.method == "HEAD":
        return HttpResponse(headers={"Content-Length": str(file.size)})
    try:
        wanted = ranges.parse(request.headers.get("Range", ""), file.size) if _range_counts(request, file) else None
    except ranges.Unsatisfiable:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{file.size}"})
    start, length = (wanted.start, wanted.length) if wanted else (0, file.size)
    response = StreamingHttpResponse(store.stream(file, start, length), status=206 if wanted else 200)
    response.headers["Content-Length"] = str(length)
    if wanted:
        response.headers["Content-Range"] = wanted.content_range
    return response


def _range_counts(request: HttpRequest, file: Stored) -> bool:
    """Whether `If-Range` still names this file; without the header it does."""
    condition = request.headers.get("If-Range", "").strip()
    if not condition:
        return True
    if condition.startswith(('"', "W/")):
        return condition == file.etag
    return parse_http_date_safe(condition) == _second(file)


def _elsewhere(store: ObjectStore, name: str) -> HttpResponseBase:
    response = HttpResponseRedirect(store.address(name, seconds=_DIRECT_SECONDS))
    # Shorter than the address lives, so that a kept answer never leads to a refused one.
    response.headers["Cache-Control"] = f"private, max-age={_DIRECT_SECONDS // 2}"
    return response


def _second(file: Stored) -> int:
    return int(file.modified.timestamp())
