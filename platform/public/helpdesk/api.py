"""Front door of the help desk: the socket that knows askers, and promised hours and figures for other pages."""

from public.helpdesk.ports import PEOPLE, People, Person
from public.helpdesk.promises import holding as promised_hours
from public.helpdesk.shapes import Lost, PromiseView
from public.helpdesk.statistics import Totals, totals

__all__ = ["PEOPLE", "Lost", "People", "Person", "PromiseView", "Totals", "promised_hours", "totals"]
