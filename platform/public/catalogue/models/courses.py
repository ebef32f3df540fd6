"""Courses, their versions and lessons, and the taxonomy they stand in."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from public.catalogue.models.media import MediaAsset
from public.catalogue.models.trainers import Trainer


class Topic(models.Model):
    """A node of the taxonomy: audience > industry > chapter of the training outline (clause R3.6: several trainers, one topic)."""

    class Level(models.TextChoices):
        """How deep a node lies."""

        AUDIENCE = "AUDIENCE", _("培训对象")
        INDUSTRY = "INDUSTRY", _("行业")
        CHAPTER = "CHAPTER", _("大纲章节")

    code = models.CharField(max_length=40, unique=True, help_text="Path of the codes, e.g. CY/C/TS")
    level = models.CharField(max_length=10, choices=Level.choices)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    title = models.CharField(max_length=80)
    outline = models.CharField(max_length=200, blank=True, help_text="Document that the chapter comes from")
    position = models.PositiveIntegerField(default=0)
    retired_at = models.DateTimeField(null=True, blank=True)
    enterprise_may = ("SELECT",)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="only_audiences_have_no_parent",
                condition=Q(level="AUDIENCE", parent__isnull=True) | (~Q(level="AUDIENCE") & Q(parent__isnull=False)),
            )
        ]

    def __str__(self) -> str:
        return self.code


class Course(models.Model):
    """One course under a code, by one trainer; what people see of it is its current version."""

    code = models.CharField(max_length=40, unique=True)
    audience = models.CharField(max_length=4)
    industry_code = models.CharField(max_length=5, default="ALL")
    industry = models.CharField(max_length=40)
    topic = models.CharField(max_length=4)
    training_category = models.CharField(max_length=60)
    alternative_to = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="alternatives")
    place = models.ForeignKey(Topic, null=True, blank=True, on_delete=models.PROTECT, related_name="courses")
    provider_schema = models.CharField(max_length=63, blank=True, help_text="Enterprise that wrote it; empty: the platform")
    is_private = models.BooleanField(default=False, help_text="Only the enterprise that wrote it may select it")
    created_at = models.DateTimeField()
    enterprise_may = ("SELECT",)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="only_enterprises_have_private_courses", condition=Q(is_private=False) | ~Q(provider_schema="")
            )
        ]

    def __str__(self) -> str:
        return self.code


class CourseVersion(models.Model):
    """An immutable edition of a course: frozen at submission, published after four passed angles."""

    class QuizRule(models.TextChoices):
        """What the course's quizzes mean for its hours."""

        NONE = "none", _("学时照常计入，测验单独完成")
        VOID_UNTIL_DONE = "void-until-done", _("测验通过前，本课程学时不计入")
        """Exclusion rule (e): the whole course is void until its on-line test is done."""

    class State(models.TextChoices):
        """Life of a version."""

        DRAFT = "DRAFT", _("草稿")
        IN_REVIEW = "IN_REVIEW", _("审核中")
        PUBLISHED = "PUBLISHED", _("已发布")
        RETIRED = "RETIRED", _("已下架")
        """Not for new plans; whoever started it keeps it."""
        HELD = "HELD", _("暂停使用")
        """Hidden while a report about it is looked into: neither learnt nor chosen, and given back unchanged when the report was wrong."""
        RECALLED = "RECALLED", _("已召回")
        """Taken down at once, also from those who are learning it."""

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    title = models.CharField(max_length=120)
    key_points = models.JSONField(default=list)
    legal_basis = models.JSONField(default=list)
    format = models.CharField(max_length=40)
    difficulty = models.CharField(max_length=10, blank=True)
    question_topics = models.JSONField(default=list)
    trainer = models.ForeignKey(Trainer, on_delete=models.PROTECT)
    review_cycle_months = models.PositiveIntegerField(default=12)
    quiz_rule = models.CharField(max_length=16, choices=QuizRule.choices, default=QuizRule.NONE, db_default="none")
    author_id = models.BigIntegerField(help_text="Credential of the platform person who wrote it")
    created_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    review_due_on = models.DateField(null=True, blank=True, help_text="Day by which a published version is reviewed again")
    origin = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="successors")
    visible_to = models.CharField(max_length=63, blank=True, help_text="Schema of the only enterprise that may see it")
    enterprise_may = ("SELECT",)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["course", "number"], name="version_number_once"),
            models.UniqueConstraint(fields=["course"], condition=Q(state="PUBLISHED"), name="one_published_version"),
            models.CheckConstraint(name="published_has_a_date", condition=~Q(state="PUBLISHED") | Q(published_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.course_id} V{self.number}"


class Chapter(models.Model):
    """A heading over some lessons of a version."""

    version = models.ForeignKey(CourseVersion, on_delete=models.PROTECT, related_name="chapters")
    no = models.PositiveIntegerField()
    title = models.CharField(max_length=120)
    enterprise_may = ("SELECT",)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "no"], name="chapter_number_once")]

    def __str__(self) -> str:
        return f"{self.no} {self.title}"


class Courseware(models.Model):
    """One lesson of a version. Its length is that of its media, never a number somebody typed; one without media is a `Quiz`."""

    QUIZ = "QUIZ"
    """Kind of a lesson that asks and shows nothing, beside the kinds of media."""

    version = models.ForeignKey(CourseVersion, on_delete=models.PROTECT, related_name="coursewares")
    chapter = models.ForeignKey(Chapter, null=True, blank=True, on_delete=models.PROTECT, related_name="coursewares")
    no = models.PositiveIntegerField(help_text="Runs through the whole version")
    title = models.CharField(max_length=120)
    media = models.ForeignKey(MediaAsset, on_delete=models.PROTECT, null=True, blank=True)
    enterprise_may = ("SELECT",)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "no"], name="courseware_number_once")]

    def __str__(self) -> str:
        return f"{self.no} {self.title}"

    @property
    def kind(self) -> str:
        """VIDEO, AUDIO, DOCUMENT or QUIZ."""
        return self.media.kind if self.media else self.QUIZ
