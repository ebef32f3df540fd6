"""The upload protocol, S3's multipart in our own words: begin, list parts, sign a part, put it, complete, abort.

Mounted once per kind of host: `upload_router` gets whoever may upload there.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, cast
from uuid import UUID

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from ninja import Path, Router, Schema, Status
from ninja.utils import check_csrf
from pydantic import Field

from infra.kit import clock
from infra.kit.errors import DomainError
from public.operators import api as operators
from public.uploads import queries, rules, services

_SALT = "public.uploads.part"
Number = Annotated[int, Path(ge=1, le=10_000)]


@dataclass(frozen=True, slots=True)
class Uploader:
    """Who uploads: credential and, for people of an enterprise, its schema.

    ``purposes``: only for these, empty for any; ``day_bytes``: what may come in 24 hours.
    """

    owner_id: int
    provider_schema: str = ""
    purposes: tuple[str, ...] = ()
    day_bytes: int = rules.DAY_BYTES


def operator_uploader(request: HttpRequest) -> Uploader | None:
    """Let everybody upload who does the platform's business and has passed both steps; administrators do none of it."""
    credential = operators.signed_in(request)
    me = operators.operator_of(credential) if credential else None
    return Uploader(me.credential_id) if me and not me.is_administrator else None


class BeginIn(Schema):
    """A file that is about to come."""

    file_name: Annotated[str, Field(min_length=1, max_length=1000)]
    size: Annotated[int, Field(ge=0, le=1 << 62)]
    purpose: Annotated[str, Field(max_length=20)]
    fingerprint: Annotated[str, Field(max_length=64)] = ""


class UploadOut(Schema):
    """Where an upload stands; ``part_size`` in bytes."""

    uuid: UUID
    state: str
    file_name: str
    size: int
    part_size: int
    kind: str
    error: str
    is_scanned: bool


class OpenOut(UploadOut):
    """An unfinished upload with the bytes that arrived."""

    received: int


class PartOut(Schema):
    """One part that arrived."""

    number: int
    size: int
    etag: str


class LinkOut(Schema):
    """Where to PUT one part, for 15 minutes."""

    url: str


def upload_router(auth: Callable[[HttpRequest], Uploader | None]) -> Router:
    """Return the routes for one kind of host.

    :param auth: returns who uploads, or None (401); may raise a DomainError for people who may not
    """
    router = Router(tags=["uploads"])
    router.get("", auth=auth, response=list[OpenOut])(list_open)
    router.post("", auth=auth, response={201: UploadOut})(begin)
    router.get("/{upload}", auth=auth, response=UploadOut)(state)
    router.delete("/{upload}", auth=auth, response={204: None})(abort)
    router.get("/{upload}/parts", auth=auth, response=list[PartOut])(list_parts)
    router.post("/{upload}/parts/{number}/sign", auth=auth, response=LinkOut)(sign)
    router.put("/{upload}/parts/{number}")(put_part)
    router.post("/{upload}/complete", auth=auth, response=UploadOut)(complete)
    return router


def list_open(request: HttpRequest, purpose: str) -> list[dict[str, Any]]:
    """List one's unfinished uploads for a purpose, so that a page can offer to go on."""
    who = _who(request)
    found = queries.unfinished(owner_id=who.owner_id, provider_schema=who.provider_schema, purpose=purpose)
    return [_out(one) | {"received": sum(part.size for part in queries.parts(one.uuid))} for one in found]


def begin(request: HttpRequest, body: BeginIn) -> Status[dict[str, Any]]:
    """Open an upload, or go on with the open one of the same file."""
    _refuse_foreign_forms(request)
    who = _who(request)
    opened = services.begin(
        owner_id=who.owner_id,
        provider_schema=who.provider_schema,
        purpose=body.purpose if not who.purposes or body.purpose in who.purposes else "",
        day_bytes=who.day_bytes,
        file_name=body.file_name,
        size=body.size,
        fingerprint=body.fingerprint,
        at=clock.now(),
    )
    return Status(201, _out(opened))


def state(request: HttpRequest, upload: UUID) -> dict[str, Any]:
    """Tell where one's upload stands."""
    return _out(_own(request, upload))


def abort(request: HttpRequest, upload: UUID) -> Status[None]:
    """Cancel an open upload."""
    _refuse_foreign_forms(request)
    services.abort(upload=_own(request, upload).uuid)
    return Status(204, None)


def list_parts(request: HttpRequest, upload: UUID) -> list[dict[str, Any]]:
    """List what arrived, for going on."""
    found = queries.parts(_own(request, upload).uuid)
    return [{"number": part.number, "size": part.size, "etag": part.etag} for part in found]


def sign(request: HttpRequest, upload: UUID, number: Number) -> dict[str, str]:
    """Return the short-lived address of one part."""
    _refuse_foreign_forms(request)
    mine = _own(request, upload)
    link = services.sign_part(upload=mine.uuid, number=number)
    return {"url": link or f"{request.path.removesuffix('/sign')}?sig={_signature(mine.uuid, number)}"}


def put_part(request: HttpRequest, upload: UUID, number: Number, sig: str = "") -> HttpResponse:
    """Take one part. Its signed address is the permission, as at an object store: no cookie, no form token."""
    try:
        signed = signing.loads(sig, salt=_SALT, max_age=rules.LINK_S)
    except signing.BadSignature as error:
        raise _bad_link() from error
    if signed != [str(upload), number]:
        raise _bad_link()
    declared = request.META.get("CONTENT_LENGTH") or ""
    etag = services.accept_part(
        upload=upload,
        number=number,
        body=request,  # type: ignore[arg-type]  # a request reads like a file
        declared=int(declared) if declared.isdecimal() else None,
        at=clock.now(),
    )
    return HttpResponse(status=200, headers={"ETag": f'"{etag}"', "Cache-Control": "no-store"})


def complete(request: HttpRequest, upload: UUID) -> dict[str, Any]:
    """Close an upload whose parts are all there."""
    _refuse_foreign_forms(request)
    return _out(services.complete(upload=_own(request, upload).uuid, at=clock.now()))


def _signature(upload: UUID, number: int) -> str:
    return signing.dumps([str(upload), number], salt=_SALT)


def _bad_link() -> DomainError:
    return DomainError("bad_link", _("上传地址已失效，请点“继续”重新开始这一段。"), status=403)


def _who(request: HttpRequest) -> Uploader:
    return cast(Uploader, request.auth)  # type: ignore[attr-defined]


def _own(request: HttpRequest, upload: UUID) -> queries.UploadView:
    who = _who(request)
    return queries.own_upload(upload, owner_id=who.owner_id, provider_schema=who.provider_schema)


def _out(view: queries.UploadView) -> dict[str, Any]:
    names = ("uuid", "state", "file_name", "size", "part_size", "kind", "error", "is_scanned")
    return {name: getattr(view, name) for name in names}


def _refuse_foreign_forms(request: HttpRequest) -> None:
    if check_csrf(request) is not None:
        raise DomainError("csrf", _("页面已过期，请刷新后重试。"), status=403)
