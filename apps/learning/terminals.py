"""The learner's device is known to `people` already when somebody signs in; learning asks there."""

from apps.people.api import TERMINAL_COOKIE as COOKIE
from apps.people.api import remember_terminal as remember
from apps.people.api import require_terminal, terminal_of

__all__ = ["COOKIE", "remember", "require_terminal", "terminal_of"]
