"""Addresses of the room, for any host."""

from collections.abc import Callable

from django.http import HttpResponseBase
from django.urls import URLPattern, path

from public.rights.place import Page
from public.rights.views import asset, overview, version

Door = Callable[[Page], Callable[..., HttpResponseBase]]
"""Turns a page into a view: lets people in and gives the page its `Place`."""

_PAGES: tuple[tuple[str, str, Page], ...] = (
    ("", "all", overview.listing),
    ("/<int:version_id>", "", version.detail),
    ("/<int:version_id>/add", "add", asset.add),
    ("/<int:version_id>/people", "people", version.people),
    ("/<int:version_id>/copy", "copy", version.copy),
    ("/evidence", "evidence-arrived", asset.evidence_arrived),
    ("/assets/<int:asset_id>", "edit", asset.edit),
    ("/assets/<int:asset_id>/renew", "renew", asset.renew),
    ("/assets/<int:asset_id>/remove", "remove", asset.remove),
    ("/assets/<int:asset_id>/evidence", "evidence", asset.evidence),
)


def routes(*, root: str, names: str, door: Door) -> list[URLPattern]:
    """Return the room's addresses under ``root`` (``desk/rights``), their names beginning with ``names`` (``desk-rights``)."""
    return [path(f"{root}{tail}", door(page), name=f"{names}-{name}" if name else names) for tail, name, page in _PAGES]
