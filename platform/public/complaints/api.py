"""Front door of complaints: filing for other rooms, promised times and figures for pages and regulators, the way of attachments."""

from public.complaints.attaching import filer_uploader
from public.complaints.deciding import follow_appeal
from public.complaints.diary import Desk
from public.complaints.filing import take_overdue_request
from public.complaints.ports import PEOPLE, RECORDS, Block, LearnerRecords, People, Person
from public.complaints.promises import holding as promised_times
from public.complaints.shapes import PromiseView, Totals
from public.complaints.statistics import by_category, totals

__all__ = [
    "PEOPLE",
    "RECORDS",
    "Block",
    "Desk",
    "LearnerRecords",
    "People",
    "Person",
    "PromiseView",
    "Totals",
    "by_category",
    "filer_uploader",
    "follow_appeal",
    "promised_times",
    "take_overdue_request",
    "totals",
]
