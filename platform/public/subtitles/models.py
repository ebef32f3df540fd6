"""Subtitle tracks and every state they were ever saved in."""

from django.db import models
from django.utils.translation import gettext_lazy as _

LANGUAGE = "zh-Hans"


class Source(models.TextChoices):
    """Where a state of a track comes from."""

    STUDIO = "STUDIO", _("随片生成")
    IMPORT = "IMPORT", _("导入文件")
    EDITOR = "EDITOR", _("在线编辑")
    RESTORE = "RESTORE", _("恢复历史版本")


class SubtitleTrack(models.Model):
    """The subtitles of one film or sound in one language (clause 三.4: simplified Chinese, in standard characters)."""

    media = models.ForeignKey("catalogue.MediaAsset", on_delete=models.PROTECT, related_name="subtitle_tracks")
    language = models.CharField(max_length=10, default=LANGUAGE)
    cues = models.JSONField(help_text='[{"start_ms": 0, "end_ms": 2000, "text": "…"}] in order of their start')
    text = models.TextField(blank=True, help_text="The words of all cues, for search")
    source = models.CharField(max_length=8, choices=Source.choices)
    edited_by_id = models.BigIntegerField(null=True, blank=True, help_text="Credential; empty: made with the film")
    edited_by = models.CharField(max_length=60, blank=True)
    edited_at = models.DateTimeField()
    revision = models.PositiveIntegerField(default=1)
    enterprise_may = ("SELECT",)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["media", "language"], name="one_track_per_language")]

    def __str__(self) -> str:
        return f"{self.media_id} {self.language} r{self.revision}"


class TrackRevision(models.Model):
    """One saved state of a track. Undo saves an old state as a new one, so nothing is ever lost."""

    track = models.ForeignKey(SubtitleTrack, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    cues = models.JSONField()
    source = models.CharField(max_length=8, choices=Source.choices)
    edited_by_id = models.BigIntegerField(null=True, blank=True)
    edited_by = models.CharField(max_length=60, blank=True)
    edited_at = models.DateTimeField()
    append_only = True

    class Meta:
        constraints = [models.UniqueConstraint(fields=["track", "number"], name="revision_number_once")]

    def __str__(self) -> str:
        return f"{self.track_id} r{self.number}"
