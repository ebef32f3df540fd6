"""Who may read and who may edit the subtitles of a film."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from infra.kit.errors import DomainError
from public.catalogue import api as catalogue
from public.catalogue.api import Footage, Showing
from public.operators.api import Me, Role
from public.subtitles.services import DRAFT


@dataclass(frozen=True, slots=True)
class Access:
    """What one operator may do with one film's subtitles; ``why_not`` is empty where they may edit."""

    film: Footage
    showings: list[Showing]
    why_not: Any

    @property
    def may_edit(self) -> bool:
        """Whether changes are taken."""
        return not self.why_not

    @property
    def lesson(self) -> Showing | None:
        """The lesson to name the film by: that of the newest version."""
        return max(self.showings, key=lambda one: one.version_id, default=None)

    @property
    def frozen_in(self) -> list[Showing]:
        """The lessons of versions past their draft that show the film."""
        return [one for one in self.showings if one.version_state != DRAFT]

    def copyable(self, me: Me) -> Showing | None:
        """Return this author's draft lesson that could have a copy of the frozen film to correct, or None."""
        own = [one for one in self.showings if one.version_state == DRAFT and one.author_id == me.credential_id]
        may_copy = me.role == Role.AUTHOR and self.film.is_ready and bool(self.frozen_in)
        return max(own, key=lambda one: one.version_id, default=None) if may_copy else None


def access(me: Me, media_id: int) -> Access:
    """Return what an operator may do: authors edit films of their own drafts, reviewers and operations read.

    :raises DomainError: ``not_found``, also for another author's film
    """
    film = catalogue.footage(media_id)
    shown = catalogue.showings(media_id=media_id)
    own = film.owner_id == me.credential_id or any(one.author_id == me.credential_id for one in shown)
    if me.role == Role.AUTHOR and not own:
        raise DomainError("not_found", _("没有找到这部影片，它可能已被替换。请从课程页面重新打开。"), status=404)
    return Access(film, shown, _why_not(me, shown))


def require_edit(me: Me, media_id: int) -> Access:
    """Return the access of somebody who may edit.

    :raises DomainError: ``forbidden``, ``not_found``
    """
    found = access(me, media_id)
    if not found.may_edit:
        raise DomainError("forbidden", found.why_not, status=403)
    return found


def _why_not(me: Me, shown: list[Showing]) -> Any:
    if me.role != Role.AUTHOR:
        return _("只有课程作者可以修改字幕，您可以查看和导出。")
    if any(one.version_state != DRAFT for one in shown):
        return _("课程已提交审核或已发布，字幕随版本锁定，只能查看和导出。")
    return ""
