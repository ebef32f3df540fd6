"""Where the pages stand: on the platform's desk or in an enterprise's console."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse

from public.audit import api as audit
from public.catalogue.api import authoring


@dataclass(frozen=True, slots=True)
class Place:
    """Who writes, how the addresses are called, and what is drawn around the page.

    ``names`` is the first part of every url name; ``frame`` takes the url name of the menu's active line. ``host`` is the
    first part of names in other rooms (``desk-subtitles``), which may not be there on every host.
    """

    writer: authoring.Writer
    names: str
    frame: Callable[[str], dict[str, Any]]
    host: str

    @property
    def is_enterprise(self) -> bool:
        """Whether an enterprise writes for itself."""
        return bool(self.writer.provider_schema)

    def url(self, page: str = "", *args: Any) -> str:
        """Return the address of one of this room's pages here."""
        return reverse(f"{self.names}-{page}" if page else self.names, args=args)

    def other(self, name: str, *args: Any) -> str:
        """Return the address of another room's page on this host, empty where that room has none here."""
        try:
            return reverse(f"{self.host}-{name}", args=args)
        except NoReverseMatch:
            return ""

    def subtitles(self, lesson_id: int, media_id: int) -> str:
        """Return where subtitles are written: the desk's editor, in a console the page that takes a file."""
        return self.url("subtitles", lesson_id) if self.is_enterprise else self.other("subtitles", media_id)

    def go(self, page: str = "", *args: Any) -> HttpResponse:
        """Send the person to one of this room's pages."""
        return redirect(self.url(page, *args))

    def show(
        self, request: HttpRequest, template: str, context: dict[str, Any], *, menu: str = "", status: int = 200
    ) -> HttpResponse:
        """Render a page within the frame; ``menu`` is the page whose menu line is active."""
        around = self.frame(f"{self.names}-{menu}" if menu else self.names)
        own = {"place": self, "names": self.names}
        return render(request, f"authoring/{template}", {**around, **own, **context}, status=status)

    def note(self, action: str, target: str, at: datetime) -> None:
        """Write into the audit log what was done, in the enterprise's own log where it was one of its people."""
        kind = "manager" if self.is_enterprise else "operator"
        audit.record(
            action,
            actor=f"{kind}:{self.writer.credential_id}",
            target=target,
            at=at,
            name=self.writer.name,
            schema_name=self.writer.provider_schema,
        )


Page = Callable[..., HttpResponseBase]
"""A page of this room: ``(request, place, **what the address names)``."""
