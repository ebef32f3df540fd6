"""Front door of appeals in second instance."""

from public.appeals.events import case_decided
from public.appeals.evidence import Fact, facts
from public.appeals.queries import case, open_cases, open_counts
from public.appeals.services import DUE, note_told, open_case
from public.appeals.shapes import CaseView

__all__ = ["DUE", "CaseView", "Fact", "case", "case_decided", "facts", "note_told", "open_case", "open_cases", "open_counts"]
