"""Front door: counting what the web answers."""

from public.load.counting import COUNTER

__all__ = ["COUNTER"]
