"""Front door: counting times and answers, what a page view is asked, how long people wait now."""

from public.timing.counting import TIMER, Key, answered
from public.timing.models import Kind
from public.timing.pages import PageView, site_of
from public.timing.queries import WAITS, recent
from public.timing.rules import BAR_MS, SERVER_BAR_MS

__all__ = ["BAR_MS", "SERVER_BAR_MS", "TIMER", "WAITS", "Key", "Kind", "PageView", "answered", "recent", "site_of"]
