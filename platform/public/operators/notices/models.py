"""Rows: where an operator wants mail, and what each was told."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class OperatorMail(models.Model):
    """The address that one operator proved by a code; sealed, and only shown masked, to its owner."""

    credential = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    sealed = models.BinaryField()
    proven_at = models.DateTimeField()
    sealed_columns: ClassVar[dict[str, Any]] = {"sealed": "operator-mail/{credential_id}"}

    def __str__(self) -> str:
        return f"mail of #{self.credential_id}"


class OperatorNotice(models.Model):
    """Something one operator was told, once: ``about`` says of what, e.g. ``site-paper:<uuid>:60``. It is the outbox of its mail, too.

    ``kind`` names who can put it in words (`telling.register`), ``facts`` is what the words are made of; no personal data.
    """

    class Mail(models.TextChoices):
        """How far the mail is. ``MOOT``: what it was about was settled, or the operator left, before it went out."""

        WAITING = "WAITING", _("待发送")
        SENT = "SENT", _("已发送")
        NO_ADDRESS = "NO_ADDRESS", _("没有留邮箱")
        FAILED = "FAILED", _("没有送出")
        MOOT = "MOOT", _("不必再发")

    credential = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=40)
    about = models.CharField(max_length=120)
    facts = models.JSONField(default=dict)
    at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True, blank=True)
    mail = models.CharField(max_length=10, choices=Mail.choices, default=Mail.WAITING)
    mailed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["credential", "about"], name="operator_told_once"),
            models.CheckConstraint(
                name="operator_mailed_at_some_time",
                condition=Q(mail="SENT", mailed_at__isnull=False) | (~Q(mail="SENT") & Q(mailed_at=None)),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["credential", "-at"], name="operator_notice_by_reader"),
            models.Index(fields=["id"], name="operator_notice_to_mail", condition=Q(mail="WAITING")),
            models.Index(fields=["about"], name="operator_notice_by_about"),
        ]

    def __str__(self) -> str:
        return f"{self.about} to #{self.credential_id}"
