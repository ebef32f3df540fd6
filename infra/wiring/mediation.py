"""What no room can forget to write down: files that leave or come in, and people who are turned away (clause 五.4; GB/T 22239 8.1.4.3 a)."""

import hashlib
import logging
from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse

from infra.kit import clock, origin
from infra.kit.errors import DomainError
from infra.kit.labels import Label
from infra.kit.marking import PERSONS, PLAIN
from public.audit import api as audit
from tenants import limits
from tenants.addresses import client_ip
from tenants.errors import TooMany, Unavailable
from tenants.scope import current, platform_scope

log = logging.getLogger("anxue.mediation")
_FILES = ("application/vnd.openxmlformats", "application/pdf", "application/zip", "text/csv")
_LEARNER = "learner:"
_OURS = ("manager:", _LEARNER)
"""People of an enterprise: what they take out or bring in is about persons."""
_REFUSALS = frozenset({"not_permitted", "managers_only", "learners_only"})
"""Codes of refusals by role in an enterprise; the desk writes down its own (`public.operators.desk`)."""
_OF_THE_PLATFORM = frozenset({"complaint-attachment"})
"""Pages that stand on an enterprise's site and give what is the platform's alone (decision 0066): its own log does not know of them."""
_REFUSALS_NOTED = "30/minute"
"""Of one person: a script that knocks at every door fills no log."""


class MediationMiddleware:
    """Inside of authentication and place. A file is noted after it was made and before it is sent: what cannot be noted does not leave."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass through; note a file that leaves and files that came in."""
        response = self.get_response(request)
        here = origin.current()
        if here is None or current() is None:
            return response
        who = here.who or ("filer" if _page(request) in _OF_THE_PLATFORM else "")
        if not who:
            return response
        if is_file(response):
            _note(request, response, who)
        elif _is_private_picture(response) and not who.startswith(_LEARNER):
            _note_shown(request, response, who)
        if response.status_code < HTTPStatus.BAD_REQUEST:
            for file in _received(request):
                _note_received(request, file, who)
        return response


def is_file(response: HttpResponse) -> bool:
    """Say whether a whole file leaves: saved as such, or of a kind that only files have. Parts of films are no files."""
    if response.status_code != HTTPStatus.OK:
        return False
    saved = str(response.get("Content-Disposition", "")).startswith("attachment")
    return saved or str(response.get("Content-Type", "")).startswith(_FILES)


def _is_private_picture(response: HttpResponse) -> bool:
    """Say whether a picture is shown that no cache may keep: a face, a signature, a scan."""
    kept = str(response.get("Cache-Control", ""))
    is_picture = str(response.get("Content-Type", "")).startswith("image/")
    return is_picture and "no-store" in kept and response.status_code == HTTPStatus.OK and not response.streaming


def _page(request: HttpRequest) -> str:
    return request.resolver_match.view_name if request.resolver_match else ""


def _label(request: HttpRequest, who: str) -> Label:
    match = request.resolver_match
    found: Label | None = getattr(match.func, "label", None) if match else None
    return found or (PERSONS if who.startswith(_OURS) else PLAIN)


def _which(request: HttpRequest) -> str:
    """Return what the address names, e.g. ``uuid=…``; never a text, which may be the secret of a link."""
    kwargs = request.resolver_match.kwargs if request.resolver_match else {}
    return " ".join(f"{key}={value}" for key, value in kwargs.items() if isinstance(value, UUID | int))


def _note_shown(request: HttpRequest, response: HttpResponse, who: str) -> None:
    audit.record("file.shown", actor=who, target=f"page:{_page(request)}", at=clock.now(), ip=client_ip(request),
                 which=_which(request), sha256=hashlib.sha256(response.content).hexdigest(), label=_label(request, who).code)  # fmt: skip


def _note(request: HttpRequest, response: HttpResponse, who: str) -> None:
    name = _page(request)
    if name in _OF_THE_PLATFORM:
        with platform_scope():
            audit.exchanged("file.sent", audit.Direction.OUT, actor="filer", target=f"page:{name}", at=clock.now(), party="filer", what=name,
                            label=PERSONS.code, which=_which(request))  # fmt: skip
        return
    of = _label(request, who)
    size, digest = None, ""
    if not response.streaming:
        size, digest = len(response.content), hashlib.sha256(response.content).hexdigest()
    elif str(response.get("Content-Length", "")).isdecimal():
        size = int(response["Content-Length"])
    audit.exchanged("file.sent", audit.Direction.OUT, actor=who, target=f"page:{name}", at=clock.now(), ip=client_ip(request), party=who,
                    what=name, size=size, digest=digest, label=of.code, which=_which(request))  # fmt: skip
    response["X-Data-Label"] = of.code


def _received(request: HttpRequest) -> "list[UploadedFile[Any]]":
    """Return the files of a form that was read; a body that no view touched is not read for the log's sake."""
    found = getattr(request, "_files", None) if request.method == "POST" else None
    return [file for _name, files in found.lists() for file in files] if found else []


def _note_received(request: HttpRequest, file: "UploadedFile[Any]", who: str) -> None:
    """Note one file that was taken; never its name, which people make of other people's names."""
    name = _page(request)
    digest = hashlib.sha256()
    try:
        file.seek(0)
        for chunk in file.chunks():
            digest.update(chunk)
        said = digest.hexdigest()
    except (ValueError, OSError):  # the view moved it on or closed it
        said = ""
    audit.exchanged("file.received", audit.Direction.IN, actor=who, target=f"page:{name}", at=clock.now(), ip=client_ip(request), party=who,
                    what=name, size=file.size, digest=said, label=PERSONS.code if who.startswith(_OURS) else PLAIN.code)  # fmt: skip


def note_refusal(request: HttpRequest, error: DomainError) -> None:
    """Note that a role was not enough. The answer is given in any case: it gives nothing away."""
    here = origin.current()
    if error.code not in _REFUSALS or here is None or not here.who or current() is None:
        return
    try:
        limits.spend(_REFUSALS_NOTED, "refusals", here.who, client_ip(request))
    except (TooMany, Unavailable):
        return
    match = request.resolver_match
    target = f"page:{match.view_name if match and match.view_name else request.path[:80]}"[:120]
    try:
        audit.record("access.refused", actor=here.who, target=target, at=clock.now(), ip=client_ip(request),
                     result=audit.Result.REFUSED, why=error.code, method=request.method or "")  # fmt: skip
    except DatabaseError:
        log.exception("a refusal could not be written down")
