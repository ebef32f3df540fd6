"""Front door of questions: pure rules for everybody's questions, and the platform's shared banks."""

from public.questions import bank, importing, media
from public.questions.content import CHOICES, KINDS, LETTERS, check, gaps
from public.questions.fingerprints import fingerprint, plain, words
from public.questions.laws import citations, law_name
from public.questions.laying import flatten, hide, lay_out
from public.questions.lifecycle import complaints, give_back, keep, law_changed, publish, retire, submit
from public.questions.marking import clean, is_right, mark, worth
from public.questions.queries import copies, draw, is_question, items, pool, published, topics
from public.questions.rows import citations_of, ref_of
from public.questions.services import load_seed
from public.questions.shapes import OWN, SHARED, Entry, Item, Ref
from public.questions.wording import answer_words, as_text, readable
from public.questions.writing import add, discard, open_bank, own_draft, revise, save

__all__ = [
    "CHOICES",
    "KINDS",
    "LETTERS",
    "OWN",
    "SHARED",
    "Entry",
    "Item",
    "Ref",
    "add",
    "answer_words",
    "as_text",
    "bank",
    "check",
    "citations",
    "citations_of",
    "clean",
    "complaints",
    "copies",
    "discard",
    "draw",
    "fingerprint",
    "flatten",
    "gaps",
    "give_back",
    "hide",
    "importing",
    "is_question",
    "is_right",
    "items",
    "keep",
    "law_changed",
    "law_name",
    "lay_out",
    "load_seed",
    "mark",
    "media",
    "open_bank",
    "own_draft",
    "plain",
    "pool",
    "publish",
    "published",
    "readable",
    "ref_of",
    "retire",
    "revise",
    "save",
    "submit",
    "topics",
    "words",
    "worth",
]
