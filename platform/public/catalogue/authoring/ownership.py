"""Whose a course is: a platform author's own drafts, or everything that one enterprise provides."""

from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from infra.kit.errors import DomainError
from public.catalogue.models import CourseVersion
from public.catalogue.queries import not_found

ENTERPRISE_AUTHOR = 0
"""Author of versions that an enterprise provides: its managers are nobody's colleagues on the platform, whose ids start at 1."""


@dataclass(frozen=True, slots=True)
class Writer:
    """Who writes. ``provider_schema`` is the enterprise's schema, empty for a platform author."""

    credential_id: int
    name: str
    provider_schema: str = ""

    @property
    def author_id(self) -> int:
        """What a version written by this person names as its author."""
        return ENTERPRISE_AUTHOR if self.provider_schema else self.credential_id

    @property
    def versions(self) -> Q:
        """The versions this person may see and change."""
        return Q(course__provider_schema=self.provider_schema, author_id=self.author_id)


def own_version(version_id: int, by: Writer, *, hold: bool = False) -> CourseVersion:
    """Return one of the writer's own versions in any state.

    :raises DomainError: ``not_found``, also for somebody else's
    """
    rows = CourseVersion.objects.select_related("course", "trainer")
    if hold:
        rows = rows.select_for_update(of=("self",))
    row = rows.filter(by.versions, pk=version_id).first()
    if row is None:
        raise not_found(_("课程版本"))
    return row


def own_draft(version_id: int, by: Writer) -> CourseVersion:
    """Return one of the writer's drafts, held for the transaction so that it cannot be submitted meanwhile.

    :raises DomainError: ``not_found``; ``frozen`` once it was submitted
    """
    row = own_version(version_id, by, hold=True)
    if row.state != CourseVersion.State.DRAFT:
        message = _("这一版已提交，内容不能再改。需要修改时，请新建一个版本。")
        raise DomainError("frozen", message, status=409, state=row.state)
    return row
