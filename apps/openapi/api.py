"""Front door of the open interface: what the edge needs to answer in its form."""

from apps.openapi.interface import PATH, VERSION, build
from apps.openapi.problems import problem

__all__ = ["PATH", "VERSION", "build", "problem"]
