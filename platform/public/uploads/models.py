"""Rows of uploads. They are the platform's; an enterprise sees and changes only its own (row-level security)."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Upload(models.Model):
    """One file that somebody sends in parts: OPEN while parts come, CHECKING once whole, then READY or REFUSED."""

    class State(models.TextChoices):
        """Where it stands."""

        OPEN = "OPEN", _("上传中")
        CHECKING = "CHECKING", _("检查中")
        READY = "READY", _("可使用")
        REFUSED = "REFUSED", _("未通过检查")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner_id = models.BigIntegerField(help_text="Credential of who sends it")
    provider_schema = models.CharField(max_length=63, blank=True, help_text="Enterprise of the sender; empty: the platform")
    purpose = models.CharField(max_length=20)
    file_name = models.CharField(max_length=255)
    size = models.PositiveBigIntegerField()
    part_size = models.PositiveIntegerField()
    fingerprint = models.CharField(max_length=64, blank=True, help_text="The browser's mark of the file, to find it again")
    remote = models.CharField(max_length=1024, blank=True, help_text="Id of the multipart upload at the object store")
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    kind = models.CharField(max_length=10, blank=True)
    content_type = models.CharField(max_length=100, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    is_scanned = models.BooleanField(default=False)
    reason = models.CharField(max_length=40, blank=True)
    error = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    touched_at = models.DateTimeField()
    key_sealed = models.BinaryField(null=True, blank=True, help_text="Key of the encrypted file; empty: it lies in clear")
    sealed_columns = {"key_sealed": "upload/{uuid}"}
    enterprise_may = ("SELECT", "INSERT", "UPDATE", "DELETE")

    class Meta:
        constraints = [
            models.CheckConstraint(name="upload_has_bytes", condition=Q(size__gt=0, part_size__gt=0)),
            models.CheckConstraint(name="ready_upload_is_known", condition=~Q(state="READY") | (~Q(kind="") & ~Q(sha256=""))),
            models.CheckConstraint(name="refused_upload_says_why", condition=~Q(state="REFUSED") | ~Q(error="")),
            models.UniqueConstraint(
                fields=["provider_schema", "owner_id", "purpose", "fingerprint", "size"],
                condition=Q(state="OPEN") & ~Q(fingerprint=""),
                name="one_open_upload_of_a_file",
            ),
        ]
        indexes = [models.Index(fields=["state", "touched_at"], name="upload_waiting")]

    def __str__(self) -> str:
        return str(self.uuid)


class UploadPart(models.Model):
    """One part that arrived whole in our own store (an object store keeps its own list)."""

    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField()
    size = models.PositiveIntegerField()
    etag = models.CharField(max_length=64)
    at = models.DateTimeField()
    enterprise_may = ("SELECT", "INSERT", "UPDATE", "DELETE")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["upload", "number"], name="part_once"),
            models.CheckConstraint(name="part_numbers_from_one", condition=Q(number__gte=1, size__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.upload_id}/{self.number}"
