"""Where the pages stand: on the platform's desk or in an enterprise's console, and who may see and write there."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from infra.kit.errors import DomainError
from public.catalogue import api as catalogue
from public.catalogue.api import VersionLabel, authoring
from public.operators.api import Role


@dataclass(frozen=True, slots=True)
class Place:
    """Who stands where. ``names`` begins every url name (``desk-rights``), ``frame`` takes the menu's active line,
    ``course_url`` leads from a version's register back to its course. An enterprise's people stand as authors.
    """

    by: authoring.Writer
    role: str
    names: str
    frame: Callable[[str], dict[str, Any]]
    course_url: Callable[[int], str]

    @property
    def owner(self) -> authoring.Writer | None:
        """Whose versions this person sees; None: everybody's."""
        return self.by if self.role == Role.AUTHOR else None

    def owns(self, version: VersionLabel) -> bool:
        """Whether this person, or their enterprise, wrote the version."""
        return (version.author_id, version.provider_schema) == (self.by.author_id, self.by.provider_schema)

    def seen(self, version_id: int) -> VersionLabel:
        """Return a version that this person may see.

        :raises DomainError: ``not_found`` (404), also for somebody else's
        """
        found = catalogue.labels([version_id]).get(version_id)
        if found is None or (self.owner and not self.owns(found)):
            raise DomainError("not_found", _("没有找到课程版本，它可能已下架。"), status=404)
        return found

    def may_write(self, version: VersionLabel) -> bool:
        """Whether this person may register for a version: its author always, operations what is out of the author's hands."""
        if self.role == Role.AUTHOR:
            return self.owns(version)
        return self.role == Role.OPERATIONS and version.state not in {"DRAFT", "IN_REVIEW"}

    def writable(self, version_id: int) -> VersionLabel:
        """Return a version for somebody who may write.

        :raises DomainError: ``not_found`` (404); ``forbidden`` (403)
        """
        found = self.seen(version_id)
        if not self.may_write(found):
            raise DomainError("forbidden", _("版权由课程作者登记；课程发布后平台运营也可以更新授权。"), status=403)
        return found

    def url(self, page: str = "", *args: Any) -> str:
        """Return the address of one of this room's pages here."""
        return reverse(f"{self.names}-{page}" if page else self.names, args=args)

    def go(self, version_id: int) -> HttpResponse:
        """Send the person to a version's register."""
        return redirect(self.url("", version_id))

    def show(self, request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
        """Render a page within the frame."""
        around = self.frame(f"{self.names}-all")
        return render(request, f"rights/{template}", {**around, "place": self, "names": self.names, **context}, status=status)


Page = Callable[..., Any]
"""A page of this room: ``(request, place, **what the address names)``."""
