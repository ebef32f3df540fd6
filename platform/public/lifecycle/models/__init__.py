"""Rows about enterprises. They are the platform's alone: no enterprise could write itself a verification or an operator a leave.

Services are called while standing on the platform; each names the enterprise it is about.
"""

from public.lifecycle.models.ends import Destruction, LifeChange
from public.lifecycle.models.states import Closure, Turn
from public.lifecycle.models.verifications import Paper, Verification
from public.lifecycle.models.visits import Visit

__all__ = ["Closure", "Destruction", "LifeChange", "Paper", "Turn", "Verification", "Visit"]
