"""Front door of questions: pure rules for everybody's questions, and the platform's shared banks."""

from public.questions.content import CHOICES, KINDS, LETTERS, check, gaps
from public.questions.fingerprints import fingerprint, plain, words
from public.questions.laying import flatten, hide, lay_out
from public.questions.marking import clean, is_right, mark, worth
from public.questions.queries import draw, is_question, items, pool, published, topics
from public.questions.services import load_seed
from public.questions.shapes import OWN, SHARED, Entry, Item, Ref

__all__ = [
    "CHOICES",
    "KINDS",
    "LETTERS",
    "OWN",
    "SHARED",
    "Entry",
    "Item",
    "Ref",
    "check",
    "clean",
    "draw",
    "fingerprint",
    "flatten",
    "gaps",
    "hide",
    "is_question",
    "is_right",
    "items",
    "lay_out",
    "load_seed",
    "mark",
    "plain",
    "pool",
    "published",
    "topics",
    "words",
    "worth",
]
