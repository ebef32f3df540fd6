"""The rules in force."""

from public.review.models import ReviewPolicy


def policy() -> ReviewPolicy:
    """Return the newest row; the migration writes the first."""
    return ReviewPolicy.objects.order_by("-at", "-id")[0]


def policy_history(*, most: int = 10) -> list[ReviewPolicy]:
    """Return who set which rules, newest first."""
    return list(ReviewPolicy.objects.order_by("-at", "-id")[:most])
