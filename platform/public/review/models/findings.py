"""What reviewers found, pinned to its place, and what was said about it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from public.review.models.decisions import Angle, Submission


class Finding(models.Model):
    """One fault or wish, pinned to a second of a film, a page, a question or the whole version.

    Lessons are named by their number and title in the submission, because a draft's rows may be written anew.
    """

    class Place(models.TextChoices):
        """What it is pinned to."""

        WHOLE = "WHOLE", _("整个课程")
        SECOND = "SECOND", _("视频时间点")
        PAGE = "PAGE", _("文档页码")
        QUESTION = "QUESTION", _("试题")

    class Severity(models.TextChoices):
        """Whether it must be mended before the version passes."""

        MUST = "MUST", _("必须修改")
        SHOULD = "SHOULD", _("建议修改")

    class State(models.TextChoices):
        """Whose turn it is."""

        OPEN = "OPEN", _("待作者答复")
        ANSWERED = "ANSWERED", _("待审核员确认")
        RESOLVED = "RESOLVED", _("已解决")

    version = models.ForeignKey("catalogue.CourseVersion", on_delete=models.PROTECT, related_name="findings")
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="findings")
    angle = models.CharField(max_length=14, choices=Angle.choices)
    place = models.CharField(max_length=8, choices=Place.choices)
    lesson_no = models.PositiveIntegerField(null=True, blank=True)
    media = models.UUIDField(null=True, blank=True)
    lesson_title = models.CharField(max_length=120, blank=True)
    at_ms = models.PositiveIntegerField(null=True, blank=True)
    page = models.PositiveIntegerField(null=True, blank=True)
    question = models.CharField(max_length=20, blank=True)
    severity = models.CharField(max_length=6, choices=Severity.choices)
    text = models.CharField(max_length=500)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    by_id = models.BigIntegerField()
    by_name = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="finding_is_pinned_to_one_place",
                condition=Q(place="WHOLE", lesson_no=None, at_ms=None, page=None, question="")
                | Q(place="SECOND", lesson_no__isnull=False, at_ms__isnull=False, page=None, question="")
                | Q(place="PAGE", lesson_no__isnull=False, at_ms=None, page__gte=1, question="")
                | (Q(place="QUESTION", lesson_no=None, at_ms=None, page=None) & ~Q(question="")),
            )
        ]
        indexes = [models.Index(fields=["version", "state"], name="finding_of_version")]

    def __str__(self) -> str:
        return f"{self.version_id} {self.angle} {self.state}"


class FindingEntry(models.Model):
    """One word in the talk about a finding: the author's answer, the reviewer's yes or no to it."""

    class Kind(models.TextChoices):
        """What was done."""

        ANSWER = "ANSWER", _("作者答复")
        RESOLVE = "RESOLVE", _("确认解决")
        REOPEN = "REOPEN", _("重新打开")

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    text = models.CharField(max_length=500, blank=True)
    by_id = models.BigIntegerField()
    by_name = models.CharField(max_length=60)
    at = models.DateTimeField()
    append_only = True

    def __str__(self) -> str:
        return f"{self.finding_id} {self.kind}"
