"""Rows of notices. A notice is what somebody is told; deliveries are how it left the house."""

from __future__ import annotations

import uuid as uuid_module
from datetime import time

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

__all__ = ["Delivery", "Notice", "NoticeChoice", "NoticeSettings", "Robot", "SmsDay"]


class Notice(models.Model):
    """One thing that one person is told, once: ``kind`` and ``about`` together never tell the same person twice.

    ``kind`` names a template (``kinds.py``), ``context`` fills it: names, titles, numbers and dates as a person reads them, never an ID or
    mobile number. The row is itself the message in the product. ``planned_at``: deliveries over other channels have been laid out.
    """

    uuid = models.UUIDField(default=uuid_module.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=40)
    learner = models.ForeignKey("people.Learner", on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    manager = models.ForeignKey("people.Manager", on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    about = models.CharField(max_length=120)
    context = models.JSONField(default=dict)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    planned_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="notice_one_recipient",
                condition=models.Q(learner__isnull=False, manager__isnull=True)
                | models.Q(learner__isnull=True, manager__isnull=False),
            ),
            models.UniqueConstraint(fields=["kind", "learner", "about"], name="notice_once_per_learner"),
            models.UniqueConstraint(fields=["kind", "manager", "about"], name="notice_once_per_manager"),
        ]
        indexes = [
            models.Index(fields=["learner", "-at", "-id"], name="notice_of_learner"),
            models.Index(fields=["manager", "-at", "-id"], name="notice_of_manager"),
            models.Index(fields=["learner"], name="notice_unread_learner", condition=models.Q(read_at__isnull=True)),
            models.Index(fields=["manager"], name="notice_unread_manager", condition=models.Q(read_at__isnull=True)),
            models.Index(fields=["id"], name="notice_unplanned", condition=models.Q(planned_at__isnull=True)),
            models.Index(fields=["at"], name="notice_by_age"),
        ]

    def __str__(self) -> str:
        return f"notice {self.kind} #{self.pk}"


class NoticeSettings(models.Model):
    """What the enterprise has chosen: one row, made with the first change. ``off``: entries ``kind/channel``."""

    quiet_from = models.TimeField(default=time(21, 0))
    quiet_to = models.TimeField(default=time(8, 0))
    digest = models.BooleanField(default=False)
    digest_at = models.TimeField(default=time(9, 0))
    sms_per_day = models.PositiveIntegerField(default=2000)
    off = ArrayField(models.CharField(max_length=60), default=list, blank=True)

    def __str__(self) -> str:
        return "settings of notices"


class NoticeChoice(models.Model):
    """What one person has chosen, as learner and as manager alike. ``off``: entries ``kind/channel``.

    ``mail_sealed``: a mail address that the person has proved to read; ``mobile_sealed``: a manager's own login number, which otherwise
    is known only as a blind index.
    """

    credential = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    digest = models.BooleanField(default=False)
    off = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    mail_sealed = models.BinaryField(default=b"")
    mobile_sealed = models.BinaryField(default=b"")
    sealed_columns = {"mail_sealed": "notice-mail", "mobile_sealed": "notice-mobile"}

    def __str__(self) -> str:
        return f"choice of credential #{self.credential_id}"


class Robot(models.Model):
    """A robot in a group chat of the enterprise. Only the key out of its address is kept, sealed: nobody chooses where we connect to."""

    class Vendor(models.TextChoices):
        """Whose group chat."""

        WECOM = "WECOM", _("企业微信")
        DINGTALK = "DINGTALK", _("钉钉")

    name = models.CharField(max_length=40)
    vendor = models.CharField(max_length=10, choices=Vendor.choices)
    token_sealed = models.BinaryField()
    secret_sealed = models.BinaryField(default=b"", help_text="DingTalk's 加签")
    kinds = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    is_on = models.BooleanField(default=True)
    by = models.ForeignKey("people.Manager", on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    sealed_columns = {"token_sealed": "robot-token", "secret_sealed": "robot-secret"}

    def __str__(self) -> str:
        return f"robot #{self.pk}"


class Delivery(models.Model):
    """One notice on its way over one channel. ``once`` keeps a second one from being laid out.

    ``lost`` counts tries that never reported back: their worker died between sending and writing that down. Such a delivery is tried
    once more, and no third time, so a crash repeats a message at most once.
    """

    class Channel(models.TextChoices):
        """How it leaves the house."""

        SMS = "sms", _("短信")
        MAIL = "mail", _("邮件")
        ROBOT = "robot", _("群机器人")

    class State(models.TextChoices):
        """Life cycle: WAITING → SENDING → SENT, or FAILED (tried again at ``next_at``) and in the end GIVEN_UP."""

        WAITING = "WAITING", _("待发送")
        SENDING = "SENDING", _("发送中")
        SENT = "SENT", _("已发送")
        FAILED = "FAILED", _("失败，将重试")
        GIVEN_UP = "GIVEN_UP", _("已放弃")

    uuid = models.UUIDField(default=uuid_module.uuid4, unique=True, editable=False)
    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="deliveries")
    channel = models.CharField(max_length=5, choices=Channel.choices)
    robot = models.ForeignKey(Robot, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    once = models.CharField(max_length=200, unique=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    in_digest = models.BooleanField(default=False)
    tries = models.PositiveSmallIntegerField(default=0)
    lost = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    code = models.CharField(max_length=40, blank=True, default="", help_text="Why the last try failed; never personal data")
    at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["next_at", "id"],
                name="delivery_due",
                condition=models.Q(state__in=["WAITING", "SENDING", "FAILED"]),
            ),
            models.Index(fields=["-at", "-id"], name="delivery_newest"),
            models.Index(fields=["state", "-at", "-id"], name="delivery_by_state"),
        ]

    def __str__(self) -> str:
        return f"delivery {self.channel} {self.state} #{self.pk}"


class SmsDay(models.Model):
    """How many text messages left on one day of Zhejiang; counted before sending, so that two workers cannot overspend."""

    day = models.DateField(unique=True)
    used = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.day}: {self.used}"
