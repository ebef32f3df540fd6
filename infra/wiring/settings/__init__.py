"""Settings. Everything that differs between machines comes from the environment; see `base.py` for the names."""

from infra.wiring.settings.base import *  # noqa: F403
from infra.wiring.settings.security import *  # noqa: F403
from infra.wiring.settings.services import *  # noqa: F403
