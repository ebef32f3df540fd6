"""What happened to published versions, and what enterprises are told about it."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from public.catalogue.models.courses import Course, CourseVersion


class PublishLog(models.Model):
    """Who made which version of a course the current one, and which it replaced. Undo is a new entry."""

    class Kind(models.TextChoices):
        """What was done."""

        PUBLISH = "PUBLISH", _("发布")
        UNDO = "UNDO", _("撤销发布")
        RETIRE = "RETIRE", _("下架")
        RECALL = "RECALL", _("紧急召回")
        HOLD = "HOLD", _("暂停使用")
        RELEASE = "RELEASE", _("恢复使用")

    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.PUBLISH)
    course = models.ForeignKey(Course, on_delete=models.PROTECT)
    from_version = models.ForeignKey(CourseVersion, null=True, on_delete=models.PROTECT, related_name="+")
    to_version = models.ForeignKey(CourseVersion, null=True, on_delete=models.PROTECT, related_name="+")
    by_id = models.BigIntegerField()
    reason = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    append_only = True

    class Meta:
        constraints = [models.CheckConstraint(name="publish_changes_something", condition=~Q(from_version=F("to_version")))]

    def __str__(self) -> str:
        return f"{self.course_id}: {self.from_version_id} -> {self.to_version_id}"


class Notice(models.Model):
    """News about a published version for the enterprises that use it."""

    class Kind(models.TextChoices):
        """What happened."""

        RECALLED = "RECALLED", _("课程召回")
        HELD = "HELD", _("课程暂停")
        RELEASED = "RELEASED", _("课程恢复")
        RETIRED = "RETIRED", _("课程下架")
        RIGHTS = "RIGHTS", _("版权到期")
        LAW = "LAW", _("法规变化")
        REVIEWED = "REVIEWED", _("复审结论")
        NEW_VERSION = "NEW_VERSION", _("新版本")

    kind = models.CharField(max_length=12, choices=Kind.choices)
    version = models.ForeignKey(CourseVersion, on_delete=models.PROTECT, related_name="notices")
    text = models.CharField(max_length=500)
    at = models.DateTimeField()
    append_only = True
    enterprise_may = ("SELECT",)

    class Meta:
        indexes = [models.Index(fields=["version", "-at"], name="notice_latest")]

    def __str__(self) -> str:
        return f"{self.kind} {self.version_id}"
