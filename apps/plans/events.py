"""News of plans that rooms above send and hear."""

from django.dispatch import Signal

answers_marked = Signal()
"""Sent after commit when a quiz was marked. ``learner_id: int``, ``source: "quiz"``, ``ref: str`` (uuid of the quiz's attempt),
``answers: [{"item": dict, "response": list[str], "right": bool}]``. Receivers may hear it twice."""
