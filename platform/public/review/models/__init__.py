"""Rows of the review: submissions, tasks, signed verdicts, findings, re-reviews, law articles, the policy."""

from public.review.models.batches import BatchVerdict, BatchVersion, QuestionBatch
from public.review.models.decisions import Angle, Decision, Submission
from public.review.models.findings import Finding, FindingEntry
from public.review.models.laws import Citation, LawArticle
from public.review.models.rereviews import ReReview
from public.review.models.tasks import ReviewPolicy, ReviewTask

__all__ = [
    "Angle",
    "BatchVerdict",
    "BatchVersion",
    "Citation",
    "Decision",
    "Finding",
    "FindingEntry",
    "LawArticle",
    "QuestionBatch",
    "ReReview",
    "ReviewPolicy",
    "ReviewTask",
    "Submission",
]
