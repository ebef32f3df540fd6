"""Rows of community: each room keeps its own, Django finds them here."""

from apps.community.ratings.models import CourseRating, RatingComment
from apps.community.threads.models import BannedWord, Canned, Post, Report, Sent, TalkRule, Thread, Vote

__all__ = ["BannedWord", "Canned", "CourseRating", "Post", "RatingComment", "Report", "Sent", "TalkRule", "Thread", "Vote"]
