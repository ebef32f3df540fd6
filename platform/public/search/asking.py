"""From what a person typed to what the database is asked: exact words, synonyms, pinyin, and the ways of being off by one."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from public.search import words

MOST_RUNS, MOST_VARIANTS, LONGEST = 6, 8, 60
_MOST_NEARLY = 3
"""Variants of a question that may also be misspelt."""
_LATIN = re.compile(r"[a-z]+")
Group = Sequence[str]


@dataclass(frozen=True, slots=True)
class Question:
    """One question to the index; the first six are tsquery texts ("" asks nothing).

    ``strict`` looks everywhere, ``in_title`` and ``in_head`` (title, key points, trainer) only rank; ``parts`` is asked when that
    finds nothing: words typed without a space between them may stand apart; ``loose`` when nothing else is found; ``heard`` is
    the part of it that sounds the same. ``exact`` is the folded text, ``sound`` its pinyin, ``typed`` what was typed in Latin
    letters without spaces.
    """

    text: str
    strict: str = ""
    parts: str = ""
    in_title: str = ""
    in_head: str = ""
    loose: str = ""
    heard: str = ""
    exact: str = ""
    sound: str = ""
    typed: str | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing was asked, so that everything is an answer."""
        return not self.strict

    @property
    def pattern(self) -> str | None:
        """The LIKE pattern on pinyin and initials; two letters only at the beginning of a phrase."""
        if self.typed is None:
            return None
        return f"% {self.typed}%" if len(self.typed) == 2 else f"%{self.typed}%"


def ask(text: str, synonyms: Iterable[Group] = ()) -> Question:
    """Read what a person typed.

    :param text: anything; cut after 60 characters, six words and 24 Chinese characters a word
    :param synonyms: groups of words that mean the same
    """
    text = " ".join(text.replace("\0", "").split())[:LONGEST]
    runs = [run[: words.MOST_HAN] for run in words.runs(text)[:MOST_RUNS]]
    if not runs:
        return Question(text)
    groups = [[_key(word) for word in group] for group in synonyms]
    said = _same_meaning(runs, groups)
    typed = "".join(runs) if all(_LATIN.fullmatch(run) for run in runs) else None
    return Question(
        text=text,
        strict=_any(_all(variant) for variant in said),
        parts=_any(_and(_apart(words.grams(run)) for run in variant) for variant in said),
        in_title=_any(_all(variant, ":A") for variant in said),
        in_head=_any(_all(variant, ":AB") for variant in said),
        loose=_any(
            [*(_and(_nearly(run) for run in v) for v in said[:_MOST_NEARLY]), *(_all(v) for v in _nearly_same(runs, groups))]
        ),
        heard=_and(_any([_all([run]), _heard(run), _apart(list(words.sounds(run)))]) for run in runs),
        exact="".join(runs),
        sound="".join(syllable for run in runs for syllable in words.syllables(run)),
        typed=typed if typed and len(typed) > 1 else None,
    )


_key = lru_cache(maxsize=2048)(words.key)
_letters = lru_cache(maxsize=2048)(lambda word: frozenset(words.letters([word]).split()))


def _quoted(token: str, weight: str = "") -> str:
    return f"'{token}'{weight}"


def _and(parts: Iterable[str]) -> str:
    found = [part for part in parts if part]
    return " & ".join(f"({part})" for part in found) if found else ""


def _any(parts: Iterable[str]) -> str:
    found = dict.fromkeys(part for part in parts if part)
    return " | ".join(f"({part})" for part in found)


def _all(variant: Sequence[str], weight: str = "") -> str:
    """Ask for every token of every run; Latin words may go on (``30871`` finds ``30871-2022``)."""
    latin = weight.replace(":", ":*") if weight else ":*"
    tokens = [(gram, weight if words.is_han(run) else latin) for run in variant for gram in words.grams(run)]
    return " & ".join(_quoted(token, how) for token, how in dict.fromkeys(tokens))


def _nearly(run: str) -> str:
    """Ask for a run, for one that sounds the same, or for one that is off by one character."""
    exact = _all([run])
    off = (" & ".join(_quoted(token) for token in dict.fromkeys(found)) for found in words.mistaken(run))
    return _any([exact, _heard(run), _apart(list(words.sounds(run))), *off])


def _apart(pairs: Sequence[str]) -> str:
    """Ask for a run's pairs where it may fall apart into words of two characters and more: the pair across a gap may be missing.

    The first and the last pair must be there, and of two that follow each other one.
    """
    if len(pairs) < 3:
        return _and(_quoted(pair) for pair in pairs)
    either = (f"{_quoted(a)} | {_quoted(b)}" for a, b in pairwise(pairs))
    return _and([_quoted(pairs[0]), *either, _quoted(pairs[-1])])


def _heard(run: str) -> str:
    return " & ".join(dict.fromkeys(_quoted(sound) for sound in words.sounds(run)))


def _same_meaning(runs: list[str], groups: list[list[str]]) -> list[list[str]]:
    """Return the question and its variants in which one known word is replaced by another of its group."""
    found = [runs]
    whole = "".join(runs)
    for group in groups:
        for word in group:
            others = [other for other in group if other != word]
            if any(word in run for run in runs):
                found += [[run.replace(word, other) for run in runs] for other in others]
            elif len(whole) > 1 and whole in _letters(word):
                found += [[other] for other in group]
    return found[:MOST_VARIANTS]


def _nearly_same(runs: list[str], groups: list[list[str]]) -> list[list[str]]:
    """Return variants in which something like a known word (same sound, or one wrong character of four) is taken for it."""
    found: list[list[str]] = []
    for group in groups:
        for word in group:
            for run in runs:
                if (wrong := resembling(run, word)) and wrong != word:
                    found += [[one.replace(wrong, other) for one in runs] for other in group]
    return found[:MOST_VARIANTS]


def resembling(run: str, word: str) -> str:
    """Return the part of a run that stands for ``word``: as long, and sounding the same or, from four characters, one off."""
    size = len(word)
    if not 2 <= size <= len(run) or not words.is_han(word) or not words.is_han(run):
        return ""
    sound, spoken = words.syllables(word), words.syllables(run)
    for at in range(len(run) - size + 1):
        part = run[at : at + size]
        wrong = sum(a != b for a, b in zip(part, word, strict=True))
        if (size >= 4 and wrong <= 1) or spoken[at : at + size] == sound:
            return part
    return ""
