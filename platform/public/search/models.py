"""Rows of the search: the index, the words that mean the same, and what enterprises report of courses."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tenants.database.stamps import EnterpriseSchema

_BROWSED = [
    "is_open",
    "visible_to",
    "quality",
    "audience",
    "industry",
    "topic",
    "hours",
    "category",
    "rating",
    "trainer",
    "provider",
    "published_at",
    "duration_ms",
    "rating_bound",
    "ratings",
]
"""What a list without a question reads of every row; from the index alone, a quarter of the time."""


class Entry(models.Model):
    """What search knows of one published version. Made anew from the catalogue at any time (`index.refresh`).

    ``is_open`` and ``visible_to`` follow the version by a trigger, in the same transaction: what is recalled is not found.
    """

    version = models.OneToOneField("catalogue.CourseVersion", on_delete=models.CASCADE, primary_key=True, related_name="+")
    course_id = models.BigIntegerField()
    is_open = models.BooleanField(default=True, help_text="The version is the published one")
    visible_to = models.CharField(max_length=63, blank=True, help_text="Schema of the only enterprise that may see it")
    code = models.CharField(max_length=40)
    title = models.CharField(max_length=120)
    trainer = models.CharField(max_length=40)
    key_points = models.JSONField(default=list)
    audience = models.CharField(max_length=4)
    industry = models.CharField(max_length=40)
    topic = models.CharField(max_length=4)
    place = models.CharField(max_length=40, blank=True, help_text="Code of the taxonomy's node")
    category = models.CharField(max_length=60)
    provider = models.CharField(max_length=80, blank=True, help_text="Enterprise that offers it; empty: the platform")
    hours = models.CharField(max_length=1)
    rating = models.CharField(max_length=1, default="0")
    duration_ms = models.PositiveBigIntegerField(default=0)
    published_at = models.DateTimeField()
    rating_bound = models.FloatField(null=True, blank=True)
    ratings = models.PositiveIntegerField(default=0)
    aspects = models.JSONField(default=dict, help_text='What the ratings prove by aspect, {"useful": 4.1, …}')
    completion = models.FloatField(null=True, blank=True)
    passing = models.FloatField(null=True, blank=True)
    quality = models.FloatField(default=1.0)
    title_key = models.CharField(max_length=120)
    letters = models.TextField(help_text="Pinyin and initials of title | key points, trainer; code")
    head = SearchVectorField(help_text="Title, code (A), key points, trainer (B): small, it ranks")
    near = SearchVectorField(help_text="The same words as they sound, with one character left out: for misspelt questions")
    body = SearchVectorField(help_text="Everything, with lesson titles and subtitles")
    digest = models.CharField(max_length=32, help_text="Of all that the row was made from")
    indexed_at = models.DateTimeField()
    enterprise_may = ("SELECT",)

    class Meta:
        indexes = [
            GinIndex(fields=["near"], name="entry_near", fastupdate=False),
            GinIndex(fields=["body"], name="entry_body", fastupdate=False),
            GinIndex(fields=["letters"], opclasses=["gin_trgm_ops"], name="entry_letters", fastupdate=False),
            models.Index(fields=["course_id"], name="entry_course"),
            models.Index(fields=["version"], include=_BROWSED, name="entry_browse"),
        ]

    def __str__(self) -> str:
        return self.code


class Synonym(models.Model):
    """Words that mean the same to people who look for a course."""

    words = models.JSONField(help_text='["有限空间", "受限空间"]')
    note = models.CharField(max_length=120, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)
    enterprise_may = ("SELECT",)

    def __str__(self) -> str:
        return " / ".join(self.words)


class QualityDaily(models.Model):
    """One enterprise's figures of one course on one day in Zhejiang. Written once by the enterprise's own role."""

    schema_name = models.CharField(max_length=63, db_default=EnterpriseSchema())
    day = models.DateField()
    course_id = models.BigIntegerField()
    starts = models.PositiveIntegerField(default=0)
    completions = models.PositiveIntegerField(default=0)
    attempts = models.PositiveIntegerField(default=0)
    passes = models.PositiveIntegerField(default=0)
    ratings = models.PositiveIntegerField(default=0)
    rating_sum = models.PositiveIntegerField(default=0)
    told = models.PositiveIntegerField(default=0)
    useful_sum = models.PositiveIntegerField(default=0)
    clear_sum = models.PositiveIntegerField(default=0)
    picture_sum = models.PositiveIntegerField(default=0)
    level_sum = models.PositiveIntegerField(default=0)
    append_only = True
    enterprise_may = ("SELECT", "INSERT")

    class Meta:
        db_table = "search_quality_daily"
        constraints = [
            models.UniqueConstraint(fields=["schema_name", "day", "course_id"], name="quality_once_a_day"),
            models.CheckConstraint(
                name="quality_stars_1_to_5",
                condition=Q(rating_sum__gte=models.F("ratings"), rating_sum__lte=models.F("ratings") * 5),
            ),
            models.CheckConstraint(
                name="quality_aspects_1_to_5",
                condition=Q(told__lte=models.F("ratings"))
                & Q(useful_sum__gte=models.F("told"), useful_sum__lte=models.F("told") * 5)
                & Q(clear_sum__gte=models.F("told"), clear_sum__lte=models.F("told") * 5)
                & Q(picture_sum__gte=models.F("told"), picture_sum__lte=models.F("told") * 5)
                & Q(level_sum__gte=models.F("told"), level_sum__lte=models.F("told") * 5),
            ),
        ]
        indexes = [models.Index(fields=["course_id", "day"], name="quality_course")]

    def __str__(self) -> str:
        return f"{self.course_id} {self.day}"


class CourseQuality(models.Model):
    """All enterprises' figures of one course together, and whether operators should look. Not for enterprises' eyes."""

    class Reason(models.TextChoices):
        """Why operators should look."""

        RATING = "RATING", _("评分偏低")
        PASSING = "PASSING", _("考试通过率偏低")

    course = models.OneToOneField("catalogue.Course", on_delete=models.CASCADE, primary_key=True, related_name="+")
    starts = models.PositiveIntegerField(default=0)
    completions = models.PositiveIntegerField(default=0)
    attempts = models.PositiveIntegerField(default=0)
    passes = models.PositiveIntegerField(default=0)
    ratings = models.PositiveIntegerField(default=0)
    rating_sum = models.PositiveIntegerField(default=0)
    told = models.PositiveIntegerField(default=0)
    useful_sum = models.PositiveIntegerField(default=0)
    clear_sum = models.PositiveIntegerField(default=0)
    picture_sum = models.PositiveIntegerField(default=0)
    level_sum = models.PositiveIntegerField(default=0)
    low_since = models.DateTimeField(null=True, blank=True)
    handled_at = models.DateTimeField(null=True, blank=True, help_text="When an operator dealt with the present low")
    handled_by = models.BigIntegerField(null=True, blank=True)
    handled_note = models.CharField(max_length=200, blank=True)
    counted_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.course_id)
