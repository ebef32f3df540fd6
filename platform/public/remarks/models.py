"""What enterprises offer, and what of it everybody may read. No row names a learner; only `Offer` knows an enterprise."""

import uuid

from django.db import models
from django.db.models import Func, Q
from django.utils.translation import gettext_lazy as _


class EnterpriseSchema(Func):
    """The schema of the database role that runs the statement; stamped by the database, not by the application."""

    function = "enterprise_schema"
    output_field = models.CharField()


class Offer(models.Model):
    """A remark that an enterprise offers for everybody: the text is free of persons already. Written once, decided by the platform.

    ``schema_name`` says whose row it is (row-level security); no page shows it.
    """

    class State(models.TextChoices):
        """Where it stands."""

        WAITING = "WAITING", _("待处理")
        SHOWN = "SHOWN", _("已展示")
        REFUSED = "REFUSED", _("未采用")
        REMOVED = "REMOVED", _("已撤下")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    schema_name = models.CharField(max_length=63, db_default=EnterpriseSchema())
    course_id = models.BigIntegerField()
    version_id = models.BigIntegerField()
    course_title = models.CharField(max_length=120)
    stars = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=500)
    offered_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    reason = models.CharField(max_length=200, blank=True)
    decided_by = models.CharField(max_length=80, blank=True, help_text="A reference such as operator:7")
    decided_at = models.DateTimeField(null=True, blank=True)
    enterprise_may = ("SELECT", "INSERT")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="offer_decided_once",
                condition=Q(state="WAITING", decided_at=None) | (~Q(state="WAITING") & Q(decided_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="offer_refused_with_reason", condition=~Q(state__in=["REFUSED", "REMOVED"]) | ~Q(reason="")
            ),
            models.CheckConstraint(name="offer_stars_1_to_5", condition=Q(stars__gte=1, stars__lte=5)),
        ]
        indexes = [models.Index(fields=["offered_at"], condition=Q(state="WAITING"), name="offer_waiting")]

    def __str__(self) -> str:
        return str(self.uuid)


class Remark(models.Model):
    """A remark beside a course, for everybody who may see the course. Nothing in the row leads back to an enterprise.

    ``shown_on`` is a day and not a moment, for the same reason.
    """

    offer = models.OneToOneField(Offer, on_delete=models.PROTECT, related_name="remark")
    course_id = models.BigIntegerField()
    stars = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=500)
    shown_on = models.DateField()
    removed_at = models.DateTimeField(null=True, blank=True)
    enterprise_may = ("SELECT",)

    class Meta:
        indexes = [models.Index(fields=["course_id", "-shown_on"], condition=Q(removed_at__isnull=True), name="remark_of_course")]

    def __str__(self) -> str:
        return f"{self.course_id} {self.shown_on}"
