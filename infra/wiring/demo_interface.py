"""A key of the demo enterprise, so that whoever tries the open interface may ask it at once."""

from datetime import datetime

from apps.openapi import api as openapi
from apps.people import api as people
from infra.wiring.demo_accounts import OPEN_KEY

_DAYS = 365


def add_key(*, at: datetime) -> None:
    """Give the current enterprise the demo's key, made by its owner."""
    owner = people.managers()[0]
    scopes = [str(scope) for scope in openapi.Scope]
    openapi.make_key(order=openapi.Order(name="人事系统（演示）", scopes=scopes, days=_DAYS), by=owner.pk, at=at, token=OPEN_KEY)
