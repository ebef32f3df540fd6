"""Questions of both banks: the platform's and the enterprise's own. What can be drawn now, and what a version says."""

from collections.abc import Iterable, Sequence

from apps.exams.papers.shapes import Row
from public.questions import api as questions


def entries(rows: Sequence[Row]) -> list[questions.Entry]:
    """Return the questions that any of these rows may take, and some that none does; one query for each bank that is asked."""
    if not rows:
        return []
    found: list[questions.Entry] = []
    shared, ours = (
        [row for row in rows if row.bank in {"", questions.SHARED}],
        [row for row in rows if row.bank != questions.SHARED],
    )
    if shared:
        found += questions.pool(topics=_topics(shared))
    return found


def everything() -> list[questions.Entry]:
    """Return every question of both banks that can be drawn now; two queries."""
    return questions.pool(topics=None)


def items(refs: Iterable[questions.Ref]) -> dict[questions.Ref, questions.Item]:
    """Return what these versions say; those that are not there any more are absent. One query for each bank that is named."""
    wanted = list(refs)
    return questions.items(wanted)


def _topics(rows: Sequence[Row]) -> list[str] | None:
    """Return the topics that narrow the search; None where a row asks for more than topics say."""
    if any(row.points or not row.topics for row in rows):
        return None
    return sorted({topic for row in rows for topic in row.topics})
