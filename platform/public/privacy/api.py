"""Front door of notices and times."""

from public.privacy.queries import Kind, notice, notice_view, rule, versions
from public.privacy.shapes import NoticeView, RuleView

__all__ = ["Kind", "NoticeView", "RuleView", "notice", "notice_view", "rule", "versions"]
