"""Where words are said: search inside the cues of one film."""

import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from public.subtitles.cues import Cue

_AROUND = 12


@dataclass(frozen=True, slots=True)
class Spot:
    """A place where the words are said; ``snippet`` is what stands around them."""

    at_ms: int
    snippet: str


def find(cues: Sequence[Cue], text: str, *, most: int = 20) -> list[Spot]:
    """Return where ``text`` is said, at most once a cue. Width, case, spaces and line breaks do not count.

    Words that run from one cue into the next are found too.
    """
    wanted = "".join(map(_folded, _bare(text)))
    parts = [_bare(cue.text) for cue in cues]
    ends = list(accumulate(map(len, parts)))
    shown = "".join(parts)
    folded = [_folded(sign) for sign in shown]
    # A sign may fold into several (「㎡」 into "m2"): `origin` says which shown sign each folded one comes from.
    origin = [place for place, signs in enumerate(folded) for _sign in signs]
    whole = "".join(folded)
    found: list[Spot] = []
    place = whole.find(wanted) if wanted else -1
    while place >= 0 and len(found) < most:
        first, last = origin[place], origin[place + len(wanted) - 1]
        number = bisect_right(ends, first)
        found.append(Spot(cues[number].start_ms, _snippet(shown, first, last + 1)))
        place = whole.find(wanted, max(bisect_left(origin, ends[number]), place + 1))
    return found


def _bare(text: str) -> str:
    return "".join(text.split())


def _folded(sign: str) -> str:
    return unicodedata.normalize("NFKC", sign).casefold()


def _snippet(shown: str, first: int, until: int) -> str:
    begin, end = max(0, first - _AROUND), min(len(shown), until + _AROUND)
    return f"{'…' if begin else ''}{shown[begin:end]}{'…' if end < len(shown) else ''}"
