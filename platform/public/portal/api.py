"""Front door of the portal: an enterprise's side of rectification notices, and what the portal asks of its rooms."""

from public.portal.answering import answer, see
from public.portal.attaching import MOST as MOST_FILES
from public.portal.attaching import attach, authority_uploader, download, manager_uploader
from public.portal.ports import MANAGERS, TRAININGS, Detail, Person, Training
from public.portal.reading import PER_PAGE, SHOWS, case_in, lines, of_enterprise, page, waiting_count
from public.portal.shapes import Answerer, Case, Line

__all__ = [
    "MANAGERS",
    "MOST_FILES",
    "PER_PAGE",
    "SHOWS",
    "TRAININGS",
    "Answerer",
    "Case",
    "Detail",
    "Line",
    "Person",
    "Training",
    "answer",
    "attach",
    "authority_uploader",
    "case_in",
    "download",
    "lines",
    "manager_uploader",
    "of_enterprise",
    "page",
    "see",
    "waiting_count",
]
