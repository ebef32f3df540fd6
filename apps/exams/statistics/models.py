"""Rows of the statistics. All of them can be counted anew from tries; none of them is the record of anything."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

__all__ = ["AnswerFact", "CountedAttempt", "QuestionFace", "SimilarPair"]


class CountedAttempt(models.Model):
    """That a finished try has been taken apart into facts, with so many corrections considered (``entries``)."""

    attempt = models.OneToOneField("exams.Attempt", on_delete=models.CASCADE, primary_key=True, related_name="+")
    entries = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.attempt_id}"


class AnswerFact(models.Model):
    """One answer of one finished try, as the statistics count it.

    ``chosen``: texts of the options, the same whatever letters the paper gave them; what was typed into gaps; nothing of written answers.
    ``points`` as they are now, corrections included; ``counts`` is false where the question was left out.
    """

    attempt = models.ForeignKey("exams.Attempt", on_delete=models.CASCADE, related_name="+")
    learner = models.ForeignKey("people.Learner", on_delete=models.CASCADE, related_name="+")
    plan = models.ForeignKey("plans.TrainingPlan", on_delete=models.CASCADE, related_name="+")
    number = models.PositiveSmallIntegerField(help_text="Which try: 1 for the first")
    no = models.PositiveSmallIntegerField()
    bank = models.CharField(max_length=10)
    question = models.CharField(max_length=40)
    version = models.PositiveIntegerField()
    part = models.PositiveSmallIntegerField(default=0, help_text="Which question of a case, 0 for none")
    kind = models.CharField(max_length=10)
    worth = models.PositiveSmallIntegerField()
    points = models.PositiveSmallIntegerField()
    blank = models.BooleanField()
    counts = models.BooleanField(default=True)
    chosen = ArrayField(models.TextField(), default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["attempt", "no"], name="answer_fact_once")]
        indexes = [
            models.Index(fields=["question", "version", "part", "number"], name="answer_fact_question"),
            models.Index(fields=["plan", "number"], name="answer_fact_plan"),
        ]

    def __str__(self) -> str:
        return f"{self.attempt_id} #{self.no}"


class QuestionFace(models.Model):
    """What a question version looked like on the paper that was counted first, with its key: so that no paper has to be opened."""

    bank = models.CharField(max_length=10)
    question = models.CharField(max_length=40)
    version = models.PositiveIntegerField()
    part = models.PositiveSmallIntegerField(default=0)
    stem = models.CharField(max_length=200)
    topic = models.CharField(max_length=80)
    item = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["question", "version", "part", "bank"], name="question_face_once")]

    def __str__(self) -> str:
        return self.stem


class SimilarPair(models.Model):
    """Two first tries of one plan whose wrong answers are alike beyond chance: something to look at, never a verdict.

    ``same_wrong`` (EEIC), ``both_wrong`` (EIC), ``different`` (D) over ``common`` questions; ``chance`` is the probability that so many
    wrong answers agree by themselves, times the number of pairs compared. ``circumstances``: what else they share (`similarity`).
    """

    plan = models.ForeignKey("plans.TrainingPlan", on_delete=models.CASCADE, related_name="+")
    one = models.ForeignKey("exams.Attempt", on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey("exams.Attempt", on_delete=models.CASCADE, related_name="+")
    common = models.PositiveSmallIntegerField()
    both_wrong = models.PositiveSmallIntegerField()
    same_wrong = models.PositiveSmallIntegerField()
    different = models.PositiveSmallIntegerField()
    chance = models.FloatField()
    circumstances = models.JSONField(default=dict)
    found_at = models.DateTimeField()
    note = models.CharField(max_length=300, blank=True, help_text="Of who looked at it")
    noted_by = models.CharField(max_length=80, blank=True)
    noted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="similar_pair_once"),
            models.CheckConstraint(name="similar_pair_in_order", condition=Q(one__lt=F("other"))),
        ]
        indexes = [models.Index(fields=["plan", "chance"], name="similar_pair_of_plan")]

    def __str__(self) -> str:
        return f"{self.one_id} ~ {self.other_id}"
