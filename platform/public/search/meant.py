"""What a misspelt question most likely meant, read off the courses that were found for it."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from public.search import words
from public.search.asking import resembling


class Readable(Protocol):
    """A course with words."""

    @property
    def title(self) -> str:
        """Its title."""

    @property
    def key_points(self) -> list[str]:
        """Its key points."""


_LOOK_AT = 5


def meant(text: str, hits: Sequence[Readable], groups: Iterable[Sequence[str]] = ()) -> str:
    """Return the words to show as "did you mean", "" when none stands out.

    Synonyms are compared first, then every stretch of the best hits' titles and key points of about the question's length.
    """
    runs = words.runs(text)
    whole = "".join(runs)
    if not whole:
        return ""
    for group in groups:
        for word in group:
            folded = words.key(word)
            for run in runs:
                if (wrong := resembling(run, folded)) and wrong != folded:
                    return " ".join(one.replace(wrong, folded) for one in runs)
    phrases = [phrase for hit in hits[:_LOOK_AT] for phrase in (hit.title, *hit.key_points)]
    stretches = (part for phrase in phrases for run in words.runs(phrase) for part in _stretches(run, whole))
    best = min(((_distance(whole, part), at, part) for at, part in enumerate(stretches)), default=None)
    return best[2] if best and best[0] <= max(1 if words.is_han(whole) else 2, len(whole) // 3) else ""


def _stretches(run: str, whole: str) -> Iterable[str]:
    if not words.is_han(run):
        return [run]
    size = len(whole)
    sizes = range(max(2, size - 1), size + 2) if words.is_han(whole) else range(2, 9)
    return [run[at : at + one] for one in sizes for at in range(len(run) - one + 1)]


def _distance(asked: str, part: str) -> int:
    """Count the changes from one to the other; what sounds the same counts half a change, typed pinyin is compared as typed."""
    if words.is_han(asked):
        if words.syllables(asked) == words.syllables(part):
            return 0
        return _edits(asked, part)
    return _edits(asked, "".join(words.syllables(part)))


def _edits(a: str, b: str) -> int:
    row = list(range(len(b) + 1))
    for i, left in enumerate(a, 1):
        diagonal, row[0] = row[0], i
        for j, right in enumerate(b, 1):
            diagonal, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, diagonal + (left != right))
    return row[-1]
