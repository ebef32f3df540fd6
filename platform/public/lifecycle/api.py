"""Front door: what an enterprise's own pages show and do about its life on the platform. Called while standing on the platform."""

from public.lifecycle.closing import ask as ask_to_close
from public.lifecycle.closing import kept_until_of
from public.lifecycle.closing import undo as undo_closing
from public.lifecycle.destruction.belongings import Belonging, add_belonging
from public.lifecycle.destruction.files import add_kept_files
from public.lifecycle.events import reopening, retention_ends, status_changed, verification_decided, visit_changed
from public.lifecycle.forms import HandInForm
from public.lifecycle.guards import Blocker, Found, Guard, add_guard, counted, gathered
from public.lifecycle.history import history
from public.lifecycle.models import Closure, Paper, Turn, Verification, Visit
from public.lifecycle.papers import given as paper_file
from public.lifecycle.queries import closure, open_visit, paper, rounds, turns, verification, visits
from public.lifecycle.reopening import Returning, add_returning
from public.lifecycle.rules import EXPORT_FRESH, GRACE, VERIFY_WITHIN
from public.lifecycle.verifying import HandIn, submit
from public.lifecycle.visiting import decide as decide_visit
from public.lifecycle.visiting import end as end_visit
from public.lifecycle.visiting import enter as enter_visit
from public.lifecycle.visiting import saw, visitor
from public.lifecycle.words import By

__all__ = [
    "EXPORT_FRESH",
    "GRACE",
    "VERIFY_WITHIN",
    "Belonging",
    "Blocker",
    "By",
    "Closure",
    "Found",
    "Guard",
    "HandIn",
    "HandInForm",
    "Paper",
    "Returning",
    "Turn",
    "Verification",
    "Visit",
    "add_belonging",
    "add_guard",
    "add_kept_files",
    "add_returning",
    "ask_to_close",
    "closure",
    "counted",
    "decide_visit",
    "end_visit",
    "enter_visit",
    "gathered",
    "history",
    "kept_until_of",
    "open_visit",
    "paper",
    "paper_file",
    "reopening",
    "retention_ends",
    "rounds",
    "saw",
    "status_changed",
    "submit",
    "turns",
    "undo_closing",
    "verification",
    "verification_decided",
    "visit_changed",
    "visitor",
    "visits",
]
