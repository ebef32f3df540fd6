"""Questions of both banks: the platform's and the enterprise's own. What can be drawn now, and what a version says."""

from collections.abc import Iterable, Sequence

from apps.exams.bank import queries as own
from apps.exams.bank.models import Bank, Question
from apps.exams.papers.shapes import Candidate, Row
from public.questions import api as questions

_BOTH = frozenset({"", questions.SHARED, questions.OWN})


def entries(rows: Sequence[Row]) -> list[Candidate]:
    """Return the questions that any of these rows may take, and some that none does; one query for each bank that is asked.

    A row that names one of the enterprise's banks costs a query more.
    """
    shared = [row for row in rows if row.bank in {"", questions.SHARED}]
    ours = [row for row in rows if row.bank != questions.SHARED]
    found = [_candidate(entry) for entry in questions.pool(topics=_topics(shared))] if shared else []
    if ours:
        places = _places() if any(row.bank not in _BOTH for row in ours) else {}
        found += [_candidate(entry, places.get(str(entry.ref.question), "")) for entry in own.pool(topics=_topics(ours))]
    return found


def everything() -> list[Candidate]:
    """Return every question of both banks that can be drawn now; three queries."""
    places = _places()
    theirs = [_candidate(entry) for entry in questions.pool(topics=None)]
    return theirs + [_candidate(entry, places.get(str(entry.ref.question), "")) for entry in own.pool(topics=None)]


def items(refs: Iterable[questions.Ref]) -> dict[questions.Ref, questions.Item]:
    """Return what these versions say; those that are not there any more are absent. One query for each bank that is named."""
    wanted = list(refs)
    shared = [ref for ref in wanted if ref.bank == questions.SHARED]
    return {**(questions.items(shared) if shared else {}), **own.items(wanted)}


def own_banks() -> list[tuple[str, str]]:
    """Return (uuid, title) of the enterprise's banks in use."""
    return [
        (str(key), title) for key, title in Bank.objects.filter(archived_at=None).order_by("title").values_list("uuid", "title")
    ]


def _places() -> dict[str, str]:
    """Return question -> bank, of the enterprise's own, as texts."""
    rows = Question.objects.filter(archived_at=None).values_list("uuid", "bank__uuid")
    return {str(key): str(bank) for key, bank in rows}


def _candidate(entry: questions.Entry, own_bank: str = "") -> Candidate:
    return Candidate(entry.ref, entry.topic, entry.points, entry.difficulty, entry.kind, entry.items, own_bank)


def _topics(rows: Sequence[Row]) -> list[str] | None:
    """Return the topics that narrow the search; None where a row asks for more than topics say."""
    if any(row.points or not row.topics for row in rows):
        return None
    return sorted({topic for row in rows for topic in row.topics})
