"""Rows of identity. What a face leaves behind is sealed with a key of its own for each person, so that one deletion forgets it all."""

from __future__ import annotations

import uuid as uuid_module

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Method(models.TextChoices):
    """The two ways of equal worth to prove who one is (PIPL art. 16: refusing one must cost nothing)."""

    FACE = "face", _("人脸识别")
    CODE = "code", _("短信验证码")


class Purpose(models.TextChoices):
    """What a proof is for."""

    ENROL = "enrol", _("登记人脸")
    OPEN = "open", _("开始学习")
    PRESENCE = "presence", _("在岗核验")
    EXAM = "exam", _("考试")


class Outcome(models.TextChoices):
    """How a check stands. Only PENDING and REVIEW move on."""

    PENDING = "pending", _("等待核验")
    PASS = "pass", _("通过")
    RETRY = "retry", _("请再拍一次")
    REVIEW = "review", _("等待人工复核")
    FAIL = "fail", _("未通过")


class Identity(models.Model):
    """What one learner chose, and the enrolled face if there is one.

    ``key_sealed`` is a random key of this person, itself sealed for the enterprise; template, photos and features are sealed with
    it. Emptying it makes all of them unreadable at once, also in backups of the object store. ``trust``: who vouched at enrolment.
    """

    class Trust(models.TextChoices):
        """Who said that the enrolled face is the learner's."""

        LIVE = "live", _("现场拍摄")
        ID_PHOTO = "id_photo", _("与证件照比对")
        AUTHORITY = "authority", _("权威身份核验")
        PERSON = "person", _("人工核对")

    learner = models.OneToOneField("people.Learner", on_delete=models.PROTECT, related_name="identity")
    method = models.CharField(max_length=4, choices=Method.choices, blank=True)
    notice_version = models.CharField(max_length=20, blank=True)
    chosen_at = models.DateTimeField(null=True, blank=True)
    told_version = models.CharField(
        max_length=20, blank=True, default="", db_default="", help_text="Of the privacy notice that the learner has read"
    )
    told_at = models.DateTimeField(null=True, blank=True)
    key_sealed = models.BinaryField(default=b"")
    template_sealed = models.BinaryField(default=b"", help_text="128 little-endian float32, and the fingerprint of the photo")
    photo = models.CharField(max_length=200, blank=True, help_text="Storage name of the sealed enrolled photo; served by nothing")
    provider = models.CharField(max_length=60, blank=True, help_text="Model that made the template")
    trust = models.CharField(max_length=10, choices=Trust.choices, blank=True)
    enrolled_at = models.DateTimeField(null=True, blank=True)
    locked_until = models.DateTimeField(
        null=True, blank=True, help_text="Too many failures: the face rests, the code still works"
    )
    sealed_columns = {"key_sealed": "identity-key"}
    sealed_by_person = ("template_sealed", "photo")

    class Meta:
        constraints = [
            models.CheckConstraint(name="no_template_without_key", condition=Q(template_sealed=b"") | ~Q(key_sealed=b"")),
        ]

    def __str__(self) -> str:
        return f"identity of learner {self.learner_id}"

    @property
    def is_enrolled(self) -> bool:
        """Whether there is a face to compare with."""
        return bool(self.template_sealed)


class Liveness(models.Model):
    """One challenge: poses to hold, in an order that the server drew. Good for one burst of frames within seconds."""

    uuid = models.UUIDField(default=uuid_module.uuid4, unique=True, editable=False)
    learner = models.ForeignKey("people.Learner", on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=10, choices=Purpose.choices)
    actions = models.JSONField(help_text='e.g. ["left", "straight", "right"]')
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return str(self.uuid)


class FaceCheck(models.Model):
    """One burst of frames that was handed in, what the engine saw and how it was judged.

    ``frames`` names the sealed burst until it is judged, then what is kept of it; ``features_sealed`` is what later bursts are
    compared with. ``digests`` are SHA-256 of the frames as they came: they go into the statutory record.
    """

    uuid = models.UUIDField(default=uuid_module.uuid4, unique=True, editable=False)
    learner = models.ForeignKey("people.Learner", on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=10, choices=Purpose.choices)
    about = models.CharField(max_length=120, blank=True, help_text="What the caller asked for, e.g. presence:<uuid>")
    terminal = models.CharField(max_length=64, blank=True)
    challenge = models.ForeignKey(Liveness, on_delete=models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.PENDING)
    provider = models.CharField(max_length=60, blank=True)
    score = models.FloatField(null=True, blank=True, help_text="Cosine with the enrolled face, -1 to 1")
    flags = models.JSONField(default=list)
    digests = models.JSONField(default=list)
    frames = models.CharField(max_length=200, blank=True)
    features_sealed = models.BinaryField(default=b"")
    tries = models.PositiveSmallIntegerField(default=0)
    at = models.DateTimeField()
    judged_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey("people.Manager", on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=200, blank=True)
    sealed_by_person = ("features_sealed", "frames")
    erased_when_packed = True

    class Meta:
        indexes = [
            models.Index(fields=["learner", "-at"], name="face_check_of_learner"),
            models.Index(fields=["at"], condition=Q(outcome="pending"), name="face_check_waiting"),
            models.Index(fields=["at"], condition=Q(outcome="review"), name="face_check_to_review"),
        ]

    def __str__(self) -> str:
        return str(self.uuid)


class Proof(models.Model):
    """A learner has proved on one terminal who is there. Opens lessons on that terminal for 12 hours."""

    learner = models.ForeignKey("people.Learner", on_delete=models.PROTECT, related_name="+")
    terminal = models.CharField(max_length=64)
    method = models.CharField(max_length=4, choices=Method.choices)
    at = models.DateTimeField()
    check_uuid = models.UUIDField(null=True, blank=True)
    instead = models.BooleanField(default=False, help_text="A code asked for in place of the face, e.g. without a camera")
    erased_when_packed = True

    class Meta:
        indexes = [models.Index(fields=["learner", "terminal", "-at"], name="proof_newest")]

    def __str__(self) -> str:
        return f"{self.method} of learner {self.learner_id}"
