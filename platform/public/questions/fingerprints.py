"""What makes two questions the same: their words without spelling, punctuation and the order of options. Pure."""

import hashlib
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any

from public.questions.content import GAP, JUDGE


def plain(text: str) -> str:
    """Return the letters and digits of a text, in one width and case."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", text).casefold() if sign.isalnum())


def words(content: Mapping[str, Any]) -> str:
    """Return the words of a question as one plain text: stem, options in no order of theirs, parts. A judgement's two options say nothing."""
    options = [] if content.get("kind") == JUDGE else sorted(plain(option["text"]) for option in content.get("options", []))
    parts = [words(part) for part in content.get("parts", [])]
    return "|".join([plain(GAP.sub("", content["stem"])), *options, *parts])


def fingerprint(content: Mapping[str, Any]) -> str:
    """Return the digest of a question's words (64 hex digits): equal for copies, also with options in another order or another answer."""
    return hashlib.sha256(words(content).encode()).hexdigest()


def threes(text: str) -> set[str]:
    """Return the letters of each word in threes, as PostgreSQL's pg_trgm cuts them: padded by two spaces before and one behind."""
    return {f"  {word} "[at : at + 3] for word in text.split("|") if word for at in range(len(word) + 1)}


def near(texts: Mapping[int, str], *, least: float) -> list[tuple[int, int, float]]:
    """Return the pairs of texts that share at least this part of their threes, the nearest first: (key, key, part).

    Looks only at texts that have threes in common, so thousands take a second or two; in SQL a join of all with all took minutes.
    """
    cut = {key: threes(text) for key, text in texts.items()}
    seen: defaultdict[str, list[int]] = defaultdict(list)
    found = []
    for key, mine in cut.items():
        common = Counter(other for three in mine for other in seen[three])
        parts = ((other, n / (len(mine) + len(cut[other]) - n)) for other, n in common.items())
        found += [(other, key, part) for other, part in parts if part >= least]
        for three in mine:
            seen[three].append(key)
    return sorted(found, key=lambda pair: (-pair[2], pair[0], pair[1]))
