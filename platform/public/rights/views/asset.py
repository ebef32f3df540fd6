"""One asset: entering, correcting, renewing, taking out, and its evidence."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from infra.kit import clock
from infra.kit.errors import DomainError
from public.catalogue import api as catalogue
from public.catalogue.api import VersionLabel
from public.rights import queries, services
from public.rights.checks import EVIDENCE_KINDS
from public.rights.forms import AssetForm, filled
from public.rights.models import RightsAsset
from public.rights.place import Place
from public.uploads import api as uploads


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, place: Place, version_id: int) -> HttpResponse:
    """Enter an asset."""
    version = place.writable(version_id)
    day = clock.shanghai_date(clock.now())
    form = _form(request, place, version, {"valid_from": day, "may_transmit": True, "kind": request.GET.get("kind", "")})
    if _saved(request, form, lambda: services.register(version_id=version_id, facts=form.facts(), by=place.by, at=clock.now())):
        messages.success(request, _("已登记。"))
        return place.go(version_id)
    return _show(request, place, version, form, _("登记素材"))


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, place: Place, asset_id: int) -> HttpResponse:
    """Correct an asset of a draft."""
    row = queries.asset(asset_id)
    version = place.writable(row.version_id)
    form = _form(request, place, version, filled(row))
    if _saved(request, form, lambda: services.amend(asset_id=asset_id, facts=form.facts(), by=place.by, at=clock.now())):
        messages.success(request, _("已保存。"))
        return place.go(row.version_id)
    return _show(request, place, version, form, _("修改登记"), row=row)


@require_http_methods(["GET", "POST"])
def renew(request: HttpRequest, place: Place, asset_id: int) -> HttpResponse:
    """Replace an asset of a published version by one with a longer term or newer evidence."""
    row = queries.asset(asset_id)
    version = place.writable(row.version_id)
    form = _form(request, place, version, filled(row))
    if _saved(request, form, lambda: services.renew(asset_id=asset_id, facts=form.facts(), by=place.by, at=clock.now())):
        messages.success(request, _("授权已更新，原记录保留在历史中。"))
        return place.go(row.version_id)
    return _show(request, place, version, form, _("更新授权"), row=row)


def _form(request: HttpRequest, place: Place, version: VersionLabel, initial: dict[str, Any]) -> AssetForm:
    known: dict[str, Any] = {
        "lessons": catalogue.lesson_kinds([version.id]),
        "may_declare": place.owns(version),
    }
    return AssetForm(request.POST, **known) if request.method == "POST" else AssetForm(initial=initial, **known)


def _saved(request: HttpRequest, form: AssetForm, write: Callable[[], object]) -> bool:
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        write()
    except DomainError as error:
        field = error.details.get("field")
        form.add_error(field if field in form.fields else None, str(error.message))
        return False
    return True


def _show(
    request: HttpRequest, place: Place, version: VersionLabel, form: AssetForm, title: Any, *, row: RightsAsset | None = None
) -> HttpResponse:
    evidence = _named(form["evidence"].value())
    context = {"page_title": title, "version": version, "form": form, "row": row, "evidence": evidence}
    status = 422 if form.errors else 200
    return place.show(request, "asset.html", context, status=status)


def _named(value: Any) -> uploads.UploadView | None:
    """Return the upload that a form names, so that its file name is shown again after an error elsewhere."""
    try:
        return uploads.upload(UUID(str(value))) if value else None
    except (ValueError, DomainError):
        return None


@require_POST
def evidence_arrived(request: HttpRequest, place: Place) -> HttpResponse:
    """Answer the upload widget: put the finished file into the form that is being filled in."""
    try:
        found = uploads.require_ready(UUID(request.POST.get("upload", "")), kinds=EVIDENCE_KINDS)
    except ValueError as error:
        raise DomainError("unknown_upload", _("没有收到文件，请重新上传。")) from error
    if (found.owner_id, found.provider_schema) != (place.by.credential_id, place.by.provider_schema):
        raise DomainError("not_your_upload", _("授权证明须由登记人自己上传，请重新上传。"), status=403)
    return render(request, "rights/_evidence.html", {"evidence": found, "arrived": True})


@require_POST
def remove(request: HttpRequest, place: Place, asset_id: int) -> HttpResponse:
    """Take an asset out of a draft."""
    place.writable(queries.asset(asset_id).version_id)
    version_id = services.remove(asset_id=asset_id, by=place.by, at=clock.now())
    messages.success(request, _("已删除这条登记。"))
    return place.go(version_id)


@require_GET
def evidence(request: HttpRequest, place: Place, asset_id: int) -> HttpResponseBase:
    """Give the scan as a download, never to be run inside our pages."""
    row = queries.asset(asset_id)
    place.seen(row.version_id)
    if row.evidence is None:
        raise DomainError("not_found", _("这条登记没有上传证明文件。"), status=404)
    found = uploads.upload(row.evidence)
    response = FileResponse(uploads.open_upload(row.evidence), as_attachment=True, filename=found.file_name)
    response["Content-Type"] = found.content_type or "application/octet-stream"
    response["X-Content-Type-Options"] = "nosniff"
    return response
