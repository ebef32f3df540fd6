"""Rows of community: each room keeps its own, Django finds them here."""

from apps.community.ratings.models import CourseRating, RatingComment

__all__ = ["CourseRating", "RatingComment"]
