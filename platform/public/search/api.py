"""Front door of the search."""

from public.search.index import refresh, reindex
from public.search.labels import ASPECTS as ASPECT_NAMES
from public.search.labels import NAMES as FACET_NAMES
from public.search.labels import label
from public.search.quality import record_day, recount
from public.search.queries import FACETS, PER_PAGE, SORTS, Choice, Found, Hit, aspects, find, known
from public.search.rules import ASPECTS, Figures
from public.search.words import fold, grams, runs, sounds, tokens, warm_up

__all__ = [
    "ASPECTS",
    "ASPECT_NAMES",
    "FACETS",
    "FACET_NAMES",
    "PER_PAGE",
    "SORTS",
    "Choice",
    "Figures",
    "Found",
    "Hit",
    "aspects",
    "find",
    "fold",
    "grams",
    "known",
    "label",
    "record_day",
    "recount",
    "refresh",
    "reindex",
    "runs",
    "sounds",
    "tokens",
    "warm_up",
]
