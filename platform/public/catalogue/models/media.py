"""Media: one row for each film, sound or document that a lesson shows."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class MediaAsset(models.Model):
    """One film, sound or document, made ready to be shown: files in storage, keys sealed here, length measured from the file."""

    class Kind(models.TextChoices):
        """What it is. A document's length is its pages times the least time that reading one takes."""

        VIDEO = "VIDEO", _("视频")
        AUDIO = "AUDIO", _("音频")
        DOCUMENT = "DOCUMENT", _("文档")

    class State(models.TextChoices):
        """Progress of the pipeline."""

        QUEUED = "QUEUED", _("排队中")
        PROCESSING = "PROCESSING", _("制作中")
        READY = "READY", _("可播放")
        FAILED = "FAILED", _("失败")

    class Stage(models.TextChoices):
        """Steps of the pipeline, as people are told."""

        FETCH = "FETCH", _("取回文件")
        PROBE = "PROBE", _("检测文件")
        LOUDNESS = "LOUDNESS", _("检测音量与静音")
        ENCODE = "ENCODE", _("转码与加密")
        PREVIEW = "PREVIEW", _("生成封面与缩略图")
        CONVERT = "CONVERT", _("转换为 PDF")
        PAGES = "PAGES", _("生成页面")
        STORE = "STORE", _("保存成品")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.VIDEO)
    upload = models.UUIDField(null=True, blank=True, help_text="What it is made from, where people uploaded it")
    attempts = models.PositiveSmallIntegerField(default=0)
    owner_id = models.BigIntegerField(null=True, blank=True, help_text="Credential of the platform person who uploaded it")
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    progress = models.PositiveSmallIntegerField(default=0)
    stage = models.CharField(max_length=12, blank=True, choices=Stage.choices, help_text="What is being done now")
    duration_ms = models.PositiveIntegerField(null=True, blank=True)
    package = models.JSONField(null=True, blank=True, help_text="Segments with durations, key numbers and IVs")
    keys_sealed = models.BinaryField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)
    source = models.JSONField(default=dict, help_text="What it is made from, e.g. {'lesson_no': 1, 'full_hour': false}")
    updated_at = models.DateTimeField()
    enterprise_may = ("SELECT",)
    sealed_columns = {"keys_sealed": "media/{uuid}"}

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
