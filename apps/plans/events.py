"""News of plans that rooms above send and hear."""

from django.dispatch import Signal

answers_marked = Signal()
"""Sent after commit when a quiz was marked. ``learner_id: int``, ``source: "quiz"``, ``ref: str`` (uuid of the quiz's attempt),
``answers: [{"item": dict, "response": list[str], "right": bool}]``, ``held: bool``: the quiz will be asked again, so nobody may be
shown the keys of what was wrong yet; the same answers come again without it once it is passed or its tries are used up. Receivers
may hear it twice."""
