"""What makes two questions the same: their words without spelling, punctuation and the order of options. Pure."""

import hashlib
import unicodedata
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
