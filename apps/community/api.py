"""Front door of community: what the demo needs; people use the pages."""

from apps.community.threads.demo import add as add_demo_questions

__all__ = ["add_demo_questions"]
