"""Rows of the shared catalogue. Public rows are retired, never deleted; a published version never changes."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Trainer(models.Model):
    """A person who teaches courses."""

    name = models.CharField(max_length=40)
    qualification = models.CharField(max_length=200, blank=True)
    enterprise_may = ("SELECT",)

    def __str__(self) -> str:
        return self.name


class Course(models.Model):
    """One course under a code; what people see of it is its current version."""

    code = models.CharField(max_length=40, unique=True)
    audience = models.CharField(max_length=4)
    industry_code = models.CharField(max_length=5, default="ALL")
    industry = models.CharField(max_length=40)
    topic = models.CharField(max_length=4)
    training_category = models.CharField(max_length=60)
    alternative_to = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="alternatives")
    created_at = models.DateTimeField()
    enterprise_may = ("SELECT",)

    def __str__(self) -> str:
        return self.code


class CourseVersion(models.Model):
    """An immutable edition of a course: frozen at submission, published after four passed angles."""

    class State(models.TextChoices):
        """Life of a version."""

        DRAFT = "DRAFT", _("草稿")
        IN_REVIEW = "IN_REVIEW", _("审核中")
        PUBLISHED = "PUBLISHED", _("已发布")
        RETIRED = "RETIRED", _("已下架")

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
    author_id = models.BigIntegerField(help_text="Credential of the platform person who wrote it")
    created_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    enterprise_may = ("SELECT",)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["course", "number"], name="version_number_once"),
            models.UniqueConstraint(fields=["course"], condition=Q(state="PUBLISHED"), name="one_published_version"),
            models.CheckConstraint(name="published_has_a_date", condition=~Q(state="PUBLISHED") | Q(published_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.course_id} V{self.number}"


class MediaAsset(models.Model):
    """One rendered film: encrypted HLS segments in storage, keys sealed here, length measured from the file."""

    class State(models.TextChoices):
        """Progress of the pipeline."""

        QUEUED = "QUEUED", _("排队中")
        PROCESSING = "PROCESSING", _("制作中")
        READY = "READY", _("可播放")
        FAILED = "FAILED", _("失败")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    progress = models.PositiveSmallIntegerField(default=0)
    duration_ms = models.PositiveIntegerField(null=True, blank=True)
    package = models.JSONField(null=True, blank=True, help_text="Segments with durations, key numbers and IVs")
    keys_sealed = models.BinaryField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)
    source = models.JSONField(default=dict, help_text="What it is made from, e.g. {'lesson_no': 1, 'full_hour': false}")
    updated_at = models.DateTimeField()
    enterprise_may = ("SELECT",)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="ready_media_is_measured",
                condition=~Q(state="READY") | Q(duration_ms__gt=0, package__isnull=False, keys_sealed__isnull=False),
            ),
            models.CheckConstraint(name="media_progress_percent", condition=Q(progress__lte=100)),
        ]

    def __str__(self) -> str:
        return str(self.uuid)


class Courseware(models.Model):
    """One lesson of a version. Its length is that of its media, never a number somebody typed."""

    version = models.ForeignKey(CourseVersion, on_delete=models.PROTECT, related_name="coursewares")
    no = models.PositiveIntegerField()
    title = models.CharField(max_length=120)
    media = models.ForeignKey(MediaAsset, on_delete=models.PROTECT)
    enterprise_may = ("SELECT",)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "no"], name="courseware_number_once")]

    def __str__(self) -> str:
        return f"{self.no} {self.title}"


class PublishLog(models.Model):
    """Who made which version of a course the current one, and which it replaced. Undo is a new entry."""

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


class Question(models.Model):
    """One question of the shared bank, in one version."""

    class Kind(models.TextChoices):
        """How it is answered."""

        SINGLE = "single", _("单选题")
        MULTIPLE = "multiple", _("多选题")
        JUDGE = "judge", _("判断题")

    code = models.CharField(max_length=20, unique=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    topic = models.CharField(max_length=40, db_index=False)
    difficulty = models.PositiveSmallIntegerField()
    stem = models.TextField()
    options = models.JSONField(help_text='[{"key": "A", "text": "…"}]')
    answer = models.JSONField(help_text='["A"]')
    explanation = models.TextField(blank=True)
    basis = models.CharField(max_length=200, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)
    enterprise_may = ("SELECT",)

    class Meta:
        indexes = [models.Index(fields=["topic"], name="question_topic", condition=Q(retired_at__isnull=True))]

    def __str__(self) -> str:
        return self.code


class TrainingRequirement(models.Model):
    """Hours that the law asks of one kind of trainee, as a dated row: law changes, old plans keep their row."""

    class Stage(models.TextChoices):
        """When the training is due."""

        INITIAL = "INITIAL", _("初次培训")
        ANNUAL = "ANNUAL", _("年度再培训")
        EVENT = "EVENT", _("按事由培训")

    code = models.CharField(max_length=20)
    stage = models.CharField(max_length=10, choices=Stage.choices)
    title = models.CharField(max_length=80)
    hours = models.PositiveIntegerField(
        null=True, blank=True, help_text="Legal floor in credit hours; empty where the law names none"
    )
    suggested_hours = models.PositiveIntegerField(default=0)
    levels = models.JSONField(default=dict, help_text="Three-level split in hours, tenant may move it")
    basis = models.CharField(max_length=200)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    enterprise_may = ("SELECT",)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "stage", "valid_from"], name="requirement_once_per_date"),
            models.CheckConstraint(
                name="requirement_period", condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.stage}"
