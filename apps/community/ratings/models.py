"""Rows of ratings."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

_STARS = ("useful", "clear", "picture", "level")


class CourseRating(models.Model):
    """How a learner rated a course version that they finished: once, changeable until ``stands_at``, then it is counted and stands.

    ``stars`` is the mean of the aspects, rounded half up. Ratings from before there were aspects have stars alone.
    """

    learner = models.ForeignKey("people.Learner", on_delete=models.PROTECT, related_name="ratings")
    version_id = models.BigIntegerField(help_text="Version in the public catalogue")
    stars = models.PositiveSmallIntegerField()
    useful = models.PositiveSmallIntegerField(null=True, blank=True)
    clear = models.PositiveSmallIntegerField(null=True, blank=True)
    picture = models.PositiveSmallIntegerField(null=True, blank=True)
    level = models.PositiveSmallIntegerField(null=True, blank=True)
    at = models.DateTimeField(db_index=True)
    changed_at = models.DateTimeField(null=True, blank=True)
    stands_at = models.DateTimeField(db_index=True, help_text="From then on it stands; on that day it is counted")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["learner", "version_id"], name="course_rated_once"),
            models.CheckConstraint(name="one_to_five_stars", condition=Q(stars__gte=1, stars__lte=5)),
            models.CheckConstraint(
                name="rating_aspects_whole",
                condition=Q(**{f"{name}__isnull": True for name in _STARS})
                | Q(**{f"{name}__isnull": False for name in _STARS}, **{f"{name}__range": (1, 5) for name in _STARS}),
            ),
            models.CheckConstraint(name="rating_stands_after", condition=Q(stands_at__gte=F("at"))),
        ]

    def __str__(self) -> str:
        return f"{self.version_id}: {self.stars}"


class RatingComment(models.Model):
    """What a learner wrote beside the stars. Shown in the enterprise once a manager has looked; to all only by the platform.

    ``may_share``: the learner agrees that it is shown to other enterprises without name. ``offer``: of `public.remarks`.
    """

    class State(models.TextChoices):
        """Where it stands inside the enterprise."""

        WAITING = "WAITING", _("待审核")
        SHOWN = "SHOWN", _("已展示")
        HIDDEN = "HIDDEN", _("不展示")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    rating = models.OneToOneField(CourseRating, on_delete=models.PROTECT, related_name="comment")
    text = models.CharField(max_length=500)
    may_share = models.BooleanField(default=False)
    written_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    reason = models.CharField(max_length=200, blank=True, help_text="Why it is not shown; the learner reads it")
    decided_by = models.CharField(max_length=80, blank=True, help_text="A reference such as manager:7")
    decided_at = models.DateTimeField(null=True, blank=True)
    offer = models.UUIDField(null=True, blank=True)
    offered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="comment_decided",
                condition=Q(state="WAITING", decided_at=None) | (~Q(state="WAITING") & Q(decided_at__isnull=False)),
            ),
            models.CheckConstraint(name="comment_hidden_with_reason", condition=~Q(state="HIDDEN") | ~Q(reason="")),
            models.CheckConstraint(name="comment_offered_if_shared", condition=Q(offer=None) | Q(may_share=True)),
        ]
        indexes = [models.Index(fields=["written_at"], condition=Q(state="WAITING"), name="comment_waiting")]

    def __str__(self) -> str:
        return str(self.uuid)
